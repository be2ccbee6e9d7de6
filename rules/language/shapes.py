"""Small readers that say what may stand in a place: they turn a node into a value, note problems, and give the schema.

Every construct of the language is made of these, so that the check, the JSON Schema and the reference page agree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from cases.errors import Refused
from rules.language.problems import did_you_mean
from rules.language.reader import NAMED, Reader
from rules.language.tree import Node

KIND_WORDS = {"map": "a block of names and values", "list": "a list", "text": "a text", "number": "a number",
              "truth": "true or false", "nothing": "nothing"}  # fmt: skip


class Shape(Protocol):
    """What may stand in a place. `read` gives None after noting a problem; a shape's own value is never None."""

    def read(self, node: Node, reader: Reader) -> Any:
        """The value of `node`, or None when it is wrong; then the reader holds the problem."""

    def schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of what may stand here."""

    def words(self) -> str:
        """What may stand here, in words for the reference page and for messages."""


def _without_colon(key: str, known: Sequence[str]) -> str:
    """What is meant by a key that swallowed its value: `then {category` for `then: {category: …}`."""
    word = key.split(maxsplit=1)[0] if key.split() else ""
    return f'write "{word}:", with a colon behind it' if word != key and word in known else ""


def wrong_kind(node: Node, shape: Shape, reader: Reader) -> Any:
    """Notes that something else is expected here; gives None."""
    found = f'"{node.value}"' if node.kind in {"text", "number", "truth"} else KIND_WORDS[node.kind]
    reader.error(node, f"expected {shape.words()}, found {found}")
    return None


@dataclass(frozen=True)
class Text:
    """A text; numbers are taken as they are written."""

    about: str = "a text"

    def read(self, node: Node, reader: Reader) -> str | None:
        """The text."""
        if node.kind in {"text", "number"} and str(node.value).strip():
            return str(node.value)
        return wrong_kind(node, self, reader)  # type: ignore[no-any-return]

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": ["string", "number"]}

    def words(self) -> str:
        """What is expected."""
        return self.about


@dataclass(frozen=True)
class Number:
    """A number within bounds, both included."""

    least: float = 0
    most: float = 1_000_000
    whole: bool = False

    def read(self, node: Node, reader: Reader) -> float | None:
        """The number."""
        fits = node.kind == "number" and self.least <= node.value <= self.most
        if not fits or (self.whole and not isinstance(node.value, int)):
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]
        return float(node.value) if isinstance(node.value, float) else int(node.value)

    def schema(self) -> dict[str, Any]:
        """A number with its bounds."""
        return {"type": "integer" if self.whole else "number", "minimum": self.least, "maximum": self.most}

    def words(self) -> str:
        """What is expected."""
        return f"a {'whole ' if self.whole else ''}number from {self.least:g} to {self.most:g}"


@dataclass(frozen=True)
class Truth:
    """true or false."""

    def read(self, node: Node, reader: Reader) -> bool | None:
        """True or false."""
        return bool(node.value) if node.kind == "truth" else wrong_kind(node, self, reader)

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}

    def words(self) -> str:
        """What is expected."""
        return "true or false"


@dataclass(frozen=True)
class Day:
    """A date written 2026-03-31."""

    def read(self, node: Node, reader: Reader) -> date | None:
        """The date."""
        try:
            return date.fromisoformat(str(node.value))
        except ValueError:
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]

    def schema(self) -> dict[str, Any]:
        """A string of that form."""
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

    def words(self) -> str:
        """What is expected."""
        return "a date like 2026-03-31"


@dataclass(frozen=True)
class Choice:
    """One of a few words. The words may depend on the reader (the risk levels of the file)."""

    options: tuple[str, ...] | Callable[[Reader], Sequence[str]]
    about: str = ""

    def read(self, node: Node, reader: Reader) -> str | None:
        """The word."""
        options = self.options(reader) if callable(self.options) else self.options
        if node.value in options and node.kind == "text":
            return str(node.value)
        reader.error(node, f'"{node.value}" is not one of {", ".join(options)}', did_you_mean(str(node.value), options))
        return None

    def schema(self) -> dict[str, Any]:
        """An enumeration, where the words are fixed."""
        return {"type": "string"} if callable(self.options) else {"enum": list(self.options)}

    def words(self) -> str:
        """What is expected."""
        return self.about or ("one of the names" if callable(self.options) else " or ".join(self.options))


@dataclass(frozen=True)
class Name:
    """The name of something of the file: a team, a list, a calendar."""

    section: str

    def read(self, node: Node, reader: Reader) -> str | None:
        """The name."""
        return reader.use(self.section, node)

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}

    def words(self) -> str:
        """What is expected."""
        return f"the name of a {NAMED[self.section]}"


@dataclass(frozen=True)
class ListOf:
    """A list; one entry may stand without brackets."""

    each: Shape
    least: int = 1
    empty: str = "this list is empty"

    def read(self, node: Node, reader: Reader) -> tuple[Any, ...] | None:
        """A tuple of the entries' values."""
        nodes = node.items if node.kind == "list" else (node,)
        if len(nodes) < self.least:
            reader.error(node, self.empty, f"give {self.each.words()}")
            return None
        values = tuple(self.each.read(entry, reader) for entry in nodes)
        return None if None in values else values

    def schema(self) -> dict[str, Any]:
        """One or several."""
        each = self.each.schema()
        return {"anyOf": [each, {"type": "array", "items": each, "minItems": self.least}]}

    def words(self) -> str:
        """What is expected."""
        return f"{self.each.words()}, or a list of such"


@dataclass(frozen=True)
class MapOf:
    """Names that the author chooses, each with a value. Gives a tuple of pairs."""

    each: Shape
    key: Shape = Text("a name")

    def read(self, node: Node, reader: Reader) -> tuple[tuple[Any, Any], ...] | None:
        """The pairs in file order."""
        if node.kind != "map":
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]
        check_duplicates(node, reader)
        pairs = tuple((self.key.read(name, reader), self.each.read(value, reader)) for name, value in node.pairs)
        return None if any(None in pair for pair in pairs) else pairs

    def schema(self) -> dict[str, Any]:
        """An object of any keys."""
        return {"type": "object", "additionalProperties": self.each.schema()}

    def words(self) -> str:
        """What is expected."""
        return f"names, each with {self.each.words()}"


@dataclass(frozen=True)
class OneOf:
    """Shapes told apart by the kind of node: `text`, `list`, `map`, `number`, `truth`."""

    by_kind: tuple[tuple[str, Shape], ...]

    def read(self, node: Node, reader: Reader) -> Any:
        """What the fitting shape gives."""
        for kind, shape in self.by_kind:
            if kind == node.kind:
                return shape.read(node, reader)
        return wrong_kind(node, self, reader)

    def schema(self) -> dict[str, Any]:
        """Any of them."""
        return {"anyOf": [shape.schema() for _, shape in self.by_kind]}

    def words(self) -> str:
        """What is expected."""
        return " or ".join(dict.fromkeys(shape.words() for _, shape in self.by_kind))


@dataclass(frozen=True)
class Written:
    """A text with a form of its own, read by a function that raises `Refused` with words for the author."""

    read_text: Callable[[str, Reader], Any]
    about: str
    pattern: str = ""

    def read(self, node: Node, reader: Reader) -> Any:
        """What the function makes of it."""
        if node.kind not in {"text", "number"}:
            return wrong_kind(node, self, reader)
        try:
            return self.read_text(str(node.value), reader)
        except Refused as refused:
            reader.error(node, str(refused))
            return None

    def schema(self) -> dict[str, Any]:
        """A string, with a pattern where one is known."""
        return {"type": "string", "pattern": self.pattern} if self.pattern else {"type": "string"}

    def words(self) -> str:
        """What is expected."""
        return self.about


@dataclass(frozen=True)
class Field:
    """A place of a record. A required one has no default. `about` is its line on the reference page."""

    shape: Shape
    about: str
    required: bool = False


@dataclass(frozen=True)
class Record:
    """A block of fixed names. Gives `make(**values)`, where a field not written keeps the default of `make`."""

    make: Callable[..., Any]
    fields: Mapping[str, Field]
    about: str
    extra_keys: tuple[str, ...] = ()

    def read(self, node: Node, reader: Reader) -> Any:
        """The made value."""
        if node.kind != "map":
            return wrong_kind(node, self, reader)
        check_duplicates(node, reader)
        before = len(reader.problems)
        values: dict[str, Any] = {}
        meant: set[str] = set()
        for name, value in node.pairs:
            key = str(name.value)
            if key in self.fields:
                values[key] = self.fields[key].shape.read(value, reader)
            elif key not in self.extra_keys:
                known = (*self.fields, *self.extra_keys)
                near = _without_colon(key, known) or did_you_mean(key, [one for one in known if node.get(one) is None])
                meant.update(one for one in self.fields if f'"{one}"' in near or f'"{one}:"' in near)
                reader.error(name, f'"{key}" is not known here', near or f"{self.about} has: {', '.join(known)}")
        for missing, place in self.fields.items():
            if place.required and missing not in values and missing not in meant:
                reader.error(node, f'"{missing}" is missing from {self.about}', place.about)
        broken = any(problem.severity == "error" for problem in reader.problems[before:])
        if broken or None in values.values():
            return None
        try:
            return self.make(**values)
        except Refused as refused:
            reader.error(node, str(refused))
            return None

    def schema(self) -> dict[str, Any]:
        """An object of these properties only."""
        properties = {name: {**place.shape.schema(), "description": place.about} for name, place in self.fields.items()}
        required = [name for name, place in self.fields.items() if place.required]
        return {"type": "object", "properties": properties, "additionalProperties": False} | (
            {"required": required} if required else {}
        )

    def words(self) -> str:
        """What is expected."""
        return self.about


def check_duplicates(node: Node, reader: Reader) -> None:
    """Notes every key that stands twice in a block."""
    seen: dict[Any, Node] = {}
    for name, _ in node.pairs:
        if name.kind in {"map", "list"}:
            reader.error(name, "a name is expected here")
        elif name.value in seen:
            reader.error(name, f'"{name.value}" stands twice (first in line {seen[name.value].line})', "keep one")
        else:
            seen[name.value] = name


@dataclass(frozen=True)
class OnlyTrue:
    """true and nothing else: what rules can only switch on."""

    def read(self, node: Node, reader: Reader) -> bool | None:
        """True."""
        if node.kind == "truth" and node.value:
            return True
        reader.error(node, "only true can stand here", "rules only switch this on; leave the line out otherwise")
        return None

    def schema(self) -> dict[str, Any]:
        """The constant true."""
        return {"const": True}

    def words(self) -> str:
        """What is expected."""
        return "true"
