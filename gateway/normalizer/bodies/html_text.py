"""Turns an HTML body into plain text: quotes keep a `> ` in front, signatures that a client marked stay marked.

Parsed by lxml; the walk is our own, because the converters measured either recurse (and fail on deep mail), put spaces
before commas, or lose what is a quote.
"""

import re
from typing import Any

from gateway.normalizer.bodies.marks import (
    ATTRIBUTION_END,
    ATTRIBUTION_START,
    EARLIER,
    PRIVATE,
    SIGNATURE_END,
    SIGNATURE_START,
    Says,
    Signs,
)
from gateway.normalizer.problems import Problems

MOST_HTML = 2_000_000
MOST_QUOTE_MARKS = 8
MOST_OPEN = 200
"""Deeper than this libxml2 may drop text, so tags are cut out by pattern instead."""

_SKIPPED = frozenset(["head", "script", "style", "title", "template", "svg", "math", "iframe"])
_LINE = frozenset([
    "div", "tr", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "address", "article", "aside", "center",
    "figure", "footer", "header", "hr", "main", "nav", "section", "form", "fieldset", "caption", "table", "tbody",
    "thead", "tfoot", "body", "html", "blockquote", "pre", "ul", "ol", "dl", "details", "summary", "textarea"
])  # fmt: skip
_PARAGRAPH = frozenset(["p", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "pre"])
_QUOTE_CLASSES = re.compile(r"\byahoo_quoted\b|\bzmail_extra\b|\btutanota_quote\b|\bgmail_quote_outer\b")
_AS_WRITTEN = frozenset(["pre", "textarea"])
_OPENED_BY = {Says.SIGNATURE: SIGNATURE_START, Says.ATTRIBUTION: ATTRIBUTION_START, Says.EARLIER: EARLIER}
_CLOSED_BY = {"signature": SIGNATURE_END, "attribution": ATTRIBUTION_END}
_TYPED_INTO = frozenset([
    "text", "email", "tel", "number", "date", "time", "datetime-local", "month", "week", "url", "search"
])  # fmt: skip
MOST_ABOVE = 6
MOST_PICTURE = 8
"""Characters of a picture's name that may be an emoji; longer ones name the picture."""
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_NO_BORDER = re.compile(r"border\s*:\s*(none|0)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
_OPTIONAL_END = frozenset([
    "p", "li", "dt", "dd", "td", "th", "tr", "br", "hr", "img", "input", "meta", "link", "col", "colgroup",
    "option", "tbody", "thead", "tfoot", "base", "wbr", "area"
])  # fmt: skip
_ANY_TAG = re.compile(r"<!--|<(/?[a-zA-Z!?][a-zA-Z0-9:]{0,20})[^<>]{0,4000}>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d|p|div|li|tr)\b[^<>]{0,2000}>", re.IGNORECASE)
_ADDRESS_AS_TAG = re.compile(
    r"<(?=(?:mailto:)?[^\s<>@\"'=/]{1,64}@[\w.-]{1,255}(?:<mailto:[^<>\s]{1,300}>)?>|https?://[^\s<>\"']{1,1000}>)"
)
_DOCUMENT_END = re.compile(r"</(?:body|html)\s{0,20}>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n(?:[ \t>]*\n){3,}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")


def html_to_text(html: str, problems: Problems) -> str:
    """The readable text of `html`, with signature marks. Time and memory are linear; never raises."""
    if len(html) > MOST_HTML:
        problems.add(f"the HTML is longer than {MOST_HTML:,} characters; only its beginning was turned into text")
        html = html[:MOST_HTML]
    if not looks_like_html(html):
        return _unescaped(html)
    if nests_deeper(html, MOST_OPEN):
        problems.add("the HTML is nested too deep; its tags were cut out")
        return _cut_tags(html)
    tree = _parse(html)
    if tree is None:
        return _cut_tags(html)
    return _Walk().text_of(tree)


def with_addresses(html: str) -> str:
    """HTML in which addresses written as `<a@b>` are words, as their writers meant, and no tags."""
    return _ADDRESS_AS_TAG.sub("&lt;", html) if "@" in html or "<http" in html else html


def looks_like_html(text: str) -> bool:
    """Whether there is any tag in it."""
    return _TAG.search(text) is not None


def marked_signature(html: str) -> tuple[str, ...]:
    """The lines of the last signature that the client marked in `html`, for finding it in the plain part; usually
    none.
    """
    if len(html) > MOST_HTML or "ignature" not in html or nests_deeper(html, MOST_OPEN):
        return ()
    tree = _parse(html)
    text = _Walk().text_of(tree) if tree is not None else ""
    head, mark, tail = text.partition(SIGNATURE_START)
    lines = [line.strip() for line in tail.partition(SIGNATURE_END)[0].splitlines()]
    return tuple(line for line in lines if line and not line.startswith(">")) if mark and head is not None else ()


def nests_deeper(html: str, limit: int) -> bool:
    """Whether tags whose end is not optional are nested deeper than `limit`; an upper bound, by one linear scan."""
    depth = 0
    for match in _TAG.finditer(html):
        if match.group(2).lower() in _OPTIONAL_END:
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        if depth > limit:
            return True
    return False


def _parse(html: str) -> Any:
    """The lxml tree, or None when there is nothing to parse. libxml2 reads UTF-8 bytes; a declared charset is
    ignored.
    """
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    html = _DOCUMENT_END.sub("", html)  # this libxml2 drops what servers append below it
    try:
        return lxml_html.document_fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None


class _Walk:
    """One pass over the tree, building lines."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._space = False
        self._quotes = 0
        self._pre = 0
        self._earlier = False
        self._signs = Signs()
        self._counts: list[int | None] = []

    def text_of(self, tree: Any) -> str:
        from lxml import etree

        walker = etree.iterwalk(tree, events=("start", "end"))
        closers: dict[object, str] = {}
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if tag in _SKIPPED or _is_hidden(element) or (tag == "option" and not _is_chosen(element)):
                    walker.skip_subtree()
                    closers[element] = "skip"
                    continue
                kind = self._start(element, tag)
                if kind:
                    closers[element] = kind
                self._text(element.text)
            else:
                kind = closers.pop(element, "")
                if kind != "skip":
                    self._end(tag, kind, element)
                self._text(element.tail)
        self._break()
        return _BLANK_LINES.sub("\n\n", "\n".join(self._lines)).strip("\n")

    def _start(self, element: Any, tag: str) -> str:
        if tag == "br":
            self._break(forced=True)
            return ""
        if tag in {"td", "th"}:
            self._space = self._space or bool(self._line)
            return ""
        if tag in _LINE or tag == "p":
            self._break()
            if tag in _PARAGRAPH and not _is_tight(element):
                self._blank()
        if tag in {"ul", "ol"}:
            self._counts.append(_first_number(element))
        if tag == "li":
            self._line.append(self._bullet())
        if tag in _AS_WRITTEN:
            self._pre += 1
        if tag in {"img", "input", "option"}:
            self._append(_stated(element))
            self._space = self._space or tag == "option"
        if tag in {"div", "blockquote", "span", "table", "td", "p", "hr"}:
            return self._mark(element, tag)
        return ""

    def _mark(self, element: Any, tag: str) -> str:
        if tag == "blockquote":
            if _only_indents(element, self._above()):
                return ""
            self._quotes += 1
            return "quote"
        if _QUOTE_CLASSES.search(element.get("class") or "") or element.get("name") == "quote":
            self._quotes += 1
            return "quote"
        if self._quotes or not element.attrib:
            return ""
        says = self._signs.of(element)
        if says is Says.NOTHING or (says is Says.EARLIER and self._earlier):
            return ""
        self._break()
        self._lines.append(_OPENED_BY[says])
        self._earlier = self._earlier or says is Says.EARLIER
        return says.value if says is not Says.EARLIER else ""

    def _end(self, tag: str, kind: str, element: Any) -> None:
        if tag in _LINE or tag == "p" or kind:
            self._break()
        if kind == "quote":
            self._quotes -= 1
        elif kind in _CLOSED_BY:
            self._lines.append(_CLOSED_BY[kind])
        if tag in _AS_WRITTEN:
            self._pre -= 1
        if tag in {"ul", "ol"}:
            self._counts.pop()
        if tag in _PARAGRAPH and not _is_tight(element):
            self._blank()

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self._pre:
            first, *others = text.split("\n")
            self._append(first)
            for line in others:
                self._break(forced=True)
                self._append(line)
            return
        collapsed = _SPACES.sub(" ", text)
        if collapsed == " ":
            self._space = self._space or bool(self._line)
            return
        if collapsed[0] == " ":
            self._space = bool(self._line)
            collapsed = collapsed[1:]
        trailing = collapsed.endswith(" ")
        self._append(collapsed[:-1] if trailing else collapsed)
        self._space = trailing

    def _append(self, text: str) -> None:
        if text:
            if self._space:
                self._line.append(" ")
                self._space = False
            self._line.append(text)

    def _blank(self) -> None:
        """One blank line, quoted no deeper than what follows."""
        if not self._lines or self._lines[-1] in PRIVATE:
            return
        if self._lines[-1].strip("> "):
            self._lines.append(self._prefix().rstrip())
        elif not self._quotes:
            self._lines[-1] = ""

    def _above(self) -> str:
        """The last line that holds a word."""
        return next((line for line in reversed(self._lines[-MOST_ABOVE:]) if line.strip(f"> {PRIVATE}")), "")

    def _bullet(self) -> str:
        """What stands before an item: its number where the list has numbers."""
        number = self._counts[-1] if self._counts else None
        if number is None:
            return "- "
        self._counts[-1] = number + 1
        return f"{number}. "

    def _prefix(self) -> str:
        return "> " * min(self._quotes, MOST_QUOTE_MARKS)

    def _break(self, *, forced: bool = False) -> None:
        """End the line; `forced` writes an empty one too."""
        if self._line or forced:
            text = "".join(self._line).replace("\xa0", " ").rstrip()
            prefix = self._prefix()
            self._lines.append(f"{prefix}{text}" if text else prefix.rstrip())
        self._line = []
        self._space = False


def _only_indents(element: Any, above: str) -> bool:
    """Whether a block quotation is an indentation: Outlook and Gmail write one without border, Thunderbird without any sign
    of a quote; without, it is one only below a line that announces it.
    """
    style = element.get("style") or ""
    if _NO_BORDER.search(style) and "cite" not in (element.get("type") or ""):
        return True
    signs = element.get("type") or element.get("cite") or element.get("class") or element.get("id")
    return not signs and "border" not in style and bool(above) and not above.rstrip().endswith((":", "：", ">", "»"))


def _first_number(element: Any) -> int | None:
    """The number of the first item, where a list has numbers."""
    if element.tag != "ol":
        return None
    start = (element.get("start") or "").strip()
    return int(start) if start.isdecimal() and len(start) < MOST_PICTURE else 1


def _stated(element: Any) -> str:
    """The words that an element without text of its own shows: an emoji sent as a picture, what was typed into a field."""
    if element.tag == "input":
        typed = (element.get("type") or "text").lower() in _TYPED_INTO
        return _SPACES.sub(" ", element.get("value") or "") if typed else ""
    name = element.get("alt") or ""
    return "" if name.isascii() or len(name) > MOST_PICTURE or any(map(str.isalnum, name)) else name


def _is_chosen(element: Any) -> bool:
    """Whether a selection list shows this option."""
    return element.get("selected") is not None or element.getprevious() is None


def _is_tight(element: Any) -> bool:
    """Whether the client writes this element for one line, without a blank line around it (Outlook, list in list)."""
    if element.tag in {"ul", "ol"}:
        return element.getparent() is not None and element.getparent().tag in {"li", "ul", "ol"}
    return (element.get("class") or "").startswith(("Mso", "x_Mso", "p1", "x_p1"))


def _is_hidden(element: Any) -> bool:
    style = element.get("style")
    return bool(style) and _HIDDEN.search(style) is not None


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text).replace("\xa0", " ") if _ENTITY.search(text) else text


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _cut_tags(html: str) -> str:
    """Text without anything that looks like a tag; one linear pass."""
    html = _BREAK.sub("\n", html)
    lowered = html.translate(_LOWER)  # `lower()` makes two characters of "İ", and positions would slip
    out: list[str] = []
    at = 0
    unclosed: set[str] = set()
    while match := _ANY_TAG.search(html, at):
        out.append(html[at : match.start()])
        at = match.end()
        name = (match.group(1) or "!--").lower()
        closing = "-->" if name == "!--" else f"</{name}" if name in _SKIPPED else ""
        if closing and closing not in unclosed:
            end = lowered.find(closing, at)
            if end < 0:
                unclosed.add(closing)
            else:
                at = end + (3 if name == "!--" else 0)
    out.append(html[at:])
    return _BLANK_LINES.sub("\n\n", _unescaped("".join(out))).strip()
