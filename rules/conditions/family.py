"""True when the category decided on belongs to one of these families."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.expressions import FALSE, UNKNOWN, Outcome, holds
from rules.facts import Facts
from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.shapes import ListOf, Text
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Family:
    """Families, one of which the category's must be."""

    names: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """Unknown while no category is decided, or when it has no family."""
        category = facts.ruleset.categories.get(facts.decided.category)
        if category is None or not category.family:
            return UNKNOWN
        return holds((category.family,), "decided") if category.family in self.names else FALSE

    def words(self) -> str:
        """In words."""
        return f"family is {' or '.join(self.names)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Family | None:
    for name in value:
        if name not in reader.families:
            reader.error(node, f'unknown family "{name}"', did_you_mean(name, reader.families))
            return None
    return Family(value)


DEFINITION = Definition(
    name="family",
    about="The family of the category decided on; unknown when the category has none.",
    shape=ListOf(Text("the name of a family")),
    make=_make,
    example=Example(
        yaml="{family: administrative}", given="{model: {training: 0.9}}", otherwise="{model: {harassment: 0.9}}"
    ),
)
