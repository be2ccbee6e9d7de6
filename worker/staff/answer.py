"""What of a colleague's mail goes to the reporter: their words, and nothing of their address, signature or our notice."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from unicodedata import normalize

from cases.errors import Refused
from cases.model.submission import Attachment
from gateway.normalizer.words.footers import CONTACT, POSTSCRIPT
from worker.mail.compose import LOOP_HEADER
from worker.mail.phrases import in_each

_TOKEN_ADDRESS = re.compile(r"\+[a-z2-7]{37}@", re.IGNORECASE)
_NOTICE = re.compile(rb"\+[a-z2-7]{37}@|\.[a-z2-7]{37}@|^" + LOOP_HEADER.encode() + rb":", re.IGNORECASE | re.MULTILINE)
_KEYS = {"application/pgp-keys", "application/pkcs7-certs", "application/x-x509-user-cert"}
_CARDS = {"text/vcard", "text/x-vcard", "text/directory"}
_RULE = re.compile(r"[-_=–—*\s]*")
MOST_CARD_LINES = 12
"""Lines from the end in which a signature is looked for."""
MOST_CARD_WIDTH = 80
_ENDS = (".", "!", "?", "…", "。", "！", "？")


def words_for_reporter(words: str, *, name: str, addresses: Iterable[str], hr_address: str) -> str:
    """The words as the reporter gets them. `name` and `addresses` are the colleague's own.

    What the client quoted of our notice is cut at the line that stands above it; a block at the end that holds their
    address, or begins with their name, is their signature; "" where nothing is left. Raises `Refused` when our notice may
    still be among them: then nothing goes out rather than something that was not meant to.
    """
    words = above_notice(words).strip()
    own = [address for address in addresses if address]
    words = _without_name(_without_card(_without_named_card(words, name), name, own), name)
    for address in own:
        words = re.sub(re.escape(address), hr_address, words, flags=re.IGNORECASE)
    if _TOKEN_ADDRESS.search(words):
        raise Refused("your answer seems to hold our notice: write above its first line, and delete what is below")
    return words


def above_notice(words: str) -> str:
    """What stands above our notice, where a client quoted it without a mark of its own."""
    words = normalize("NFC", words)  # a Mac may send an accent as a sign of its own
    marked = _mark().search(words)
    return _without_introduction(words[: marked.start()]) if marked else words


def files_for_reporter(files: Sequence[Attachment], addresses: Iterable[str]) -> tuple[Attachment, ...]:
    """The files as they go out: without a notice of ours, which says what only staff may read, and without what clients add
    by themselves, the colleague's card or key. What stays is marked as belonging to the mail's looks: a file is found by its
    place among all of them.
    """
    own = [address.casefold().encode() for address in addresses if address]
    return tuple(replace(one, inline=True) if holds_notice(one) or _is_card_or_key(one, own) else one for one in files)


def holds_notice(file: Attachment) -> bool:
    """Whether a file is a mail of ours, whatever it is called; Outlook writes its own in two bytes a letter."""
    return _NOTICE.search(file.content.replace(b"\0", b"")) is not None


def _is_card_or_key(file: Attachment, own: Sequence[bytes]) -> bool:
    name, kind = file.filename.casefold(), file.content_type.casefold()
    if kind in _KEYS or file.content.lstrip().startswith(b"-----BEGIN PGP PUBLIC KEY"):
        return True
    is_card = kind in _CARDS or name.endswith(".vcf")
    return is_card and any(address in file.content.lower() for address in own)


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
    return above.rstrip() if _is_name(last, name) else words


def _is_name(line: str, name: str) -> bool:
    """Whether a line is their full name and nothing else, in either order: directories write "Moss, Fay"."""
    return bool(name) and sorted(line.replace(",", " ").casefold().split()) == sorted(name.casefold().split())


def _without_named_card(words: str, name: str) -> str:
    """Without the card that begins with their full name and ends the words, unless a line above it announces it: title and
    phone are theirs, whether or not a closing stands above.
    """
    lines = words.rstrip().split("\n")
    for at in range(len(lines) - 2, max(0, len(lines) - MOST_CARD_LINES - 1), -1):
        if not _is_name(lines[at], name):
            continue
        card = [line.strip() for line in lines[at + 1 :] if line.strip()]
        above = next((line.strip() for line in reversed(lines[:at]) if line.strip()), ":")
        said = any(len(line) > MOST_CARD_WIDTH or line.endswith(_ENDS) or POSTSCRIPT.match(line) for line in card)
        if said or above.endswith((":", "：", ",")) or not any(map(CONTACT.search, card)):
            return words
        return "\n".join(lines[:at]).rstrip()
    return words


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
        if _is_name(lines[start], name):
            break
    if sum(len(line) for line in lines[start:]) > 600 or any(len(line) > 120 for line in lines[start:]):
        return words  # too long for a signature: their address is part of what they say
    return "\n".join(lines[:start]).rstrip()
