"""Puts the notices of a rule before everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.shapes import OnlyTrue
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class Urgent:
    """Always true."""

    now: bool

    def apply(self, effects: Effects, rule: Rule) -> None:
        """Marks the rule, so that its notices are urgent."""
        effects.urgent.add(rule.id)

    def words(self) -> str:
        """In words."""
        return "urgent"


def _make(value: bool, options: Mapping[str, Any], reader: Reader, node: Node) -> Urgent:
    return Urgent(value)


DEFINITION = Definition(
    name="urgent",
    about="The notices of this rule (`escalate_to`, `notify`) go before everything else.",
    shape=OnlyTrue(),
    make=_make,
    example=Example(
        yaml="{urgent: true, escalate_to: counsel}",
        given="{text: gizmo}",
        expect="{escalated_to: [legal@acme.example]}",
    ),
)
