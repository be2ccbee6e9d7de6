"""Working calendars, the spans a deadline is written in, and when a span is due.

Choices, each the strictest reading that a person would still call fair:

- `Elapsed` counts real time: 24 hours are 24 hours, also over a change of summer time.
- `Working(hours=...)` counts only time inside shifts. A start outside them begins at the next opening; a deadline that
  falls on the end of a shift is that end, not the next opening.
- `Working(days=n)`: the day of receipt does not count, and the deadline is the end of the last shift of the n-th
  working day after it (the rule of Regulation (EEC, Euratom) 1182/71, article 3, and of BGB sections 187 and 188). "Two
  working days" promised on Monday at any hour is Wednesday evening; equal working time would turn on the minute a mail
  came in and on how long each day's shifts are, which nobody can check in their head.
- A working day is a local date that has a shift and is no holiday.
- `Months` keeps the local day and time of day in its zone, clamped to the last day of the month (31 January + 1 month
  is 28 or 29 February). A local time that is skipped or repeated is read as in RFC 5545 section 3.3.5: with the offset
  before the gap, and the first of two.
- `NextCutoff` is the first cutoff strictly after the start: at the very instant of a cutoff the next one counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cases.errors import Refused
from cases.model.hours import Cutoff, Otherwise, Shift, Week
from cases.model.public_holidays import holidays_for, holidays_from_ics
from cases.model.timeline import MICROSECOND, Timeline, build_timeline, from_microseconds, to_microseconds

__all__ = [
    "Calendar",
    "Cutoff",
    "Elapsed",
    "Months",
    "NextCutoff",
    "Otherwise",
    "Shift",
    "Span",
    "Week",
    "Working",
    "add_working",
    "due",
    "holidays_for",
    "holidays_from_ics",
    "local_time",
    "named",
    "next_cutoff",
    "working_between",
    "zone_of",
]

FURTHEST_YEARS = 40
"""How far ahead a calendar is searched before it counts as never open."""


@dataclass(frozen=True)
class Calendar:
    """When a team works: an IANA zone, weekly shifts, holidays as local dates, and a cutoff if it has one.

    Raises Refused for an unknown zone, a week that is not seven days, or shifts that overlap.
    """

    name: str
    zone: str
    hours: Week
    holidays: frozenset[date] = frozenset()
    cutoff: Cutoff | None = None
    _timeline: Timeline | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if len(self.hours) != 7:
            raise Refused(f'calendar "{self.name}" must say the hours of all seven days')
        for day in self.hours:
            if any(earlier.end > later.start for earlier, later in pairwise(day)):
                raise Refused(f'calendar "{self.name}" has shifts that overlap or are out of order')

    def timeline(self, first_year: int, last_year: int) -> Timeline:
        """The working time of these years at least. Built once, widened when asked for more, safe among threads."""
        known = self._timeline
        if known is None or known.first_year > first_year or known.last_year < last_year:
            low = min(first_year, known.first_year if known else first_year)
            high = max(last_year, known.last_year if known else last_year)
            week = [[(shift.start, shift.end) for shift in day] for day in self.hours]
            closed = frozenset(day.toordinal() for day in self.holidays)
            known = build_timeline(zone_of(self.zone), week, closed, low, high)
            object.__setattr__(self, "_timeline", known)  # a cache: it is no part of the value
        return known

    def working_at(self, moment: datetime) -> bool:
        """Whether `moment` (aware) lies in a shift."""
        at = to_microseconds(moment)
        timeline = self.timeline(moment.year - 1, moment.year + 1)
        return timeline.worked(at + 1) > timeline.worked(at)


def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of this name. Raises Refused when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(f'there is no time zone "{name}"; write one like Europe/London') from error


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Real time, whatever the calendar says."""

    duration: timedelta


@dataclass(frozen=True, slots=True)
class Working:
    """Working time of a calendar: either hours or days."""

    hours: timedelta | None
    days: int | None
    calendar: str

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.days is None):
            raise Refused("a working span has either hours or days")
        if self.days is not None and self.days < 1:
            raise Refused("a span of working days has at least one")


@dataclass(frozen=True, slots=True)
class Months:
    """Calendar months, counted on the local date of `zone`."""

    count: int
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class NextCutoff:
    """The next cutoff of a calendar."""

    calendar: str


Span = Elapsed | Working | Months | NextCutoff


def due(span: Span, start: datetime, calendars: Mapping[str, Calendar]) -> datetime:
    """When `span` ends that starts at `start` (aware). Gives UTC.

    Raises Refused for a calendar that is unknown, never open within 40 years, or without the cutoff asked for.
    """
    if start.tzinfo is None:
        raise ValueError("start must know its time zone")
    match span:
        case Elapsed(duration):
            return start.astimezone(UTC) + duration
        case Months(count, zone):
            return _months_after(start, count, zone_of(zone))
        case NextCutoff(name):
            return next_cutoff(start, named(name, calendars))
        case Working(None, int(days), name):
            return _days_after(start, days, named(name, calendars))
        case Working(hours, _, name):
            return add_working(start, hours or timedelta(), named(name, calendars))


def named(name: str, calendars: Mapping[str, Calendar]) -> Calendar:
    """The calendar of this name. Raises Refused when there is none."""
    try:
        return calendars[name]
    except KeyError:
        raise Refused(f'there is no calendar "{name}"') from None


def working_between(a: datetime, b: datetime, calendar: Calendar) -> timedelta:
    """Working time from `a` to `b` (both aware); negative when `b` comes first."""
    timeline = calendar.timeline(min(a.year, b.year) - 1, max(a.year, b.year) + 1)
    return timedelta(microseconds=timeline.worked(to_microseconds(b)) - timeline.worked(to_microseconds(a)))


def add_working(start: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """The earliest moment from `start` by which `amount` of working time has passed; `start` itself for none (UTC)."""
    if amount <= timedelta():
        return start.astimezone(UTC)
    at, microseconds = to_microseconds(start), amount // MICROSECOND
    for timeline in _ahead(calendar, start):
        reached = timeline.reach(timeline.worked(at) + microseconds)
        if reached is not None:
            return from_microseconds(reached)
    raise _never_open(calendar)


def next_cutoff(start: datetime, calendar: Calendar) -> datetime:
    """The first cutoff strictly after `start` (UTC). Raises Refused when the calendar has none."""
    cutoff, zone = calendar.cutoff, zone_of(calendar.zone)
    if cutoff is None:
        raise Refused(f'calendar "{calendar.name}" has no cutoffs')
    nominal = _nominal_before(cutoff, start.astimezone(zone).date())
    while nominal.year <= start.year + FURTHEST_YEARS:
        instant = _cutoff_instant(nominal, cutoff, calendar, zone)
        if instant is not None and instant > start:
            return instant
        nominal = _nominal_after(cutoff, nominal)
    raise _never_open(calendar)


def local_time(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local date and minute (0 to 1440); skipped or repeated times as in `Months`."""
    if minute == 1440:
        day, minute = day + timedelta(days=1), 0
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)


def _days_after(start: datetime, days: int, calendar: Calendar) -> datetime:
    ordinal = start.astimezone(zone_of(calendar.zone)).toordinal()
    for timeline in _ahead(calendar, start):
        end = timeline.day_after(ordinal, days)
        if end is not None:
            return from_microseconds(end)
    raise _never_open(calendar)


def _months_after(start: datetime, count: int, zone: ZoneInfo) -> datetime:
    local = start.astimezone(zone)
    months = local.year * 12 + local.month - 1 + count
    day = _day_of_month(months, local.day)
    # Only a repeated hour sets fold; the month the deadline falls in has its own changes.
    return datetime.combine(day, local.time().replace(fold=0), zone).astimezone(UTC)


def _day_of_month(months: int, day: int) -> date:
    """Day `day`, or the last one, of the month that comes `months` months after year 0."""
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day, (following - first).days) - 1)


def _nominal_before(cutoff: Cutoff, day: date) -> date:
    """A cutoff's unmoved date early enough that none that could follow `day` is passed over."""
    if cutoff.first is None:
        return _day_of_month(day.year * 12 + day.month - 2, cutoff.day)
    step = 7 * cutoff.weeks
    return cutoff.first + timedelta(days=((day - cutoff.first).days // step - 1) * step)


def _nominal_after(cutoff: Cutoff, nominal: date) -> date:
    if cutoff.first is None:
        return _day_of_month(nominal.year * 12 + nominal.month, cutoff.day)
    return nominal + timedelta(weeks=cutoff.weeks)


def _cutoff_instant(nominal: date, cutoff: Cutoff, calendar: Calendar, zone: ZoneInfo) -> datetime | None:
    """When the cutoff of this unmoved date is; None when the calendar has no working day to move it to."""
    timeline = calendar.timeline(nominal.year - 1, nominal.year + 1)
    ordinal: int | None = nominal.toordinal()
    if cutoff.otherwise is not Otherwise.SAME_DAY:
        backwards = cutoff.otherwise is Otherwise.WORKING_DAY_BEFORE
        ordinal = timeline.working_day(nominal.toordinal(), backwards=backwards)
    if ordinal is None:
        return None
    if cutoff.minute is not None:
        return local_time(date.fromordinal(ordinal), cutoff.minute, zone)
    end = timeline.end_of_day(ordinal)
    return local_time(date.fromordinal(ordinal), 1440, zone) if end is None else from_microseconds(end)


def _ahead(calendar: Calendar, start: datetime) -> Iterator[Timeline]:
    """Ever longer timelines from the year before `start`."""
    if any(calendar.hours):
        for years in (1, 3, 10, FURTHEST_YEARS):
            yield calendar.timeline(start.year - 1, start.year + years)


def _never_open(calendar: Calendar) -> Refused:
    return Refused(f'calendar "{calendar.name}" has no working time within {FURTHEST_YEARS} years')
