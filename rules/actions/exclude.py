"""Keeps people away from the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.recipients import EXCLUDABLE, Recipient
from rules.language.shapes import ListOf
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class Exclude:
    """Who is kept away."""

    people: tuple[str, ...]

    def apply(self, effects: Effects, rule: Rule) -> None:
        """Everyone that any rule names."""
        effects.exclude.update(dict.fromkeys((person, rule.id) for person in self.people))

    def words(self) -> str:
        """In words."""
        return f"exclude {', '.join(self.people)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Exclude:
    return Exclude(value)


DEFINITION = Definition(
    name="exclude",
    about="Keeps these people away: never owner, told, escalated to or reading. `named_people` and "
    "`their_reports` are excluded even without a rule.",
    shape=ListOf(Recipient(roles=EXCLUDABLE)),
    make=_make,
    example=Example(
        yaml="{exclude: [named_people, cho@acme.example]}",
        given="{text: gizmo}",
        expect="{excluded: [cho@acme.example]}",
    ),
)
