"""Tells people that a case is there."""

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
class Notify:
    """Who is told."""

    recipients: tuple[str, ...]

    def apply(self, effects: Effects, rule: Rule) -> None:
        """Everyone that any rule names."""
        effects.notify.update(dict.fromkeys((recipient, rule.id) for recipient in self.recipients))

    def words(self) -> str:
        """In words."""
        return f"notify {', '.join(self.recipients)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Notify:
    return Notify(value)


DEFINITION = Definition(
    name="notify",
    about="Tells these people that there is a case, without content. It lets nobody read it.",
    shape=ListOf(Recipient()),
    make=_make,
    example=Example(
        yaml="{notify: [team_lead, hr_leadership]}",
        given="{text: gizmo}",
        expect="{notified: [fay@acme.example, cho@acme.example]}",
    ),
)
