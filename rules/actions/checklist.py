"""Gives the case a checklist."""

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
class Checklist:
    """The checklist wanted."""

    name: str

    def apply(self, effects: Effects, rule: Rule) -> None:
        """One checklist; the first rule by rank gives it."""
        effects.choose("checklist", self.name, rule)

    def words(self) -> str:
        """In words."""
        return f"checklist: {self.name}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> Checklist:
    return Checklist(value)


DEFINITION = Definition(
    name="checklist",
    about="The steps that this case must go through, rather than those of its category.",
    shape=Name("checklists"),
    make=_make,
    example=Example(
        yaml="{checklist: investigation}",
        given="{text: gizmo}",
        expect="{checklist: investigation}",
    ),
)
