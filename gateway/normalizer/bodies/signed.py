"""Opens what is only signed (S/MIME, PGP) and recognises what is encrypted."""

import binascii
import re
from dataclasses import dataclass

SIGNED, ENVELOPED = "signed", "enveloped"

# Object identifiers of RFC 5652 (5.1 signed-data, 6.1 enveloped-data) and RFC 5083 (auth-enveloped), DER-encoded.
_OIDS = {
    bytes.fromhex("2a864886f70d010702"): SIGNED,
    bytes.fromhex("2a864886f70d010703"): ENVELOPED,
    bytes.fromhex("2a864886f70d0109100117"): ENVELOPED,
}
_MOST_DEPTH = 20
_MOST_VALUES = 5000

_CLEAR_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z]{1,20}:[^\n]{0,200}\n)*\s*\n", re.MULTILINE
)
_SIGNATURE = re.compile(r"^-----BEGIN PGP SIGNATURE-----[ \t]*$", re.MULTILINE)
_SIGNATURE_END = re.compile(r"^-----END PGP SIGNATURE-----[ \t]*\n?", re.MULTILINE)
_ARMOUR = re.compile(r"^-----BEGIN PGP MESSAGE-----[ \t]*$", re.MULTILINE)
_ARMOUR_END = re.compile(r"^-----END PGP MESSAGE-----[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Value:
    """One BER value: its tag, where its content lies, and where the next value begins."""

    tag: int
    start: int
    end: int
    after: int


class _Malformed(ValueError):
    """The bytes are not BER, or nested or numerous beyond the limits."""


def open_cms(octets: bytes) -> tuple[str, bytes]:
    """What a CMS blob (RFC 5652) is, `signed`, `enveloped` or "", and the content of a signed one (b"" if detached)."""
    if octets.lstrip()[:5] == b"-----" or octets.lstrip()[:2] == b"MI":
        try:
            octets = binascii.a2b_base64(re.sub(rb"-----[^-]+-----", b"", octets))
        except binascii.Error:
            return "", b""
    try:
        return _open(octets, _Reader(octets))
    except (_Malformed, IndexError):
        return "", b""


def _open(octets: bytes, reader: "_Reader") -> tuple[str, bytes]:
    values = reader.children(reader.value(0), most=2)
    if not values:
        return "", b""
    identifier, *rest = values
    kind = _OIDS.get(octets[identifier.start : identifier.end], "")
    if kind != SIGNED or not rest:
        return kind, b""
    signed_data = reader.children(rest[0], most=1)[0]
    encapsulated = reader.children(signed_data, most=3)[2]
    inner = reader.children(encapsulated, most=2)
    if len(inner) < 2:
        return SIGNED, b""
    return SIGNED, b"".join(reader.octets(reader.children(inner[1], most=1)[0]))


class _Reader:
    """Reads BER values (X.690 8.1) with definite and indefinite lengths, within limits."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._read = 0

    def value(self, at: int, depth: int = 0) -> _Value:
        """The value at `at`; raises _Malformed or IndexError."""
        self._read += 1
        if depth > _MOST_DEPTH or self._read > _MOST_VALUES:
            raise _Malformed
        octets = self._octets
        tag, length, start = octets[at], octets[at + 1], at + 2
        if length == 0x80:
            inner = start
            while octets[inner : inner + 2] != b"\0\0":
                inner = self.value(inner, depth + 1).after
            return _Value(tag, start, inner, inner + 2)
        if length > 0x80:
            size = length & 0x7F
            length = int.from_bytes(octets[start : start + size], "big")
            start += size
        if start + length > len(octets):
            raise _Malformed
        return _Value(tag, start, start + length, start + length)

    def children(self, parent: _Value, *, most: int) -> list[_Value]:
        """The first `most` values inside a constructed one."""
        found: list[_Value] = []
        at = parent.start
        while at < parent.end and len(found) < most:
            found.append(self.value(at))
            at = found[-1].after
        return found

    def octets(self, value: _Value, depth: int = 0) -> list[bytes]:
        """The pieces of an octet string, primitive or constructed."""
        if not value.tag & 0x20:
            return [self._octets[value.start : value.end]]
        if depth > _MOST_DEPTH:
            raise _Malformed
        pieces: list[bytes] = []
        at = value.start
        while at < value.end:
            child = self.value(at, depth)
            pieces += self.octets(child, depth + 1)
            at = child.after
        return pieces


def open_clear_signed(text: str) -> str:
    """`text` with the wrapping of PGP clear-signed blocks removed (RFC 9580 7), dash escapes undone."""
    if "-----BEGIN PGP SIGN" not in text:
        return text
    out: list[str] = []
    at = 0
    while match := _CLEAR_SIGNED.search(text, at):
        out.append(text[at : match.start()])
        stop = _SIGNATURE.search(text, match.end())
        body = text[match.end() : stop.start() if stop else len(text)]
        out.append(re.sub(r"^- ", "", body, flags=re.MULTILINE))
        end = _SIGNATURE_END.search(text, stop.end()) if stop else None
        at = end.end() if end else len(text)
    out.append(text[at:])
    return "".join(out)


def encrypted_share(text: str) -> float:
    """Which part of `text`, from 0 to 1, is PGP-encrypted armour."""
    start = _ARMOUR.search(text)
    if start is None:
        return 0.0
    stop = _ARMOUR_END.search(text, start.end())
    end = stop.end() if stop else len(text)
    return (end - start.start()) / max(1, len(text.strip()))
