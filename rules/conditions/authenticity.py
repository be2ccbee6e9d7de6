"""True when the stated sender is believed so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.model.words import Authenticity as Belief
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Choice, ListOf
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Authenticity:
    """Results of the check, one of which it must be."""

    results: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the result."""
        result = str(facts.submission.authenticity)
        return holds((result,), "authentication") if result in self.results else FALSE

    def words(self) -> str:
        """In words."""
        return f"authenticity is {' or '.join(self.results)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Authenticity:
    return Authenticity(value)


DEFINITION = Definition(
    name="authenticity",
    about="How far the stated sender is believed: `pass` in full, `none` unverified, `fail` not at all.",
    shape=ListOf(Choice(tuple(Belief))),
    make=_make,
    example=Example(yaml="{authenticity: fail}", given="{authenticity: fail}", otherwise="{authenticity: pass}"),
)
