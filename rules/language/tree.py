"""From YAML text to a tree of nodes with positions, within limits that no bad file can exceed.

YAML 1.2 core schema: `NO` and `on` stay words, `17:30` stays text. Merge keys and tags are refused; aliases count in
full each time, so that an alias bomb meets the same limit as a large file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from rules.language.problems import Problem, RulesetInvalid

MOST_BYTES = 1_000_000
MOST_NODES = 60_000
MOST_DEPTH = 24
MOST_ITEMS = 2_000
"""Entries of one list or mapping."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,15}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?\Z")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One value with its place. `line` and `column` count from 1, `length` is its first line's length in characters.

    `kind` is `map` (value: tuple of key, value pairs), `list` (tuple of nodes), `text`, `number`, `truth` or `nothing`.
    """

    kind: str
    value: Any
    line: int
    column: int
    length: int = 1

    @property
    def pairs(self) -> tuple[tuple["Node", "Node"], ...]:
        """The entries of a mapping; empty for anything else."""
        return self.value if self.kind == "map" else ()

    @property
    def items(self) -> tuple["Node", ...]:
        """The entries of a list; empty for anything else."""
        return self.value if self.kind == "list" else ()

    def get(self, key: str) -> "Node | None":
        """The value under `key` of a mapping, or None."""
        return next((value for name, value in self.pairs if name.value == key), None)


def parse(text: str, source: str = "rules.yaml") -> Node:
    """The document in `text` as a tree. Raises `RulesetInvalid` with one problem: what stops the reading."""
    lines = text.split("\n", MOST_NODES) if len(text) <= MOST_BYTES else []
    problem = _unreadable(text, lines)
    if problem is None:
        builder = _Builder(YAML(typ="safe", pure=True).parse(text), lines)
        try:
            return builder.document()
        except _Stop as stop:
            problem = stop.problem
        except MarkedYAMLError as error:
            problem = _syntax(error, lines, builder.long_quote)
        except (YAMLError, ValueError, RecursionError) as error:
            problem = Problem(1, 1, f"this is not YAML ({type(error).__name__})")
    raise RulesetInvalid([problem], source) from None


def _unreadable(text: str, lines: list[str]) -> Problem | None:
    """What can be told before parsing: too big, empty, tabs as indentation, control characters."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return Problem(1, 1, f"the file is larger than {MOST_BYTES // 1000:,} KB; a ruleset is never that long")
    if not text.strip():
        return Problem(1, 1, "the file is empty")
    bad = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        return Problem(line, column, f"the character U+{ord(bad.group()):04X} cannot stand in YAML",
                       "remove it; was the file saved as UTF-8?", text=lines[line - 1])  # fmt: skip
    for number, line_text in enumerate(lines, 1):
        indentation = line_text[: len(line_text) - len(line_text.lstrip())]
        if "\t" in indentation and line_text.strip() and not line_text.lstrip().startswith("#"):
            return Problem(number, indentation.index("\t") + 1, "a tab stands in the indentation",
                           "use spaces; YAML forbids tabs here", text=line_text)  # fmt: skip
    return None


def _syntax(error: MarkedYAMLError, lines: list[str], long_quote: tuple[int, int]) -> Problem:
    """A parser's complaint in words for people who never program.

    `long_quote` are the lines, from 0, in which the last quoted text began and ended that goes over several.
    """
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    said = str(error.problem or error.context or "this is not YAML")
    suggestion = next((words for key, words in _SYNTAX_WORDS if key in f"{said} {error.context or ''}"), "")
    if long_quote[1] == line and long_quote[0] < line:
        suggestion = f"is a closing quote missing in line {long_quote[0] + 1}?"
    elif name := _without_colon(error, said, lines):
        line, column, suggestion = name.line, name.column, f'is a colon missing after "{name.value}"?'
    if mark and line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    return Problem(line + 1, column + 1, f"the YAML cannot be read here: {said}", suggestion,
                   text=lines[line] if line < len(lines) else "")  # fmt: skip


_NAME = re.compile(r"\s*(?:- )?(?P<name>[A-Za-z_][\w-]*)(?=\s*(#|$)|\s+[\[{]|\s[^:]*$)")
"""A line that begins like a name and its value, with no colon between them."""


def _without_colon(error: MarkedYAMLError, said: str, lines: list[str]) -> Node | None:
    """The name behind which a colon is missing, at its end (counted from 0); the parser stumbles only later."""
    mark, began = error.problem_mark, error.context_mark
    if mark is None or mark.line >= len(lines):
        return None
    before, number = lines[mark.line][: mark.column], mark.line
    if "expected ',' or '}'" in said and before.endswith(" ") and lines[mark.line][mark.column] in "[{":
        words = re.search(r"(?P<name>[A-Za-z_][\w-]*) +$", before)
        return Node("text", words["name"], number, words.end("name")) if words else None
    if "expected ':'" in said and began is not None:
        number = began.line
    elif "mapping values are not allowed" not in said:
        return None
    elif ": " not in before:
        number = _above(mark.line, lines)
    found = _NAME.match(lines[number])
    return Node("text", found["name"], number, found.end("name")) if found and not _goes_on(number, lines) else None


def _above(number: int, lines: list[str]) -> int:
    """The line before that says something; the first one when there is none."""
    said = (one for one in range(number - 1, 0, -1) if lines[one].strip() and not lines[one].lstrip().startswith("#"))
    return next(said, 0)


def _goes_on(number: int, lines: list[str]) -> bool:
    """Whether this line goes on with the text of the one above: it stands deeper, and that one has its value already."""
    above = lines[_above(number, lines)]
    here, there = (len(line) - len(line.lstrip(" -")) for line in (lines[number], above))
    return here > there and re.search(r":\s+[^\s#|>]", above) is not None


_SYNTAX_WORDS = (
    ("expected <block end>", "is this line indented like its neighbours?"),
    (
        "mapping values are not allowed",
        'is the indentation right, and no colon missing before it? a text with ": " in it needs quotes',
    ),
    ("could not find expected ':'", "is a colon missing after the name?"),
    ("expected ',' or ']'", "is a comma or a closing ] missing?"),
    ("expected ',' or '}'", "is a comma or a closing } missing?"),
    ("while scanning a quoted scalar", "is a closing quote missing?"),
    ("cannot start any token", "put this text in quotes"),
    ("undefined alias", 'a text that begins with "*" needs quotes'),
    ("alphabetic or numeric character", 'a text that begins with "*" or "&" needs quotes'),
)


class _Stop(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Builder:
    """Builds nodes from parser events and stops at the first limit; events come lazily, so it stops early."""

    def __init__(self, events: Iterator[Any], lines: list[str]) -> None:
        self._events = iter(events)
        self._lines = lines
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0
        self.long_quote = (-1, -1)

    def document(self) -> Node:
        """The only document of the stream."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise self._stop(event, "a second document begins here", 'remove the line "---"')
                root = self._node(next(self._events), 0)
        if root is None:
            raise _Stop(Problem(1, 1, "the file has no content"))
        return root

    def _node(self, event: Any, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise self._stop(event, f"more than {MOST_DEPTH} levels inside one another", "name a condition instead")
        if isinstance(event, AliasEvent):
            return self._alias(event)
        before = self._count
        self._grow(event, 1)
        if isinstance(event, ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, SequenceStartEvent):
            node = self._collection(event, "list", depth)
        elif isinstance(event, MappingStartEvent):
            node = self._collection(event, "map", depth)
        else:
            raise self._stop(event, "this is not a value")
        if event.anchor:
            self._anchors[event.anchor] = (node, self._count - before)
        return node

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self._anchors:
            raise self._stop(event, f'"*{event.anchor}" refers to nothing', 'a text that begins with "*" needs quotes')
        node, size = self._anchors[event.anchor]
        self._grow(event, size)
        return node

    def _grow(self, event: Any, by: int) -> None:
        self._count += by
        if self._count > MOST_NODES:
            raise self._stop(event, f"more than {MOST_NODES:,} values in the file, aliases counted in full")

    def _scalar(self, event: Any) -> Node:
        start, end = event.start_mark, event.end_mark
        first_line = self._lines[start.line] if start.line < len(self._lines) else ""
        length = end.column - start.column if end.line == start.line else len(first_line.rstrip()) - start.column
        if event.style in {'"', "'"} and end.line > start.line:
            self.long_quote = (start.line, end.line)
        if event.tag is not None:
            raise self._stop(event, "YAML tags (!...) are not used here", "remove it")
        kind, value = ("text", event.value) if not event.implicit[0] else _plain(event.value)
        return Node(kind, value, start.line + 1, start.column + 1, max(1, length))

    def _collection(self, start: Any, kind: str, depth: int) -> Node:
        nodes: list[Node] = []
        most = MOST_ITEMS * (2 if kind == "map" else 1)
        for event in self._events:
            if type(event).__name__ in {"SequenceEndEvent", "MappingEndEvent"}:
                break
            if len(nodes) >= most:
                raise self._stop(start, f"more than {MOST_ITEMS:,} entries in one {kind}", "split it")
            nodes.append(self._node(event, depth + 1))
        mark = start.start_mark
        value = tuple(nodes) if kind == "list" else tuple(zip(nodes[::2], nodes[1::2], strict=True))
        return Node(kind, value, mark.line + 1, mark.column + 1)

    def _stop(self, event: Any, message: str, suggestion: str = "") -> _Stop:
        line, column = event.start_mark.line, event.start_mark.column
        text = self._lines[line] if line < len(self._lines) else ""
        return _Stop(Problem(line + 1, column + 1, message, suggestion, text=text))


def _plain(value: str) -> tuple[str, Any]:
    """Kind and value of an unquoted scalar (YAML 1.2, chapter 10.3.2, without octal and hexadecimal)."""
    if value in _WORDS:
        word = _WORDS[value]
        return ("nothing" if word is None else "truth"), word
    if _INTEGER.match(value):
        return "number", int(value)
    if _FLOAT.match(value):
        return "number", float(value)
    return "text", value
