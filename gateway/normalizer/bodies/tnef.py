"""Unpacks winmail.dat, the TNEF container in which Outlook hides text and files (MS-OXTNEF)."""

import logging
import struct
from dataclasses import dataclass
from typing import Any

from gateway.normalizer.bodies.rich_text import decompress, rtf_to_text
from gateway.normalizer.problems import Problems

SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_BYTES = 64 * 1024 * 1024
MOST_OBJECTS = 2000
MOST_WORK = 4_000_000_000
"""Bytes the library may copy: it copies the whole rest for every object, so size times objects is bounded."""

_RECIPIENTS = 0x9004
_WITH_PROPERTIES = {0x9003, 0x9005}


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was inside: text, HTML (either may be empty), and files as (name, content)."""

    text: str = ""
    html: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


def unpack(octets: bytes, problems: Problems) -> Unpacked | None:
    """The contents of a TNEF stream, or None when it cannot be read (a problem is told). Never raises."""
    bounded = _bounded(octets)
    if bounded is None:
        problems.add("winmail.dat is broken or too large to unpack; it was kept as it is")
        return None
    from tnefparse import TNEF

    logger = logging.getLogger("tnefparse")
    before = logger.disabled
    logger.disabled = True  # it logs pieces of the content
    try:
        container = TNEF(bounded, do_checksum=False)
        files = tuple((_name(attachment), bytes(attachment.data)) for attachment in container.attachments)
        text, html = _text(container.body), _text(container.htmlbody)
        if not text.strip() and not html.strip():
            text = _from_rich_text(container)
        return Unpacked(text, html, files)
    except Exception:  # noqa: BLE001 - the library raises whatever the bytes lead it to; the file is kept whole
        problems.add("winmail.dat is broken; it was kept as it is")
        return None
    finally:
        logger.disabled = before


def _bounded(octets: bytes) -> "_Bounded | None":
    """The stream without its recipients, which nobody reads; None where reading it would cost too much.

    Walks the objects (attribute: 1 level, 4 name and type, 4 length, data, 2 checksum) and counts the library's work.
    """
    if not octets.startswith(SIGNATURE) or len(octets) > MOST_BYTES:
        return None
    at, objects, work, kept = 6, 0, 0, [octets[:6]]
    while at + 12 < len(octets):
        name, _, length = struct.unpack_from("<HHI", octets, at + 1)
        inside = min(length, len(octets) - at - 9)
        if name in _WITH_PROPERTIES and not _count_fits(octets, at + 9, inside):
            return None
        if name != _RECIPIENTS:
            kept.append(octets[at : at + length + 11])
        work += len(octets) - at
        at += length + 11
        objects += 1
        if objects > MOST_OBJECTS or work > MOST_WORK:
            return None
    return _Bounded(b"".join(kept)) if objects else None


def _count_fits(octets: bytes, at: int, inside: int) -> bool:
    """Whether the stated number of properties can be there, in so many bytes: each takes at least four."""
    return inside >= 4 and struct.unpack_from("<I", octets, at)[0] * 4 <= inside


class _Bounded(bytes):
    """Bytes that cannot be sliced from beyond their end: the library believes any number of values, and reads them all."""

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if not isinstance(key, slice):
            return found
        if key.start is not None and key.start > len(self):
            raise IndexError("beyond the end")
        return _Bounded(found)


def _name(attachment: object) -> str:
    """The long file name, whichever type the library gives."""
    try:
        name = attachment.long_filename()  # type: ignore[attr-defined]
    except (UnicodeError, IndexError, AttributeError, TypeError):
        name = ""
    return name.decode("cp1252", "replace") if isinstance(name, bytes) else str(name)


def _from_rich_text(container: object) -> str:
    """The text of the RTF body, which Outlook writes alone when a mail is formatted as rich text."""
    packed = getattr(container, "_rtfbody", None)
    pieces = packed if isinstance(packed, list) else [packed]
    octets = b"".join(piece for piece in pieces if isinstance(piece, bytes))
    return rtf_to_text(decompress(octets)).encode("utf-8", "replace").decode("utf-8")


def _text(body: object) -> str:
    """A body property as text: the library gives str, bytes or a list of either."""
    if isinstance(body, list):
        return "".join(_text(piece) for piece in body)
    if isinstance(body, bytes):
        try:
            return body.decode("utf-8").rstrip("\0")
        except UnicodeDecodeError:
            return body.decode("cp1252", "replace").rstrip("\0")
    return body.rstrip("\0") if isinstance(body, str) else ""
