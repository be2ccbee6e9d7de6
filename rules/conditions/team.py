"""True when the case goes to one of these teams so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import ListOf, Name
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Team:
    """Teams, one of which it must be."""

    names: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the team."""
        team = facts.decided.team
        return holds((team,), "decided") if team in self.names else FALSE

    def words(self) -> str:
        """In words."""
        return f"goes to {' or '.join(self.names)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Team:
    return Team(value)


DEFINITION = Definition(
    name="team",
    about="The team that the earlier phases chose.",
    shape=ListOf(Name("teams")),
    make=_make,
    example=Example(yaml="{team: er}", given="{model: {harassment: 0.9}}", otherwise="{model: {training: 0.9}}"),
)
