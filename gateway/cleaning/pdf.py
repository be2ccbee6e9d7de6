"""A PDF's pages without who made them: no document information, XMP, authors, attached files, scripts or way out."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from gateway.cleaning.kinds import CannotClean, Copy
from gateway.cleaning.pdf_images import clean_stream

MOST_OBJECTS = 300_000
DEEPEST = 200
"""Dictionaries and arrays in each other, within one object."""

ANYWHERE = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/AF",
    "/AA",
    "/EF",
    "/Thumb",
    "/CreatorInfo",
    "/CreationDate",
    "/ModDate",
    "/Private",
    "/RichMediaContent",
    "/RichMediaSettings",
    "/OPI",
    "/JS",
    "/SpiderInfo",
)
"""Keys that say who, when, with what, or that run or carry something (ISO 32000-2)."""
OF_CATALOG = (
    "/Metadata",
    "/OpenAction",
    "/Perms",
    "/DSS",
    "/Collection",
    "/URI",
    "/Legal",
    "/Requirements",
    "/Threads",
    "/AF",
    "/Extensions",
)
OF_NAMES = ("/EmbeddedFiles", "/JavaScript", "/AlternatePresentations", "/Renditions", "/URLS", "/IDS")
OF_ANNOTATIONS = ("/T", "/M", "/NM", "/RC", "/Subj")
"""Author, time, id, rich text that repeats `Contents`, subject (ISO 32000-2, 12.5)."""
NO_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Sound", "/Movie", "/Screen", "/3D"})
ACTIONS = frozenset({"/GoTo", "/URI", "/Named"})
WAYS = ("http://", "https://", "mailto:")


def prepare() -> None:
    """Load what is loaded late, before files can no longer be opened."""
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    with Pdf.open(BytesIO(out.getvalue())) as pdf:
        list(_inside(pdf.Root))


def clean_pdf(content: bytes) -> Copy:
    """The document's clean copy, its pages as they were. Raises `CannotClean` when locked, damaged or too large."""
    try:
        with Pdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            _check(pdf)
            _clean_document(pdf)
            for one in list(pdf.objects):
                _clean_object(one)
            out = BytesIO()
            pdf.remove_unreferenced_resources()
            pdf.save(out, deterministic_id=True, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PasswordError as error:
        raise CannotClean("the document is locked with a password") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, RecursionError) as error:
        raise CannotClean("the document is damaged") from error
    return Copy(out.getvalue(), "pdf")


def _check(pdf: Pdf) -> None:
    if len(pdf.objects) > MOST_OBJECTS:
        raise CannotClean("the document has too many parts")
    if not len(pdf.pages):
        raise CannotClean("the document has no pages")
    if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm and bool(pdf.Root.get("/NeedsRendering", False)):
        raise CannotClean("the document is a form whose pages are made by a program in it")


def _clean_document(pdf: Pdf) -> None:
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    _drop(pdf.Root, OF_CATALOG)
    if "/Names" in pdf.Root:
        _drop(pdf.Root.Names, OF_NAMES)
    if "/AcroForm" in pdf.Root:
        _drop(pdf.Root.AcroForm, ("/XFA",))
    for page in pdf.pages:
        _clean_annotations(page.obj)


def _clean_annotations(page: Any) -> None:
    if not isinstance(page.get("/Annots"), Array):
        return
    kept = [
        one for one in page.Annots if isinstance(one, Dictionary) and str(one.get("/Subtype")) not in NO_ANNOTATIONS
    ]
    for one in kept:
        if str(one.get("/Subtype")) == "/Widget":
            if str(one.get("/FT")) == "/Sig":
                _drop(one, ("/V", "/Lock", "/SV"))
        else:
            _drop(one, OF_ANNOTATIONS)
    page.Annots = Array(kept)


def _clean_object(whole: Any) -> None:
    for one in _inside(whole):
        _drop(one, ANYWHERE)
        for key in ("/A", "/PA", "/Next", "/OpenAction", "/SE"):
            action = one.get(key)
            if (isinstance(action, Dictionary) and "/S" in action and not _harmless(action)) or (
                key == "/Next" and isinstance(action, Array)
            ):
                del one[key]
        kind, subtype = str(one.get("/Type", "")), str(one.get("/Subtype", ""))
        if kind == "/Sig":
            _drop(one, ("/Name", "/Location", "/Reason", "/ContactInfo", "/Contents", "/Cert", "/M", "/Prop_Build"))
        elif kind == "/Filespec":
            _drop(one, ("/F", "/UF", "/Desc", "/DOS", "/Mac", "/Unix", "/ID"))
        elif kind == "/EmbeddedFile" and isinstance(one, Stream):
            one.write(b"")
        elif subtype == "/Image" and isinstance(one, Stream):
            clean_stream(one)
        elif str(one.get("/FT", "")) == "/Sig":
            _drop(one, ("/V",))


def _harmless(action: Any) -> bool:
    kind = str(action.get("/S"))
    if kind == "/URI":
        return str(action.get("/URI", "")).lower().startswith(WAYS)
    return kind in ACTIONS


def _inside(whole: Any) -> Iterator[Any]:
    """The dictionaries of an object, itself and what lies directly in it, not what it only refers to."""
    waiting = [(whole, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            raise CannotClean("the document nests too deeply")
        if isinstance(one, Stream | Dictionary):
            yield one
            held = [one.get(key) for key in one.keys()]  # noqa: SIM118  a PDF dictionary iterates otherwise
        elif isinstance(one, Array):
            held = list(one)
        else:
            continue
        waiting += [(each, depth + 1) for each in held if isinstance(each, Dictionary | Array) and not each.is_indirect]


def _drop(one: Any, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in one:
            del one[Name(key)]
