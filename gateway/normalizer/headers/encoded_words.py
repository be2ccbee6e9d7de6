"""Turns header bytes into text: RFC 2047 encoded words, wherever they are, and raw eight-bit characters."""

import binascii
import re

from gateway.normalizer.bodies.charsets import decode
from gateway.normalizer.problems import Problems

# Looser than RFC 2047 2: spaces inside Q text and words without a space between them are common.
_WORD = re.compile(r"=\?([^?\s=]{1,75})\?([bBqQ])\?([^?]{0,100000}?)\?=")
_GAP = re.compile(r"[ \t\r\n]*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def header_text(value: bytes, problems: Problems, charset: str = "") -> str:
    """The readable text of one unfolded header value. `charset` is the mail's own, for raw eight-bit headers.

    Never raises; what cannot be decoded stays as it is, or as replacement characters, and is a problem.
    """
    text = raw_text(value, problems, charset)
    return _CONTROLS.sub("", decode_words(text, problems)) if "=?" in text else _CONTROLS.sub("", text)


def raw_text(value: bytes, problems: Problems, charset: str = "") -> str:
    """The value as text with encoded words left alone."""
    if value.isascii():
        if b"\x1b" not in value:
            return value.decode("ascii")
        return decode(value, "iso-2022-jp").text
    decoded = decode(value, charset if charset.lower() not in {"us-ascii", "ascii"} else "")
    problems.add("a header holds characters that are not encoded (RFC 2047)" if decoded.problem else "")
    return decoded.text


def decode_words(text: str, problems: Problems) -> str:
    """`text` with each encoded word decoded; neighbours of one charset are joined before decoding.

    Joining first repairs mailers that split a character between two words.
    """
    out: list[str] = []
    pending: list[bytes] = []
    pending_charset = ""
    at = 0
    for match in _WORD.finditer(text):
        gap = text[at : match.start()]
        charset = match.group(1).split("*")[0].lower()  # RFC 2231 5: a language may follow the charset
        if pending and (charset != pending_charset or not _GAP.fullmatch(gap)):
            out.append(_decoded(pending, pending_charset, problems))
            pending = []
            if not _GAP.fullmatch(gap):
                out.append(gap)
        elif not pending:
            out.append(gap)
        pending.append(_payload(match.group(2), match.group(3), problems))
        pending_charset = charset
        at = match.end()
    if pending:
        out.append(_decoded(pending, pending_charset, problems))
    out.append(text[at:])
    return "".join(out)


def _decoded(pieces: list[bytes], charset: str, problems: Problems) -> str:
    if charset.startswith("iso-2022") and len(pieces) > 1:
        return "".join(_decoded([piece], charset, problems) for piece in pieces)
    result = decode(b"".join(pieces), charset)
    problems.add(f"a header: {result.problem}" if result.problem else "")
    return result.text.replace("\r", "").replace("\n", " ")


def _payload(encoding: str, data: str, problems: Problems) -> bytes:
    octets = data.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(octets.replace(b" ", b"_"), header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    if len(letters) % 4 == 1:
        problems.add("an encoded word in a header was cut short")
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
