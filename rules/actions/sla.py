"""Adds the deadlines of another SLA."""

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
class Sla:
    """The SLA wanted."""

    name: str

    def apply(self, effects: Effects, rule: Rule) -> None:
        """Every SLA that any rule names: the earliest deadline of each kind counts."""
        effects.slas[self.name] = None

    def words(self) -> str:
        """In words."""
        return f"deadlines of {self.name}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> Sla:
    return Sla(value)


DEFINITION = Definition(
    name="sla",
    about="Adds the deadlines of this SLA to those of the category; of each kind the earliest counts, so that "
    "no rule makes a deadline later.",
    shape=Name("slas"),
    make=_make,
    example=Example(
        yaml="{sla: serious}",
        given="{text: gizmo}",
        expect="{deadlines: {start_investigation: 2026-03-06 10:00}}",
    ),
)
