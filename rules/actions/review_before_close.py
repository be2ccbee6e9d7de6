"""Lets nobody close the case without a second person."""

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
class ReviewBeforeClose:
    """Always true."""

    needed: bool

    def apply(self, effects: Effects, rule: Rule) -> None:
        """True once any rule says so."""
        effects.review_before_close = effects.review_before_close or self.needed

    def words(self) -> str:
        """In words."""
        return "review before closing"


def _make(value: bool, options: Mapping[str, Any], reader: Reader, node: Node) -> ReviewBeforeClose:
    return ReviewBeforeClose(value)


DEFINITION = Definition(
    name="review_before_close",
    about="A second person must agree before the case is closed.",
    shape=OnlyTrue(),
    make=_make,
    example=Example(
        yaml="{review_before_close: true}",
        given="{text: gizmo}",
        expect="{review_before_close: true}",
    ),
)
