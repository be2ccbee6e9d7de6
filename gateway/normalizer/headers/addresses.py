"""Reads address lists as they are sent: unquoted commas, groups, comments, encoded words in every wrong place."""

import re

from cases.model.submission import Address
from gateway.normalizer.headers.encoded_words import decode_words, raw_text
from gateway.normalizer.problems import Problems

MOST_ADDRESSES = 500
MOST_MAILBOX = 2000
"""Characters of one name with its address."""

_ADDRESS = re.compile(
    r"[^\s<>()\[\],;:\"'@]{1,128}@(?:[^\s<>()\[\],;:\"'@]{1,255}|\[[0-9A-Fa-f:.]{2,40}\])|\"[^\"@]{1,64}\"@[^\s<>,;\"]{1,255}"
)
_ANGLE = re.compile(r"<([^<>]*)>?")
_NAME_AND_ANGLE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^"<>@])*<[^<>@"]+@[^<>@"]+>\s*')
_COMMENT = re.compile(r"\(([^()]*)\)")
_QUOTED_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_QUOTED_LOCAL = re.compile(r"\"[^\"@<>]{1,64}\"@[^\s@<>\"]{1,255}$")
_MAILTO = re.compile(r"\[?mailto:", re.IGNORECASE)
_BESIDE = re.compile(r"[^\s@<>\"(),;:]{1,64}@[^\s@<>\"(),;:]{1,255}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def read_addresses(values: list[bytes], problems: Problems, charset: str = "") -> tuple[Address, ...]:
    """Every address in these header values, in order. Group names are dropped, their members kept. Never raises."""
    found: list[Address] = []
    for value in values:
        text = _CONTROLS.sub(" ", raw_text(value, problems, charset)).strip()
        if not text or text in {"<>", ";", ","}:
            continue
        if "@" not in text and "=?" in text:
            text = decode_words(text, problems)
        if "&lt;" in text and "<" not in text:
            text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
        for piece in _mailboxes(text):
            if piece[0] == "(" and "@" not in piece:
                continue
            address = _read_mailbox(piece[:MOST_MAILBOX], problems)
            if address.address or address.name:
                found.append(address)
            if len(found) >= MOST_ADDRESSES:
                problems.add(f"more than {MOST_ADDRESSES} addresses in one header; the rest was ignored")
                return tuple(found)
    return tuple(found)


def _mailboxes(text: str) -> list[str]:
    """The text of each mailbox; pieces of an unquoted name with commas are put together again."""
    out: list[str] = []
    held = ""
    for piece, ended_by in _split(text):
        whole = f"{held}, {piece}" if held else piece
        if "@" in piece or "<" in piece or ended_by != ",":
            out.append(whole)
            held = ""
        else:
            held = whole
    if held:
        out.append(held)
    return [piece for text in out for piece in _unseparated(text.strip()) if piece]


def _unseparated(text: str) -> list[str]:
    """`"A" <a@b> "C" <c@d>` or `a@b c@d`, without a comma between, taken apart; anything else as it is."""
    if text.count("@") < 2 or len(text) > MOST_MAILBOX:
        return [text]
    if "<" not in text and all(map(_BESIDE.fullmatch, words := text.split())):
        return words
    if text.count("<") < 2:
        return [text]
    found = _NAME_AND_ANGLE.findall(text)
    return [piece.strip() for piece in found] if len(found) > 1 and "".join(found).rstrip() == text else [text]


_TOKEN = re.compile(r"\\.|[\"(),;:<>]")


def _split(text: str) -> list[tuple[str, str]]:
    """Pieces between commas and semicolons outside quotes, angle brackets and comments; group names left out.

    A quote, bracket or comment that is never closed is a plain character.
    """
    pieces: list[tuple[str, str]] = []
    start = 0
    resume = 0
    quotes_balanced = len(re.findall(r'(?<!\\)"', text)) % 2 == 0
    for match in _TOKEN.finditer(text):
        mark, at = match.group(), match.start()
        if at < resume or len(mark) > 1:
            continue
        if mark in '"(<':
            resume = _closed_at(text, mark, at) if mark != '"' or quotes_balanced else at
        elif mark in ",;":
            pieces.append((text[start:at], mark))
            start = at + 1
        elif mark == ":" and _is_group_name(text[start:at]):
            start = at + 1
    pieces.append((text[start:], ""))
    return pieces


def _closed_at(text: str, mark: str, at: int) -> int:
    """Just past the end of what `mark` opens at `at`; `at` itself when it is never closed."""
    if mark == '"':
        closing = _QUOTED_STRING.match(text, at)
        return closing.end() if closing else at
    end = text.find(">" if mark == "<" else ")", at)
    return end + 1 if end > 0 else at


def _is_group_name(text: str) -> bool:
    return "@" not in text and text.strip().lower() not in {"mailto", "smtp", "[mailto", "x400", "ex"}


def _read_mailbox(text: str, problems: Problems) -> Address:
    angle = list(_ANGLE.finditer(text))
    with_at = [match for match in angle if "@" in match.group(1)]
    chosen = (with_at or angle)[-1] if angle else None
    if chosen is not None and (with_at or not _ADDRESS.search(text)):
        name = _display_name(text[: chosen.start()] or text[chosen.end() :], problems)
        address = _bare(chosen.group(1))
        if "@" not in address and "@" in name and not address:
            name, address = "", name
        return Address(name, address)
    return _without_angles(text, problems)


def _without_angles(text: str, problems: Problems) -> Address:
    """`a@b (Name)`, `Name a@b`, or only a name."""
    if "=?" in text:
        decoded = decode_words(text, problems)
        if decoded != text and "<" in decoded and "@" in decoded:
            problems.add("an address was hidden inside an encoded word")
            return _read_mailbox(decoded, problems)
        if "@" not in text:
            text = decoded
    bare = text if '"@' in text else _bare(text)
    match = _ADDRESS.search(bare if "(" not in bare else _COMMENT.sub(" ", bare)) or _ADDRESS.search(bare)
    if match is None:
        return Address(_display_name(text, problems), "")
    comment = _COMMENT.search(text)
    name = comment.group(1) if comment else text.replace(match.group(), " ").strip(" <>[]\"'")
    name = "" if name.lower().startswith(("mailto:", "smtp:")) else name
    return Address(_display_name(name, problems), match.group())


def _bare(address: str) -> str:
    """Without source route, `mailto:`, brackets, quotes and stray spaces (RFC 5322 4.4)."""
    if _QUOTED_LOCAL.match(address.strip()):
        return address.strip()
    address = _MAILTO.sub("", address).strip(" \t<>\"'").removesuffix("]") if "[" not in address[1:] else address
    address = address.strip()
    if address.startswith("@") and ":" in address:
        address = address.split(":", 1)[1]
    if " " in address and "@" in address and address.count("@") == 1 and not address.startswith('"'):
        return re.sub(r"\s*([@.])\s*", r"\1", _COMMENT.sub("", address)).strip()
    return address


def _display_name(text: str, problems: Problems) -> str:
    """The name without quotes, escapes and encoding."""
    text = text.strip().removesuffix("<").rstrip()
    if '"' in text:
        text = re.sub(r'(?<!\\)"', "", text)
    if "\\" in text:
        text = re.sub(r"\\(.)", r"\1", text)
    if "=?" in text:
        text = decode_words(text, problems)
        if text.startswith('"') and text.endswith('"') and len(text) > 1:
            text = text[1:-1]
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) > 2 and text[0] == text[-1] == "'":
        text = text[1:-1].strip()
    return _CONTROLS.sub("", text)
