"""True when the access decided so far is one of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.model.words import Access as Level
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Choice, ListOf
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Access:
    """Levels of access, one of which it must be."""

    levels: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the access."""
        access = facts.decided.access
        return holds((access,), "decided") if access in self.levels else FALSE

    def words(self) -> str:
        """In words."""
        return f"access is {' or '.join(self.levels)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Access:
    return Access(value)


DEFINITION = Definition(
    name="access",
    about="The access decided by the earlier phases: managed, restricted or sealed.",
    shape=ListOf(Choice(tuple(Level))),
    make=_make,
    example=Example(yaml="{access: sealed}", given="{channel: anonymous}", otherwise="{channel: mail}"),
)
