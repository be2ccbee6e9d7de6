"""True when the submission joins an existing case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.expressions import FALSE, TRUE, Outcome
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Truth
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Whether it must join a case."""

    wanted: bool

    def evaluate(self, facts: Facts) -> Outcome:
        """True or false; always known."""
        return TRUE if bool(facts.context.follow_up_of) == self.wanted else FALSE

    def words(self) -> str:
        """In words."""
        return "a reply in an existing case" if self.wanted else "a new case"


def _make(value: bool, options: Mapping[str, Any], reader: Reader, node: Node) -> FollowUp:
    return FollowUp(value)


DEFINITION = Definition(
    name="follow_up",
    about="Whether this is a reply in an existing case.",
    shape=Truth(),
    make=_make,
    example=Example(yaml="{follow_up: true}", given="{follow_up_of: {category: training}}", otherwise="{text: Hello}"),
)
