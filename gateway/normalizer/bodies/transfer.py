"""Undoes content transfer encodings, also where the declared one is wrong or the data is broken."""

import binascii
import re

from gateway.normalizer.problems import Problems

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_SPACE = bytes(range(33)) + b"\x7f"
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=]{1,}[ \t]*\r?$")
# RFC 2045 6.7 (3): white space at the end of a line was added on the way.
_SOFT_BREAK = re.compile(rb"=[ \t]{1,80}(\r?\n)")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? ([0-7]{3,4}) ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_KNOWN_PLAIN = {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "7bits", "8bits", "us-ascii", "utf-8"}


def undo_transfer(octets: bytes, encoding: str, problems: Problems, *, is_text: bool = False) -> bytes:
    """The decoded bytes. Never raises; `is_text` allows plain lines below a base64 body (footers that servers add)."""
    encoding = encoding.strip(" \t\"';.").lower()
    if encoding.startswith("quoted"):
        return binascii.a2b_qp(_SOFT_BREAK.sub(rb"=\1", octets))
    if encoding == "base64":
        return _undo_base64(octets, problems, is_text=is_text)
    if encoding in {"uuencode", "x-uuencode", "x-uue", "uue"}:
        files, rest = split_uuencoded(octets)
        return files[0][1] if files else rest
    if encoding not in _KNOWN_PLAIN:
        problems.add(f"unknown transfer encoding {encoding[:40]!r}; read as it is")
    return octets


def _undo_base64(octets: bytes, problems: Problems, *, is_text: bool) -> bytes:
    tail = b""
    if _NOT_BASE64.search(octets) or (is_text and b"=" in octets.rstrip(b"= \t\r\n")):
        if is_text:
            octets, tail = _split_footer(octets)
        if not octets.strip():
            problems.add("a text says it is base64 but is not; read as it is")
            return tail
        if _NOT_BASE64.search(octets):
            problems.add("a base64 body holds foreign characters; they were left out")
        octets = _NOT_BASE64.sub(b"", octets)
    letters = octets.translate(None, _SPACE).rstrip(b"=")
    if b"=" in letters:
        return _undo_pieces(letters, problems) + tail
    if len(letters) % 4 == 1:
        problems.add("a base64 body was cut short")
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)) + tail


def _undo_pieces(letters: bytes, problems: Problems) -> bytes:
    """Several base64 runs, each with its own padding, one after the other."""
    problems.add("a base64 body is made of several pieces")
    out = []
    for piece in re.findall(rb"[^=]+", letters):
        whole = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        out.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(out)


def _split_footer(octets: bytes) -> tuple[bytes, bytes]:
    """The lines that can be base64, and whatever plain text stands below them."""
    at = 0
    while at < len(octets):
        newline = octets.find(b"\n", at)
        stop = len(octets) if newline < 0 else newline + 1
        line = octets[at:stop].strip()
        if line and not _BASE64_LINE.match(line):
            break
        at = stop
        if line.endswith(b"="):
            break
    return octets[:at], octets[at:]


def split_uuencoded(octets: bytes, most: int = 50) -> tuple[list[tuple[str, bytes]], bytes]:
    """Files written into the text by uuencode, as (name, content), and the text without them."""
    files: list[tuple[str, bytes]] = []
    kept: list[bytes] = []
    at = 0
    while len(files) < most and (match := _UU_BEGIN.search(octets, at)):
        content, end = _uu_lines(octets, match.end())
        if content:
            kept.append(octets[at : match.start()])
            files.append((match.group(2).decode("utf-8", "replace").strip(), content))
            at = end
        else:
            kept.append(octets[at : match.end()])
            at = match.end()
    kept.append(octets[at:])
    return files, b"".join(kept)


def _uu_lines(octets: bytes, at: int) -> tuple[bytes, int]:
    """Decoded lines from `at`, and where the text goes on; nothing when this is no uuencoded data."""
    out: list[bytes] = []
    while at < len(octets):
        newline = octets.find(b"\n", at)
        stop = len(octets) if newline < 0 else newline + 1
        line = octets[at:stop].rstrip(b"\r\n")
        at = stop
        if line == b"end":
            return b"".join(out), at
        if line in {b"`", b" ", b""}:
            continue
        decoded = _uu_line(line)
        if decoded is None:
            return b"", at
        out.append(decoded)
    return b"".join(out), at


def _uu_line(line: bytes) -> bytes | None:
    if not 0x20 <= line[0] <= 0x60 or len(line) > 90:
        return None
    expected = (line[0] - 32) & 63
    needed = (expected * 4 + 2) // 3
    if len(line) - 1 < needed - 2:
        return None
    try:
        return binascii.a2b_uu(line[: 1 + (expected + 2) // 3 * 4])
    except binascii.Error:
        return None
