"""True when the submission came in by a certain door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.model.words import Channel as Door
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Choice, ListOf
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Channel:
    """Doors, one of which it must be."""

    doors: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the door."""
        door = str(facts.submission.channel)
        return holds((door,), "channel") if door in self.doors else FALSE

    def words(self) -> str:
        """In words."""
        return f"came by {' or '.join(self.doors)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Channel:
    return Channel(value)


DEFINITION = Definition(
    name="channel",
    about="The door it came in by: mail, a form, the anonymous form, the intake API, or staff who logged it.",
    shape=ListOf(Choice(tuple(Door))),
    make=_make,
    example=Example(yaml="{channel: anonymous}", given="{channel: anonymous}", otherwise="{channel: mail}"),
)
