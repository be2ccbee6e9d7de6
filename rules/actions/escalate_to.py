"""Tells people at once, and makes them readers of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.recipients import Recipient
from rules.language.shapes import ListOf
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class EscalateTo:
    """Who is told."""

    recipients: tuple[str, ...]

    def apply(self, effects: Effects, rule: Rule) -> None:
        """Everyone that any rule names."""
        effects.escalate_to.update(dict.fromkeys((recipient, rule.id) for recipient in self.recipients))

    def words(self) -> str:
        """In words."""
        return f"escalate to {', '.join(self.recipients)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> EscalateTo:
    return EscalateTo(value)


DEFINITION = Definition(
    name="escalate_to",
    about="Tells these people within seconds, without content, and lets them read the case. Whoever is excluded "
    "is not told; their backup is.",
    shape=ListOf(Recipient()),
    make=_make,
    example=Example(
        yaml="{escalate_to: counsel}",
        given="{text: gizmo}",
        expect="{escalated_to: [legal@acme.example]}",
    ),
)
