"""Raises the risk to a level, never lowers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.shapes import Choice
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class RaiseRiskTo:
    """The level wanted at least."""

    level: str

    def apply(self, effects: Effects, rule: Rule) -> None:
        """The higher of both."""
        effects.raise_risk(self.level)

    def words(self) -> str:
        """In words."""
        return f"risk: at least {self.level}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> RaiseRiskTo:
    return RaiseRiskTo(value)


DEFINITION = Definition(
    name="raise_risk_to",
    about="Raises the risk to this level; one that is higher already stays. Rules never lower it.",
    shape=Choice(lambda reader: reader.risk_levels, "a risk level"),
    make=_make,
    example=Example(
        yaml="{raise_risk_to: high}",
        given="{text: gizmo}",
        expect="{risk: high}",
    ),
)
