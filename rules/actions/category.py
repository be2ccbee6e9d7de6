"""Decides the category."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.shapes import Name
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class Category:
    """The category wanted."""

    name: str

    def apply(self, effects: Effects, rule: Rule) -> None:
        """One category; the first rule by rank gives it."""
        effects.choose("category", self.name, rule)

    def words(self) -> str:
        """In words."""
        return f"category: {self.name}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> Category:
    return Category(value)


DEFINITION = Definition(
    name="category",
    about="Decides the category, over the model. Only in phase `classify`. Of several rules the locked one "
    "wins, then the highest `priority`, then the first in the file.",
    shape=Name("categories"),
    make=_make,
    example=Example(
        yaml="{category: harassment}",
        given="{text: gizmo}",
        expect="{category: harassment}",
    ),
    phases=("classify",),
)
