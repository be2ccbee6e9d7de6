"""Word, Excel and PowerPoint files packed anew: only parts that show something, each without who wrote it, when and where."""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from gateway.cleaning import office_xml
from gateway.cleaning.images import clean_image
from gateway.cleaning.kinds import IMAGES, CannotClean, Copy, Kind, kind_of
from gateway.cleaning.office_links import CONTENT_TYPES, Links, links_of, name_of_links
from gateway.cleaning.office_xml import People

MOST_ENTRIES = 5_000
MOST_BYTES = 300_000_000
"""Of all parts unpacked."""
MOST_XML = 80_000_000
LONGEST_NAME = 255
NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP can say."""
IMAGE_ENDINGS = {
    Kind.JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    Kind.PNG: frozenset({"png"}),
    Kind.GIF: frozenset({"gif"}),
}


def prepare() -> None:
    """Load what is loaded late, before files can no longer be opened."""
    office_xml.parse(b"<a/>")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a", b"a")
    with zipfile.ZipFile(BytesIO(out.getvalue())) as package:
        package.read("a")


def clean_office(content: bytes, kind: Kind) -> Copy:
    """The document's clean copy. Raises `CannotClean` when damaged, locked, too large or holding what cannot be cleaned."""
    try:
        parts = _unpack(content)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise CannotClean("the document is damaged") from error
    kept: dict[str, bytes] = {}
    people, waiting = People(), [""]
    while waiting:
        source = waiting.pop()
        links = links_of(parts, source)
        if source:
            kept[source] = _cleaned(source, parts[source], links, people)
        if links.kept:
            kept[name_of_links(source)] = links.to_bytes()
        waiting += [target for target in links.targets if target not in kept and target not in waiting]
    kept[CONTENT_TYPES] = office_xml.content_types(parts[CONTENT_TYPES], kept)
    return Copy(_pack(kept), kind.value)


def _unpack(content: bytes) -> dict[str, bytes]:
    """The parts by name, each read to its end, which is counted rather than believed."""
    parts: dict[str, bytes] = {}
    left = MOST_BYTES
    with zipfile.ZipFile(BytesIO(content)) as package:
        entries = [one for one in package.infolist() if not one.is_dir()]
        if len(entries) > MOST_ENTRIES:
            raise CannotClean("the document has too many parts")
        for entry in entries:
            name = entry.filename
            if name in parts or len(name) > LONGEST_NAME or name.startswith("/") or ".." in name or "\\" in name:
                raise CannotClean("the document's parts have strange names")
            if entry.file_size > left:
                raise CannotClean("the document is too large when unpacked")
            with package.open(entry) as opened:
                parts[name] = opened.read(left + 1)
            left -= len(parts[name])
            if left < 0:
                raise CannotClean("the document is too large when unpacked")
    if CONTENT_TYPES not in parts:
        raise CannotClean("the document is damaged")
    return parts


def _cleaned(name: str, content: bytes, links: Links, people: People) -> bytes:
    ending = name.rpartition(".")[2].lower()
    if ending in {"xml", "vml"}:
        if len(content) > MOST_XML:
            raise CannotClean("the document is too large when unpacked")
        return office_xml.clean_part(content, links.cut, people)
    kind = kind_of(content)
    if kind in IMAGES and ending in IMAGE_ENDINGS.get(kind, ()):
        return clean_image(content, kind).content
    if ending in {"emf", "wmf"}:
        return _plain_metafile(content)
    raise CannotClean("the document holds a picture or file that cannot be cleaned")


def _plain_metafile(content: bytes) -> bytes:
    """An EMF without its description, which names program and document ([MS-EMF] 2.3.4.2); a WMF has none."""
    if content[:4] != b"\x01\x00\x00\x00" or content[40:44] != b" EMF":
        return content
    letters, at = (int.from_bytes(content[start : start + 4], "little") for start in (60, 64))
    out = bytearray(content)
    end = min(len(out), at + 2 * letters)
    if letters and 88 <= at < end:
        out[at:end] = bytes(end - at)
    out[60:68] = bytes(8)
    return bytes(out)


def _pack(parts: Mapping[str, bytes]) -> bytes:
    """A package whose entries carry no time, no system and no remark; the content types first, as readers like it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda one: (one != CONTENT_TYPES, one)):
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.create_system, entry.external_attr, entry.compress_type = 0, 0, zipfile.ZIP_DEFLATED
            package.writestr(entry, parts[name])
    return out.getvalue()
