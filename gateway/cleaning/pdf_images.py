"""Pictures inside a PDF: their pixels stay as they are, what cameras and editors wrote beside them goes."""

import struct
from typing import Any

import pikepdf

from gateway.cleaning.kinds import CannotClean

SOI, EOI, SOS, COM, APP0, APP14 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0, 0xEE
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length (ITU-T T.81, table B.1)."""
JPX_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
"""What a decoder needs of a JPEG 2000 file (ISO/IEC 15444-1, annex I); XML, UUID and UUID info boxes go."""


def clean_stream(image: Any) -> None:
    """Rewrite one image's stream where its coding can carry words. Raises `CannotClean` when it is damaged."""
    filters = image.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)] if filters else []
    if not {"/DCTDecode", "/JPXDecode"} & set(names):
        return
    if len(names) > 1:
        image.write(image.read_bytes(pikepdf.StreamDecodeLevel.all))  # pixels, which pikepdf packs again
        return
    raw = image.read_raw_bytes()
    parms = image.get("/DecodeParms")
    bare = jpeg_without_words(raw) if names == ["/DCTDecode"] else jpx_without_words(raw)
    image.write(bare, filter=pikepdf.Name(names[0]), decode_parms=parms)


def jpeg_without_words(raw: bytes) -> bytes:
    """A JPEG without comments and application segments, but for JFIF's own fields and Adobe's, which say how colours are
    meant; nothing after its end.
    """
    start = raw.find(b"\xff\xd8")
    if start < 0:
        raise CannotClean("a picture in the document is damaged")
    out, at = bytearray(b"\xff\xd8"), start + 2
    while at + 4 <= len(raw):
        marker = raw[at + 1]
        if raw[at] != 0xFF or marker in {0x00, 0xFF}:
            at += 1
        elif marker == EOI:
            break
        elif marker in ALONE or marker == SOI:
            at += 2
        else:
            end = at + 2 + int(struct.unpack_from(">H", raw, at + 2)[0])
            out += _kept(marker, raw[at:end])
            at = end
            if marker == SOS:
                at = _end_of_scan(raw, end)
                out += raw[end:at]
    return bytes(out + b"\xff\xd9")


def _kept(marker: int, segment: bytes) -> bytes:
    """What stays of one segment."""
    if marker == APP0:
        return _jfif(segment)
    if marker == APP14 and segment[4:9] == b"Adobe":
        return segment[:2] + struct.pack(">H", 14) + segment[4:16]
    return b"" if marker == COM or 0xE0 <= marker <= 0xEF else segment


def _jfif(segment: bytes) -> bytes:
    """The fixed fifteen bytes of JFIF without its thumbnail; nothing of an extension."""
    if segment[4:9] != b"JFIF\0" or len(segment) < 16:
        return b""
    return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"


def _end_of_scan(raw: bytes, at: int) -> int:
    """Where the entropy-coded data ends: at a marker that is neither stuffing nor a restart."""
    while (at := raw.find(b"\xff", at)) >= 0 and at + 1 < len(raw):
        if raw[at + 1] != 0 and not 0xD0 <= raw[at + 1] <= 0xD7 and raw[at + 1] != 0xFF:
            return at
        at += 1 if raw[at + 1] == 0xFF else 2
    return len(raw)


def jpx_without_words(raw: bytes) -> bytes:
    """A JPEG 2000 file with only the boxes that its pixels need; a bare code stream loses nothing but its comments."""
    if raw.startswith(b"\xff\x4f\xff\x51"):
        return _code_stream(raw)
    out, at = bytearray(), 0
    while at + 8 <= len(raw):
        length, kind = struct.unpack_from(">I4s", raw, at)
        head = 8
        if length == 1 and at + 16 <= len(raw):
            length, head = struct.unpack_from(">Q", raw, at + 8)[0], 16
        end = len(raw) if length == 0 else at + length
        if (length and length < head) or end > len(raw):
            raise CannotClean("a picture in the document is damaged")
        if kind == b"jp2c":
            stream = _code_stream(raw[at + head : end])
            out += struct.pack(">I4s", len(stream) + 8, kind) + stream
        elif kind in JPX_BOXES:
            out += raw[at:end]
        at = end
    if not out:
        raise CannotClean("a picture in the document is damaged")
    return bytes(out)


def _code_stream(raw: bytes) -> bytes:
    """Without the comment segments of its main header (ISO/IEC 15444-1, A.9.2)."""
    out, at = bytearray(raw[:2]), 2
    while at + 4 <= len(raw):
        marker, length = struct.unpack_from(">HH", raw, at)
        if marker in {0xFF90, 0xFFD9} or marker < 0xFF00:
            break
        if marker != 0xFF64:
            out += raw[at : at + 2 + length]
        at += 2 + length
    return bytes(out + raw[at:])
