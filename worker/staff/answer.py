"""What of a colleague's mail goes to the reporter: their words, and nothing of their address, signature or our notice."""

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

from cases.errors import Refused
from worker.mail.phrases import in_each

_TOKEN_ADDRESS = re.compile(r"\+[a-z2-7]{37}@", re.IGNORECASE)
_RULE = re.compile(r"[-_=–—*\s]*")
MOST_CARD_LINES = 12
"""Lines from the end in which a signature is looked for."""


def words_for_reporter(words: str, *, name: str, addresses: Iterable[str], hr_address: str) -> str:
    """The words as the reporter gets them. `name` and `addresses` are the colleague's own.

    What the client quoted of our notice is cut at the line that stands above it; a block at the end that holds their
    address is their signature. Raises `Refused` when there are no words, or when our notice may still be among them: then
    nothing goes out rather than something that was not meant to.
    """
    words = normalize("NFC", words)  # a Mac may send an accent as a sign of its own
    marked = _mark().search(words)
    words = (_without_introduction(words[: marked.start()]) if marked else words).strip()
    own = [address for address in addresses if address]
    words = _without_name(_without_card(words, name, own), name)
    for address in own:
        words = re.sub(re.escape(address), hr_address, words, flags=re.IGNORECASE)
    if _TOKEN_ADDRESS.search(words):
        raise Refused("your answer seems to hold our notice: write above its first line, and delete what is below")
    if not words:
        raise Refused("there are no words of yours above the notice")
    return words


@cache
def _mark() -> re.Pattern[str]:
    """The line that stands above our notices, in any language: a notice may be answered long after its reader changed theirs."""
    lines = (r"[\s>|]+".join(map(re.escape, one.strip("⁂ ").split())) for one in in_each("above"))  # clients wrap it
    return re.compile(rf"^[^\n]*(?:{'|'.join(lines)})", re.MULTILINE)


def _without_introduction(words: str) -> str:
    """Without what a client wrote above the quote, where it was not known as such: the last lines that end in a colon."""
    lines = words.rstrip().split("\n")
    while lines and (not lines[-1].strip(" >") or _RULE.fullmatch(lines[-1])):
        lines.pop()
    paragraph = len(lines)
    while paragraph and lines[paragraph - 1].strip():
        paragraph -= 1
    said = " ".join(lines[paragraph:])
    introduces = said.rstrip().endswith((":", "：")) and len(said) < 300 and re.search(r"[@\d]", said)
    headers = re.match(r"\s*\*?(from|von|de|da|van)\*?\s*:", said, re.IGNORECASE)
    return "\n".join(lines[:paragraph] if introduces or headers else lines)


def _without_name(words: str, name: str) -> str:
    """Without their full name as the last line, which is what a cut signature leaves. A first name that they wrote stays."""
    above, _, last = words.rstrip().rpartition("\n")
    return above.rstrip() if name and last.strip(" ,").casefold() == name.casefold() else words


def _without_card(words: str, name: str, addresses: list[str]) -> str:
    """Without the block at the end that holds their address: it is a signature, from their full name on if that is there."""
    lines = words.split("\n")
    first = max(0, len(lines) - MOST_CARD_LINES)
    holding = [
        at for at in range(first, len(lines)) if any(one.casefold() in lines[at].casefold() for one in addresses)
    ]
    if not holding:
        return words
    start = holding[0]
    while start > first and lines[start - 1].strip() and not lines[start - 1].rstrip().endswith((",", ".", "!", "?")):
        start -= 1
        if name and lines[start].strip().casefold() == name.casefold():
            break
    if sum(len(line) for line in lines[start:]) > 600 or any(len(line) > 120 for line in lines[start:]):
        return words  # too long for a signature: their address is part of what they say
    return "\n".join(lines[:start]).rstrip()
