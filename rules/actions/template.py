"""Chooses the wording of the acknowledgement."""

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
class Template:
    """The template wanted."""

    name: str

    def apply(self, effects: Effects, rule: Rule) -> None:
        """One template; the first rule by rank gives it."""
        effects.choose("template", self.name, rule)

    def words(self) -> str:
        """In words."""
        return f"acknowledge with {self.name}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> Template:
    return Template(value)


DEFINITION = Definition(
    name="template",
    about="The wording of the acknowledgement, rather than that of its category; `none` sends no acknowledgement.",
    shape=Name("templates"),
    make=_make,
    example=Example(
        yaml="{template: acknowledge_brief}",
        given="{text: gizmo}",
        expect="{template: acknowledge_brief}",
    ),
)
