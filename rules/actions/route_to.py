"""Sends the case to a team, or to a group of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.recipients import Recipient
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class RouteTo:
    """The team or group wanted."""

    target: str

    def apply(self, effects: Effects, rule: Rule) -> None:
        """One route; the first rule by rank gives it."""
        effects.choose("route_to", self.target, rule)

    def words(self) -> str:
        """In words."""
        return f"route to {self.target}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> RouteTo:
    return RouteTo(value)


DEFINITION = Definition(
    name="route_to",
    about="Sends the case to this team, or to this group of people, rather than to the team of its category. A "
    "later phase wins over an earlier one.",
    shape=Recipient(roles=()),
    make=_make,
    example=Example(
        yaml="{route_to: er}",
        given="{text: gizmo}",
        expect="{team: er}",
    ),
)
