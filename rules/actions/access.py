"""Makes access stricter, never looser."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.model.words import Access as Level
from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.shapes import Choice
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class Access:
    """The access wanted at least."""

    level: str

    def apply(self, effects: Effects, rule: Rule) -> None:
        """The stricter of both."""
        effects.tighten_access(Level(self.level))

    def words(self) -> str:
        """In words."""
        return f"access: at least {self.level}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> Access:
    return Access(value)


DEFINITION = Definition(
    name="access",
    about="Makes access stricter: `managed` is open to the team, `restricted` to named people, `sealed` to "
    "nobody else, Heed itself included. Rules never loosen it.",
    shape=Choice(tuple(Level)),
    make=_make,
    example=Example(
        yaml="{access: restricted}",
        given="{text: gizmo}",
        expect="{access: restricted}",
    ),
)
