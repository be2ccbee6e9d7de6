"""Relationships between the parts of an Office document: which are followed, and which are cut (ECMA-376, part 2)."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from gateway.cleaning import office_xml
from gateway.cleaning.kinds import CannotClean

CONTENT_TYPES = "[Content_Types].xml"

SHOWN = frozenset(
    {
        "officeDocument",
        "styles",
        "settings",
        "fontTable",
        "theme",
        "themeOverride",
        "numbering",
        "footnotes",
        "endnotes",
        "header",
        "footer",
        "comments",
        "commentAuthors",
        "authors",
        "image",
        "chart",
        "chartEx",
        "chartStyle",
        "chartColorStyle",
        "chartUserShapes",
        "diagramData",
        "diagramLayout",
        "diagramQuickStyle",
        "diagramColors",
        "diagramDrawing",
        "worksheet",
        "chartsheet",
        "dialogsheet",
        "sharedStrings",
        "drawing",
        "vmlDrawing",
        "table",
        "pivotTable",
        "pivotCacheDefinition",
        "pivotCacheRecords",
        "slide",
        "slideLayout",
        "slideMaster",
        "notesSlide",
        "notesMaster",
        "handoutMaster",
        "presProps",
        "tableStyles",
    }
)
"""The last word of the types that are followed. All others are cut: properties, custom XML, people, printers, macros,
fonts, embedded files, sound and film, connections, links to other workbooks, threads that repeat comments.
"""


@dataclass(frozen=True, slots=True)
class Links:
    """One part's relationships: `kept` by id (type, target as written), `targets` as names of parts, `cut` ids."""

    kept: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    cut: frozenset[str] = frozenset()

    def to_bytes(self) -> bytes:
        """As a part of their own."""
        return office_xml.links_part(self.kept)


def name_of_links(source: str) -> str:
    """The part that holds the relationships of another; of the package itself for ""."""
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def links_of(parts: Mapping[str, bytes], source: str) -> Links:
    """A part's relationships. Raises `CannotClean` when they are damaged."""
    content = parts.get(name_of_links(source))
    if content is None:
        return Links()
    kept: dict[str, tuple[str, str]] = {}
    targets, cut = [], set()
    for one in office_xml.parse(content):
        if not isinstance(one.tag, str):
            continue
        link_id, kind = str(one.get("Id", "")), str(one.get("Type", ""))
        target = _target(one, source)
        if one.get("TargetMode") != "External" and kind.rpartition("/")[2] in SHOWN and target in parts:
            kept[link_id] = (kind, str(one.get("Target")))
            targets.append(target)
        else:
            cut.add(link_id)
    if not source and not targets:
        raise CannotClean("the document is damaged")
    return Links(kept, tuple(targets), frozenset(cut))


def _target(link: Any, source: str) -> str:
    stated = unquote(str(link.get("Target", "")))
    if stated.startswith("/"):
        return stated.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), stated))
