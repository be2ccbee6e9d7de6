"""Which kinds of file can be cleaned, told by their first bytes; a name only decides between kinds of plain text."""

import zipfile
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO

OPEN_XML = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
TEXT_ENDINGS = frozenset({"txt", "csv", "tsv", "md", "log"})
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"})
"""Of the ftyp box (ISO/IEC 23008-12, annex B)."""


class Kind(StrEnum):
    """A kind of file that can be cleaned. The value is the ending of the original; a HEIC's copy is a JPEG."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    GIF = "gif"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    TEXT = "txt"
    MAIL = "eml"


IMAGES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC, Kind.GIF})
OFFICE = frozenset({Kind.DOCX, Kind.XLSX, Kind.PPTX})


class CannotClean(Exception):
    """The file stays as it came. The words are for the person who reads it, and quote nothing of the file."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A cleaned copy and the ending of its name."""

    content: bytes = field(repr=False)
    ending: str


def kind_of(content: bytes, ending: str = "") -> Kind | None:
    """What a file is, None for what cannot be cleaned. `ending` is that of its name, in small letters, without a dot."""
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return Kind.HEIC
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _office(content)
    return _words(content, ending)


def _office(content: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    found = {kind for name in names for start, kind in OPEN_XML.items() if name.startswith(start)}
    return Kind(found.pop()) if len(found) == 1 and "[Content_Types].xml" in names else None


def _words(content: bytes, ending: str) -> Kind | None:
    if ending == Kind.MAIL.value:
        return Kind.MAIL
    marked = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower()
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if ending not in TEXT_ENDINGS or (b"\0" in content and not wide) or marked.startswith((b"<", b"{\\rtf", b"%!ps")):
        return None  # markup, RTF and PostScript are programs with headers of their own
    return Kind.TEXT
