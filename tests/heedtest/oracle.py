"""The slow oracle of deadlines: it keeps what happened to a clock, and counts shift by shift, with no arithmetic of ours."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.model.calendars import Elapsed, Months, NextCutoff, Span, Working

ZONE = "Europe/London"
CUTOFF_DAY = 20
Pauses = tuple[tuple[datetime, datetime | None], ...]


@dataclass(frozen=True)
class Hours:
    """When the office is open: its days off, and whether afternoons are long. Shut at night, when clocks change."""

    off: frozenset[date] = frozenset()
    late: bool = False

    @property
    def week(self) -> dict[str, list[str]]:
        """The same, as a ruleset writes it."""
        return {"mon-thu": ["09:00-12:30", "13:30-18:30" if self.late else "13:30-17:30"], "fri": ["09:00-15:00"]}

    def shifts(self, day: date) -> list[tuple[datetime, datetime]]:
        """The shifts of one local day."""
        if day in self.off or day.weekday() > 4:
            return []
        evening = (18, 30) if self.late else (17, 30)
        hours = [((9, 0), (15, 0))] if day.weekday() == 4 else [((9, 0), (12, 30)), ((13, 30), evening)]
        zone = ZoneInfo(ZONE)
        return [tuple(datetime.combine(day, time(*one), zone) for one in shift) for shift in hours]  # type: ignore[misc]


@dataclass
class Told:
    """What the oracle knows of one clock: what it was promised, and what happened to it."""

    case_id: str
    kind: str
    span: Span
    pausing: bool
    started: datetime
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    ended: datetime | None = None
    missed: bool = False
    cancelled: bool = False
    dropped: bool = False
    _counted: tuple[object, datetime] | None = None

    @property
    def waits(self) -> bool:
        """Whether it is paused."""
        return bool(self.pauses) and self.pauses[-1][1] is None

    def due(self, hours: Hours) -> datetime:
        """The deadline, counted again whenever something has changed."""
        state = (self.span, self.started, tuple(self.pauses), hours)
        if self._counted is None or self._counted[0] != state:
            self._counted = (state, slow_due(self.span, self.started, tuple(self.pauses), hours))
        return self._counted[1]

    @property
    def counts(self) -> bool:
        """Whether it runs or waits."""
        return self.ended is None and not self.missed

    def miss(self, now: datetime, hours: Hours) -> bool:
        """Whether its time has run out just now."""
        if self.counts and not self.waits and now > self.due(hours):
            self.missed = True
            return True
        return False

    def end(self, now: datetime) -> None:
        """What it waited for has come, or the case is over."""
        if self.ended is None:
            self.ended = now
            self.go_on(now)

    def wait(self, now: datetime) -> None:
        """Time does not count from now on; none does before it begins."""
        if not self.waits:
            since = self.pauses[-1][1] if self.pauses else self.started
            self.pauses.append((max(now, since or now), None))

    def go_on(self, now: datetime) -> None:
        """Time counts again."""
        if self.waits:
            self.pauses[-1] = (self.pauses[-1][0], max(now, self.pauses[-1][0]))


def slow_due(span: Span, started: datetime, pauses: Pauses, hours: Hours) -> datetime:
    """When a span is due, only by looking at the clock on the wall."""
    moment = _without_pauses(span, started, hours)
    for since, until in pauses:
        if until is None or since >= moment:
            continue
        if isinstance(span, Working):
            moment = walk(moment, worked(since, until, hours), hours)
        elif isinstance(span, NextCutoff):
            moment = moment if moment >= until else cutoff_after(until, hours)
        else:
            moment += until - since
    return moment


def _without_pauses(span: Span, started: datetime, hours: Hours) -> datetime:
    match span:
        case Elapsed(duration):
            return started + duration
        case Months(count, zone):
            return months_after(started, count, ZoneInfo(zone))
        case NextCutoff():
            return cutoff_after(started, hours)
        case Working(None, int(days), _):
            at = started.astimezone(ZoneInfo(ZONE)).date()
            while days:
                at += timedelta(days=1)
                days -= bool(hours.shifts(at))
            return hours.shifts(at)[-1][1]
        case Working(amount, _, _):
            return walk(started, amount or timedelta(), hours)


def months_after(started: datetime, count: int, zone: ZoneInfo) -> datetime:
    """The same day and time so many months later, or the last day of that month."""
    local = started.astimezone(zone)
    months, day = local.year * 12 + local.month - 1 + count, local.day
    while True:
        try:
            return local.replace(year=months // 12, month=months % 12 + 1, day=day, fold=0).astimezone(UTC)
        except ValueError:
            day -= 1


def cutoff_after(moment: datetime, hours: Hours) -> datetime:
    """The end of the last shift on the 20th, or on the working day before it, of the first month for which that is later."""
    year, month = (moment - timedelta(days=62)).year, (moment - timedelta(days=62)).month
    while True:
        day = date(year, month, CUTOFF_DAY)
        while not hours.shifts(day):
            day -= timedelta(days=1)
        if (end := hours.shifts(day)[-1][1]) > moment:
            return end
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def walk(moment: datetime, amount: timedelta, hours: Hours) -> datetime:
    """The moment by which so much has been worked, shift by shift."""
    day = moment.astimezone(ZoneInfo(ZONE)).date()
    while amount > timedelta():
        for begin, end in hours.shifts(day):
            first = max(begin, moment)
            if first < end and amount > timedelta():
                taken = min(amount, end - first)
                amount -= taken
                moment = first + taken
        day += timedelta(days=1)
    return moment


def worked(since: datetime, until: datetime, hours: Hours) -> timedelta:
    """Working time in between, shift by shift."""
    day, last, total = since.astimezone(ZoneInfo(ZONE)).date(), until.astimezone(ZoneInfo(ZONE)).date(), timedelta()
    while day <= last:
        for begin, end in hours.shifts(day):
            total += max(timedelta(), min(end, until) - max(begin, since))
        day += timedelta(days=1)
    return total
