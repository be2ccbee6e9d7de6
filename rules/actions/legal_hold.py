"""Keeps the case from being erased."""

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
class LegalHold:
    """Always true."""

    held: bool

    def apply(self, effects: Effects, rule: Rule) -> None:
        """True once any rule says so."""
        effects.legal_hold = effects.legal_hold or self.held

    def words(self) -> str:
        """In words."""
        return "legal hold"


def _make(value: bool, options: Mapping[str, Any], reader: Reader, node: Node) -> LegalHold:
    return LegalHold(value)


DEFINITION = Definition(
    name="legal_hold",
    about="Nothing of the case is erased until a person lifts the hold.",
    shape=OnlyTrue(),
    make=_make,
    example=Example(
        yaml="{legal_hold: true}",
        given="{text: gizmo}",
        expect="{legal_hold: true}",
    ),
)
