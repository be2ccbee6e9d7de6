"""The XML of Office documents: names, ids, times, paths and ways out are taken from it, everything shown stays."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from lxml import etree

from gateway.cleaning.kinds import CannotClean

LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
TO_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
REVISIONS = "http://schemas.microsoft.com/office/spreadsheetml/20"

GONE = frozenset(
    {
        "absPath",  # where the workbook was saved
        "attachedTemplate",
        "creationId",
        "customSheetViews",
        "customWorkbookViews",
        "docId",
        "docVars",
        "externalReferences",
        "fileRecoveryPr",
        "fileSharing",
        "fileVersion",
        "mailMerge",
        "modId",
        "modifyVerifier",
        "oleObjects",
        "controls",
        "custDataLst",
        "dataBinding",
        "revisionPtr",
        "rsids",
        "saveThroughXslt",
        "writeProtection",
    }
)
"""Elements that show nothing and say who, where or when."""
ATTRIBUTES_GONE = frozenset(
    {
        "codeName",
        "created",
        "date",
        "dateUtc",
        "dt",
        "durableId",
        "href",
        "initials",
        "modified",
        "paraId",
        "refreshedBy",
        "refreshedDate",
        "refreshedDateIso",
        "textId",
    }
)
OF_CELLS = frozenset({"vm", "cm"})
"""They point into parts about values that are not followed."""
PEOPLE_AT = frozenset({"author", "userName"})
DRAWN = frozenset({"cNvPr", "docPr", "imagedata", "shape", "rect"})
"""Whose descriptions programs fill with the name of the picture's file."""
UNWRAPPED = frozenset({"pageSetup", "background"})
"""Elements that keep what they show when what they point to is cut."""
OTHER_BOOK = re.compile(r"\[\d+\]|\b(?:WEBSERVICE|RTD|IMAGE)\(", re.IGNORECASE)
"""In a formula: another workbook, or something fetched."""
FIELDS_OUT = re.compile(r"\s*(?:INCLUDEPICTURE|INCLUDETEXT|LINK|DDE|DDEAUTO|HYPERLINK|DATABASE|RD)\b", re.IGNORECASE)
"""Fields of Word that name a file or address; what they last showed stands beside them."""
FILE_NAME = re.compile(r"[\\/]|\.\w{2,5}$")


class People:
    """The same person gets the same number throughout one document."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def name(self, real: str) -> str:
        """What stands in place of a name."""
        return f"Author {self._numbers.setdefault(real, len(self._numbers) + 1)}"


def parse(content: bytes) -> Any:
    """The root element. Raises `CannotClean` for what is no XML, declares entities or nests without end."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotClean("the document is damaged, or nests too deeply") from error
    if root.getroottree().docinfo.doctype:
        raise CannotClean("the document declares entities of its own")
    return root


def to_bytes(root: Any) -> bytes:
    """As Office writes it."""
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def clean_part(content: bytes, cut: Collection[str], people: People) -> bytes:
    """One part without what its relationships no longer lead to, and without who, when and where."""
    root = parse(content)
    for element in list(root.iter(etree.Element)):
        if element is not root and element.getparent() is None:
            continue
        if element is not root and _is_gone(element):
            _remove(element)
            continue
        if not _cut_links(element, cut):
            _clean_attributes(element, people)
    _clean_comments(root, people)
    return to_bytes(root)


def content_types(content: bytes, kept: Collection[str]) -> bytes:
    """`[Content_Types].xml` for the parts that are left."""
    root = parse(content)
    for one in list(root):
        if one.get("PartName") is not None and str(one.get("PartName")).lstrip("/") not in kept:
            root.remove(one)
    return to_bytes(root)


def links_part(kept: Mapping[str, tuple[str, str]]) -> bytes:
    """A `.rels` part."""
    root = etree.Element(f"{{{LINKS}}}Relationships", nsmap={None: LINKS})
    for link_id, (kind, target) in kept.items():
        etree.SubElement(root, f"{{{LINKS}}}Relationship", Id=link_id, Type=kind, Target=target)
    return to_bytes(root)


def _is_gone(element: Any) -> bool:
    name = _local(element.tag)
    if name in GONE:
        return True
    if name == "f" and element.text and OTHER_BOOK.search(element.text):
        return True  # a formula into another workbook; its last value stands beside it
    return name == "definedName" and bool(element.text) and OTHER_BOOK.search(element.text) is not None


def _cut_links(element: Any, cut: Collection[str]) -> bool:
    """Cut what leads to a part that is gone; True when the element went with it."""
    for key in [key for key in element.attrib if _space(key) in TO_LINKS and element.get(key) in cut]:
        in_text = _local(element.tag) == "hyperlink" and "wordprocessingml" in _space(element.tag)
        if in_text or _local(element.tag) in UNWRAPPED or element.getparent() is None:
            del element.attrib[key]
        else:
            _remove(element)
            return True
    return False


def _clean_attributes(element: Any, people: People) -> None:
    tag = _local(element.tag)
    for key in list(element.attrib):
        name, space = _local(key), _space(key)
        if name.startswith("rsid") or (space.startswith(REVISIONS) and "/revision" in space):
            del element.attrib[key]
        elif name in PEOPLE_AT or (tag in {"cmAuthor", "author"} and name == "name"):
            element.set(key, people.name(element.get(key)))
        elif tag in {"cmAuthor", "author"} and name in {"userId", "providerId", "initials"}:
            element.set(key, "A" if name == "initials" else "None")
        elif name in ATTRIBUTES_GONE or (tag == "c" and name in OF_CELLS):
            del element.attrib[key]
        elif _names_a_file(tag, name, element.get(key)):
            element.set(key, "")
    if tag == "instrText" and FIELDS_OUT.match(element.text or ""):
        element.text = ""


def _names_a_file(tag: str, name: str, value: str) -> bool:
    """Whether an attribute is a field's way out, or a drawing's description that is the name of its file."""
    if tag in DRAWN and name in {"name", "descr", "title", "alt"}:
        return FILE_NAME.search(value) is not None
    return name == "instr" and FIELDS_OUT.match(value) is not None


def _clean_comments(root: Any, people: People) -> None:
    """Excel keeps authors as text of their own, and writes them in bold before each comment."""
    if _local(root.tag) != "comments":
        return
    named: dict[str, str] = {}
    for author in root.iter("{*}author"):
        if author.text:
            named[author.text] = people.name(author.text)
            author.text = named[author.text]
    for text in root.iter("{*}t"):
        said = (text.text or "").rstrip().removesuffix(":")
        if said in named:
            text.text = (text.text or "").replace(said, named[said], 1)


def _remove(element: Any) -> None:
    """The element goes; the text after it stays."""
    parent, after = element.getparent(), element.tail
    before = element.getprevious()
    if after and before is not None:
        before.tail = (before.tail or "") + after
    elif after:
        parent.text = (parent.text or "") + after
    parent.remove(element)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _space(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""
