"""Reads Outlook's compressed RTF bodies (MS-OXRTFCP) as plain text; no kept library does both, and it is one screen each."""

import re
import struct

from gateway.normalizer.bodies.charsets import codec_for

MOST_BYTES = 600_000
"""Decompressed bytes; what is longer is cut."""
MOST_DEPTH = 500

# The 207 bytes that every dictionary begins with (MS-OXRTFCP 2.1.2.1).
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"

_TOKEN = re.compile(
    rb"\\'([0-9A-Fa-f]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr listtable "
    b"listoverridetable rsidtbl generator xmlnstbl themedata datastore htmltag fldinst bkmkstart bkmkend".split()
)
_WRITES = {b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—",
           b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
           b"emspace": " ", b"enspace": " "}  # fmt: skip
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}


def decompress(octets: bytes) -> bytes:
    """The RTF in a PidTagRtfCompressed value; b"" when it is none. Cut short data give what they hold. Never raises."""
    if len(octets) < 16:
        return b""
    _, size, kind = struct.unpack_from("<II4s", octets)
    if kind == _PLAIN:
        return octets[16 : 16 + min(size, MOST_BYTES)]
    if kind != _COMPRESSED:
        return b""
    return _unpacked(octets[16:], min(size, MOST_BYTES))


def _unpacked(octets: bytes, size: int) -> bytes:
    """LZ77 with a ring of 4096 bytes: flags, then literals or (offset, length) pairs (MS-OXRTFCP 3.1.3.1.3)."""
    ring = bytearray(_START.ljust(4096, b"\0"))
    write = len(_START)
    out = bytearray()
    at = 0
    while at < len(octets) and len(out) < size:
        flags = octets[at]
        at += 1
        for bit in range(8):
            if at >= len(octets):
                return bytes(out)
            if not flags & (1 << bit):
                piece = octets[at : at + 1]
                at += 1
            else:
                if at + 1 >= len(octets):
                    return bytes(out)
                pair = octets[at] << 8 | octets[at + 1]
                at += 2
                offset, length = pair >> 4, (pair & 15) + 2
                if offset == write % 4096:
                    return bytes(out[:size])
                piece = b""
                for step in range(length):
                    letter = ring[(offset + step) % 4096]
                    ring[(write + step) % 4096] = letter
                    piece += bytes((letter,))
            for step, letter in enumerate(piece):
                ring[(write + step) % 4096] = letter
            write += len(piece)
            out += piece
    return bytes(out[:size])


def rtf_to_text(rtf: bytes) -> str:
    """The words of an RTF document: hidden destinations left out, escapes and code pages undone. Never raises."""
    if not rtf.lstrip().startswith(b"{\\rtf"):
        return ""
    return _Reader().read(rtf[:MOST_BYTES]).strip()


class _Reader:
    """One pass over the tokens; groups restore what was set inside them."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._bytes = bytearray()
        self._codec = "cp1252"
        self._groups: list[tuple[bool, int]] = []
        self._silent = False
        self._fallback = 1
        self._skip = 0

    def read(self, rtf: bytes) -> str:
        starred = False
        for match in _TOKEN.finditer(rtf):
            octet, word, number, symbol, brace, plain = match.groups()
            if octet is not None:
                self._octets(bytes((int(octet, 16),)))
            elif word is not None:
                self._word(word, int(number) if number else None, starred=starred)
            elif symbol is not None:
                if symbol == b"*":
                    starred = True
                    continue
                self._say(_SYMBOLS.get(symbol, ""))
            elif brace is not None:
                self._brace(brace)
            elif plain is not None:
                self._octets(plain)
            starred = False
        self._flush()
        return "".join(self._out)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._skip = 0
        if brace == b"{":
            if len(self._groups) < MOST_DEPTH:
                self._groups.append((self._silent, self._fallback))
        elif self._groups:
            self._silent, self._fallback = self._groups.pop()

    def _word(self, word: bytes, number: int | None, *, starred: bool) -> None:
        if word in _SILENT or starred:
            self._silent = True
        elif word == b"ansicpg" and number:
            self._flush()
            self._codec = codec_for(f"cp{number}") or "cp1252"
        elif word == b"uc":
            self._fallback = max(0, min(number or 0, 10))
        elif word == b"u" and number is not None:
            code = number % 65536
            self._say(chr(code) if not 0xD800 <= code < 0xE000 else self._surrogate(code))
            self._skip = self._fallback
        elif word in _WRITES:
            self._say(_WRITES[word])

    def _surrogate(self, code: int) -> str:
        """Half of a character beyond the basic plane: kept apart until its other half comes."""
        if code < 0xDC00:
            return chr(code)
        high = self._out.pop() if self._out and "\ud800" <= self._out[-1] < "\udc00" else ""
        return (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _octets(self, octets: bytes) -> None:
        if self._skip:
            taken = min(self._skip, len(octets))
            self._skip -= taken
            octets = octets[taken:]
        if not self._silent:
            self._bytes += octets

    def _say(self, text: str) -> None:
        self._flush()
        if text and not self._silent:
            self._out.append(text)

    def _flush(self) -> None:
        if self._bytes:
            self._out.append(self._bytes.decode(self._codec, "replace"))
            self._bytes.clear()
