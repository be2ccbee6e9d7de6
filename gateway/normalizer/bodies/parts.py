"""Splits a mail into its parts, in bounded time, however deep, wide, truncated or wrong the nesting is."""

from dataclasses import dataclass, field
from itertools import pairwise

from gateway.normalizer.headers.block import Headers, read_block
from gateway.normalizer.headers.parameters import read_value
from gateway.normalizer.problems import Problems

MOST_DEPTH = 40
MOST_PARTS = 1000
MAIL_TYPES = frozenset({"message/rfc822", "message/global"})
"""What a whole mail within a mail is called (RFC 2046, section 5.2.1; RFC 6532, section 3.7)."""

_EMPTY = Headers()
_TURNED = {"plain/text": "text/plain", "html/text": "text/html"}


@dataclass(slots=True)
class Part:
    """One MIME part (RFC 2045): where its body lies in `raw`, and its children when it is a multipart."""

    headers: Headers
    raw: bytes = field(repr=False)
    start: int
    end: int
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    children: list["Part"] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """The body as sent, still transfer-encoded."""
        return self.raw[self.start : self.end]

    @property
    def encoding(self) -> str:
        """The declared content transfer encoding."""
        return self.headers.first("content-transfer-encoding").decode("ascii", "replace").split("(")[0].strip().lower()


class Splitter:
    """Builds the tree of parts for one mail; counts parts so that no mail can ask for more than the limits."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._parts = 0

    def split(self, raw: bytes, start: int = 0, end: int | None = None, *, depth: int = 0) -> Part:
        """The part whose headers begin at `start`. `depth` 0 is a whole mail, which may have junk above its headers."""
        stop = len(raw) if end is None else end
        headers, body = read_block(raw, start, stop, self._problems, outermost=depth == 0)
        return self.split_body(headers, raw, body, stop, depth=depth)

    def split_body(self, headers: Headers, raw: bytes, start: int, end: int, *, depth: int, parent: str = "") -> Part:
        """The part with these headers and the body `raw[start:end]`."""
        self._parts += 1
        part = self._describe(headers, raw, start, end, parent)
        if not part.content_type.startswith("multipart/"):
            return part
        if depth >= MOST_DEPTH:
            self._problems.add(f"parts are nested more than {MOST_DEPTH} deep; the inner ones were kept unread")
            part.content_type = "application/octet-stream"
            return part
        spans = self._spans(part)
        if not spans:
            self._problems.add("a multipart has no parts; read as text")
            part.content_type = "text/plain"
            return part
        for first, last in spans:
            if self._parts >= MOST_PARTS:
                self._problems.add(f"more than {MOST_PARTS} parts; the rest was not read")
                break
            child_headers, body = read_block(raw, first, last, self._problems) if first < last else (_EMPTY, first)
            part.children.append(
                self.split_body(child_headers, raw, body, last, depth=depth + 1, parent=part.content_type)
            )
        return part

    def _describe(self, headers: Headers, raw: bytes, start: int, end: int, parent: str) -> Part:
        content_type, parameters = read_value(headers.first("content-type"), self._problems)
        disposition, options = read_value(headers.first("content-disposition"), self._problems)
        content_type = _TURNED.get(content_type, content_type)
        if "/" not in content_type:
            if content_type and content_type not in {"text", "html"}:
                self._problems.add("a Content-Type cannot be read; taken as text")
            content_type = "text/html" if content_type == "html" else "text/plain"
            if parent == "multipart/digest" and "content-type" not in headers:
                content_type = "message/rfc822"  # RFC 2046 5.1.5
        filename = options.get("filename") or parameters.get("name") or parameters.get("filename") or ""
        return Part(headers, raw, start, end, content_type, parameters, disposition, clean_filename(filename))

    def _spans(self, part: Part) -> list[tuple[int, int]]:
        """Where each child begins and ends; the line end before a delimiter belongs to the delimiter (RFC 2046 "
        "5.1.1).
        """
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        if not boundary:
            boundary = _guess_boundary(part)
            self._problems.add("a multipart does not name its boundary; it was guessed" if boundary else "")
        if not boundary:
            return []
        spans, closed = _find_spans(part.raw, b"--" + boundary, part.start, part.end)
        if not spans and (guessed := _guess_boundary(part)) not in {b"", boundary}:
            self._problems.add("a multipart does not use the boundary that it names; it was guessed")
            spans, closed = _find_spans(part.raw, b"--" + guessed, part.start, part.end)
        if spans and not closed:
            self._problems.add("a multipart is not closed; the mail may be cut short")
        return spans


def _find_spans(raw: bytes, delimiter: bytes, start: int, end: int) -> tuple[list[tuple[int, int]], bool]:
    spans: list[tuple[int, int]] = []
    opened = -1
    at = raw.find(delimiter, start, end)
    while at >= 0:
        after = at + len(delimiter)
        line_end = raw.find(b"\n", after, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[after : min(line_end, after + 200)].strip()
        if (at == start or raw[at - 1] in b"\r\n") and rest in {b"", b"--"}:
            if opened >= 0:
                spans.append((opened, _without_line_end(raw, opened, at)))
            opened = min(line_end + 1, end)
            if rest == b"--":
                return spans, True
            after = line_end
        if len(spans) > MOST_PARTS:
            return spans, True
        at = raw.find(delimiter, after, end)
    if opened >= 0 and opened < end:
        spans.append((opened, end))
    return spans, False


def _without_line_end(raw: bytes, start: int, at: int) -> int:
    if at - 1 >= start and raw[at - 1] == 10:
        at -= 1
    if at - 1 >= start and raw[at - 1] == 13:
        at -= 1
    return max(at, start)


def _guess_boundary(part: Part) -> bytes:
    """The first line that looks like a delimiter and is followed by a Content- header."""
    lines = part.raw[part.start : min(part.end, part.start + 4000)].split(b"\n")[:40]
    for line, below in pairwise(lines):
        stripped = line.rstrip()
        if not stripped.startswith(b"--") or not 2 < len(stripped) < 80 or b" " in stripped or not stripped.strip(b"-"):
            continue
        if below.lower().startswith(b"content-"):
            return stripped[2:]
    return b""


def clean_filename(name: str) -> str:
    """The last component of a stated file name, without control characters, at most 200 characters."""
    name = (
        "".join(letter for letter in name if letter.isprintable()).replace("\\", "/").rstrip("/").split("/")[-1].strip()
    )
    if len(name) <= 200:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:180]}{dot}{ending[:19]}" if dot else name[:200]
