"""True when the risk decided so far is at least, or below, a level."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.errors import Refused
from rules.expressions import FALSE, UNKNOWN, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Choice, Field, Record
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Risk:
    """Levels between which it must lie."""

    at_least: str = ""
    below: str = ""

    def evaluate(self, facts: Facts) -> Outcome:
        """Unknown while no risk is decided: in the classify phase."""
        if not facts.decided.risk:
            return UNKNOWN
        rank = facts.ruleset.risk_rank
        level = rank(facts.decided.risk)
        fits = (not self.at_least or level >= rank(self.at_least)) and (not self.below or level < rank(self.below))
        return holds((facts.decided.risk,), "decided") if fits else FALSE

    def words(self) -> str:
        """In words."""
        parts = ([f"at least {self.at_least}"] if self.at_least else []) + (
            [f"below {self.below}"] if self.below else []
        )
        return f"risk is {' and '.join(parts)}"


def _make(value: Risk, options: Mapping[str, Any], reader: Reader, node: Node) -> Risk:
    return value


def _record(**values: str) -> Risk:
    if not values:
        raise Refused("say at_least or below, with a risk level")
    return Risk(**values)


_LEVEL = Choice(lambda reader: reader.risk_levels, "a risk level")

DEFINITION = Definition(
    name="risk",
    about="The risk decided by the earlier phases, against the levels of the file.",
    shape=Record(
        _record,
        {"at_least": Field(_LEVEL, "this level or higher"), "below": Field(_LEVEL, "lower than this level")},
        "the test of a risk",
    ),
    make=_make,
    example=Example(
        yaml="{risk: {at_least: high}}", given="{model: {harassment: 0.9}}", otherwise="{model: {training: 0.9}}"
    ),
)
