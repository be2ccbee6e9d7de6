"""The words of a working calendar: shifts, the week they make, and cutoffs, as values and as people write them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.errors import Refused

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})")
_MONTHLY = re.compile(r"monthly on (?:the )?(?:(\d{1,2})(?:st|nd|rd|th)?|(last day))")
_WEEKLY = re.compile(r"every (?:(\d{1,2}) weeks|week) from (\d{4}-\d{2}-\d{2})")
_TIME = re.compile(r" at (\d{1,2}):(\d{2})")
_MOVED = re.compile(r",? else (?:the )?(working day before|working day after|same day)")


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Working time of one day, in minutes from local midnight; `end` is exclusive and may be 1440 (24:00)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= 1440:
            raise Refused("a shift must end after it starts, within one day; write a night as two shifts")


Week = tuple[tuple[Shift, ...], ...]
"""The shifts of Monday to Sunday; a day off is empty."""


class Otherwise(StrEnum):
    """Where a cutoff goes that falls on a day off."""

    WORKING_DAY_BEFORE = "working day before"
    WORKING_DAY_AFTER = "working day after"
    SAME_DAY = "same day"


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A recurring cutoff, monthly or every few weeks.

    Monthly: on `day` 1 to 31, clamped to the month's last day. Weekly, where `weeks` is over 0: every so many weeks
    counted from `first`. The instant is `minute` of the local day, else the end of that day's last shift (the end of
    the day when it has none).
    """

    day: int = 31
    otherwise: Otherwise = Otherwise.WORKING_DAY_BEFORE
    minute: int | None = None
    weeks: int = 0
    first: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 31:
            raise Refused("a monthly cutoff is on day 1 to 31")
        if self.minute is not None and not 0 <= self.minute < 1440:
            raise Refused("a cutoff's time is 00:00 to 23:59")
        if self.weeks < 0 or (self.weeks > 0) != (self.first is not None):
            raise Refused("a cutoff every few weeks needs the date of its first one")


def read_shift(text: str) -> Shift:
    """A shift written "09:00-12:30". Raises Refused with words for its author."""
    found = _SHIFT.fullmatch(text.strip())
    if found is None:
        raise Refused(f'"{text}" is no shift; write it like 09:00-12:30')
    return Shift(_minute(found[1], found[2], 1440), _minute(found[3], found[4], 1440))


def read_days(text: str) -> tuple[int, ...]:
    """Days of the week, 0 for Monday, written "mon", "mon-fri" or "mon, wed-fri". Raises Refused."""
    days: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        start = _weekday(first)
        end = _weekday(last) if dash else start
        days += [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    return tuple(days)


def read_week(hours: Mapping[str, Iterable[str]]) -> Week:
    """A week written as days to shifts, {"mon-fri": ["09:00-12:30", "13:30-17:30"]}. Raises Refused."""
    week: list[tuple[Shift, ...]] = [()] * 7
    for days, shifts in hours.items():
        read = tuple(sorted(read_shift(shift) for shift in shifts))
        for day in read_days(days):
            if week[day]:
                raise Refused(f"{DAYS[day]} has hours twice")
            week[day] = read
    return tuple(week)


def read_cutoff(text: str) -> Cutoff:
    """A cutoff as people write it. Raises Refused with examples.

    `monthly on 20, else the working day before` · `monthly on last day at 12:00, else the working day after` ·
    `every 2 weeks from 2026-01-02`. Without `else` it is the working day before, because payroll runs early, not late.
    """
    words = " ".join(text.lower().split())
    monthly, weekly = _MONTHLY.match(words), _WEEKLY.match(words)
    head = monthly or weekly
    if head is None:
        raise _no_cutoff(text)
    at = _TIME.match(words, head.end())
    moved = _MOVED.match(words, at.end() if at else head.end())
    if (moved or at or head).end() != len(words):
        raise _no_cutoff(text)
    otherwise = Otherwise(moved[1]) if moved else Otherwise.WORKING_DAY_BEFORE
    minute = _minute(at[1], at[2], 1439) if at else None
    if monthly:
        return Cutoff(int(monthly[1] or 31), otherwise, minute)
    try:
        return Cutoff(31, otherwise, minute, int(head[1] or 1), date.fromisoformat(head[2]))
    except ValueError:
        raise _no_cutoff(text) from None


def _no_cutoff(text: str) -> Refused:
    return Refused(
        f'"{text}" is no cutoff; write "monthly on 20, else the working day before" or "every 2 weeks from 2026-01-02"'
    )


def _minute(hour: str, minute: str, most: int) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > most:
        raise Refused(f"{hour}:{minute} is no time of day")
    return total


def _weekday(text: str) -> int:
    word = text.strip().lower()
    if len(word) >= 3:
        for index, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")):
            if name.startswith(word):
                return index
    raise Refused(f'"{text.strip()}" is no day; write mon, tue, wed, thu, fri, sat or sun')
