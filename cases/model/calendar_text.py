"""A calendar as text and back, exactly, and its name by content: a stored clock counts on whatever the rules say by then."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

from cases.model.calendars import Calendar
from cases.model.hours import Cutoff, Otherwise, Shift


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """One calendar of a ruleset as clocks refer to it. `place` tells its variations apart, "" for the calendar itself."""

    id: str
    place: str
    calendar: Calendar


def kept(calendar: Calendar, place: str = "") -> KeptCalendar:
    """The calendar under its id: the same name, place and content always give the same."""
    digest = sha256(f"{place}\x1f{write_calendar(calendar)}".encode()).hexdigest()[:32]
    return KeptCalendar(digest, place, calendar)


def write_calendar(calendar: Calendar) -> str:
    """The text of a calendar: JSON, the same for equal calendars."""
    cutoff = calendar.cutoff
    return json.dumps(
        {
            "name": calendar.name,
            "zone": calendar.zone,
            "hours": [[[shift.start, shift.end] for shift in day] for day in calendar.hours],
            "holidays": sorted(day.isoformat() for day in calendar.holidays),
            "cutoff": None
            if cutoff is None
            else {
                "day": cutoff.day,
                "otherwise": cutoff.otherwise.value,
                "minute": cutoff.minute,
                "weeks": cutoff.weeks,
                "first": cutoff.first.isoformat() if cutoff.first else None,
            },
        },
        separators=(",", ":"),
    )


@lru_cache(maxsize=256)
def read_calendar(text: str) -> Calendar:
    """The calendar that `write_calendar` wrote. Kept, with its timeline, since many clocks share few calendars."""
    raw = json.loads(text)
    cutoff = raw["cutoff"]
    return Calendar(
        raw["name"],
        raw["zone"],
        tuple(tuple(Shift(start, end) for start, end in day) for day in raw["hours"]),
        frozenset(date.fromisoformat(day) for day in raw["holidays"]),
        None
        if cutoff is None
        else Cutoff(
            cutoff["day"],
            Otherwise(cutoff["otherwise"]),
            cutoff["minute"],
            cutoff["weeks"],
            date.fromisoformat(cutoff["first"]) if cutoff["first"] else None,
        ),
    )
