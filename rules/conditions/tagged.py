"""True when an earlier phase put a tag on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import ListOf, Text
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Tagged:
    """Tags, one of which must be there."""

    tags: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the tags found."""
        found = tuple(tag for tag in self.tags if tag in facts.decided.tags)
        return holds(found, "decided") if found else FALSE

    def words(self) -> str:
        """In words."""
        return f"tagged {' or '.join(self.tags)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Tagged:
    reader.tags_asked += [(tag, node) for tag in value]
    return Tagged(value)


DEFINITION = Definition(
    name="tagged",
    about="A tag that a rule of an earlier phase put on it, or that the case has when this is a reply.",
    shape=ListOf(Text("a tag")),
    make=_make,
    example=Example(
        yaml="{tagged: urgent}",
        given="{follow_up_of: {category: training, tags: urgent}}",
        otherwise="{follow_up_of: {category: training}}",
    ),
)
