"""True when the classify phase decided on one of these categories."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import ListOf, Name
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Category:
    """Categories, one of which it must be."""

    names: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the category."""
        name = facts.decided.category
        return holds((name,), "decided") if name in self.names else FALSE

    def words(self) -> str:
        """In words."""
        return f"category is {' or '.join(self.names)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Category:
    return Category(value)


DEFINITION = Definition(
    name="category",
    about="The category that the classify phase decided on; in that phase itself none is decided yet.",
    shape=ListOf(Name("categories")),
    make=_make,
    example=Example(
        yaml="{category: [training, leave]}", given="{model: {training: 0.9}}", otherwise="{model: {unsorted: 0.9}}"
    ),
)
