"""True when it came inside or outside a calendar's working hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.errors import Refused
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Field, Name, Record
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Time:
    """A calendar, and on which side of its hours."""

    calendar: str
    inside: bool

    def evaluate(self, facts: Facts) -> Outcome:
        """True by the moment of the decision."""
        working = facts.ruleset.calendars[self.calendar].working_at(facts.now)
        return holds((facts.now.strftime("%A %H:%M UTC"),), "clock") if working == self.inside else FALSE

    def words(self) -> str:
        """In words."""
        return f"{'inside' if self.inside else 'outside'} the hours of {self.calendar}"


def _make(value: Time, options: Mapping[str, Any], reader: Reader, node: Node) -> Time:
    return value


def _record(**values: str) -> Time:
    if len(values) != 1:
        raise Refused("say either inside or outside, with a calendar")
    ((side, calendar),) = values.items()
    return Time(calendar, side == "inside")


DEFINITION = Definition(
    name="time",
    about="Whether it came inside or outside the working hours of a calendar, holidays included.",
    shape=Record(
        _record,
        {
            "inside": Field(Name("calendars"), "a calendar, within its hours"),
            "outside": Field(Name("calendars"), "a calendar, outside its hours"),
        },
        "the test of the time",
    ),
    make=_make,
    example=Example(
        yaml="{time: {outside: office}}", given="{now: 2026-03-08 12:00}", otherwise="{now: 2026-03-09 12:00}"
    ),
)
