"""A year of cases with a frozen clock: random staff, downtime, edited calendars, other SLAs; every clock beside a slow oracle.

The oracle keeps, for each clock, only what happened to it (start, pauses, end), and counts its deadline minute by minute.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from cases.model.calendar_text import kept
from cases.model.calendars import Calendar, Elapsed, Months, Span, Working, due
from cases.model.decision import Deadline, Rung
from cases.model.hours import read_week
from cases.model.span_text import write_span
from cases.model.words import Status
from cases.opening import add_clocks
from cases.store import clocks, tables
from cases.store.clock_rows import keep_calendars
from cases.store.engine import reading, writing
from cases.store.rows import Rows, new_id
from cases.store.tick import take_steps, tick

ZONE = "Europe/London"
WEEK = {"mon-thu": ["09:00-12:30", "13:30-17:30"], "fri": ["09:00-15:00"]}
HOUR = timedelta(hours=1)
SPANS: dict[str, Span] = {
    "resolve": Working(timedelta(hours=11), None, "office"),
    "first_response": Working(None, 2, "office"),
    "start_investigation": Elapsed(48 * HOUR),
    "feedback": Months(3, ZONE),
    "payroll_answer": Working(timedelta(hours=30, minutes=20), None, "office"),
}
"""Every kind of SLA but cutoffs, whose pauses are tested by name."""


@dataclass
class Told:
    """What the oracle knows of one clock. `moves` are the calendars' days off as they were when each took effect."""

    case_id: str
    kind: str
    started: datetime
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    ended: datetime | None = None
    missed: bool = False


@dataclass
class Year:
    """One simulated year on one record."""

    record: Engine
    random: Random
    now: datetime = datetime(2027, 12, 27, 8, tzinfo=UTC)  # a leap year follows
    off: frozenset[date] = frozenset({date(2027, 12, 27), date(2028, 1, 3)})
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    statuses: dict[str, Status] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The office as it is now."""
        return Calendar("office", ZONE, read_week(WEEK), self.off)

    def run(self, cases: int, steps: int) -> list[str]:
        """Spread the cases over the year's steps; gives what was wrong."""
        with writing(self.record) as connection:
            keep_calendars(connection, [kept(self.calendar)])
        share = timedelta(days=366) / steps
        left = cases
        for number in range(steps):
            self.now += share * self.random.uniform(0.5, 1.5)
            self.now = self.now.replace(second=0, microsecond=0)
            coming = left if number == steps - 1 else min(left, round(cases / steps * self.random.uniform(0.5, 1.5)))
            left -= coming
            if self.random.random() < 0.7:  # else staff are quicker than the relay
                self._tick()
            self._open(coming)
            self._work(max(3, coming * 2))
            if self.random.random() < 0.05:
                self._edit_calendar()
            if self.random.random() < 0.1:
                self.now += timedelta(days=self.random.choice((1, 2)))  # nobody ticks: a day of downtime
        self._tick()
        self._check()
        return self.wrong

    def _tick(self) -> None:
        for _ in range(1000):
            with writing(self.record) as connection:
                if not tick(connection, self.now) + take_steps(connection, self.now):
                    break
        for one in self.told.values():
            self._miss(one)

    def _open(self, number: int) -> None:
        rows, calendar = Rows(), self.calendar
        for _ in range(number):
            case_id = new_id()
            kinds = self.random.sample(list(SPANS), 2)
            deadlines = [self._deadline(kind, calendar) for kind in kinds]
            ladder = [Rung(deadlines[0].kind, 100, 3600, (), (), ("owner",), ("guardian",), deadlines[0].due + HOUR)]
            rows.add(tables.case, **case_row(case_id, self.now))
            add_clocks(rows, deadlines, ladder, case_id, self.now)
            self.statuses[case_id] = Status.ASSIGNED
            for kind in kinds:
                self.told[case_id, kind] = Told(case_id, kind, self.now)
        with writing(self.record) as connection:
            rows.write(connection)

    def _deadline(self, kind: str, calendar: Calendar) -> Deadline:
        span = SPANS[kind]
        name = kept(calendar).id if isinstance(span, Working) else ""
        at = due(span, self.now, {"office": calendar})
        return Deadline(kind, at, "any", Status.WAITING_FOR_EMPLOYEE.value, self.now, write_span(span), name)

    def _work(self, acts: int) -> None:
        """Random staff: they wait, go on, answer, close, reopen."""
        ids = list(self.statuses)
        for case_id in [self.random.choice(ids[-400:]) for _ in range(acts if ids else 0)]:
            mine = self._of(case_id)
            with writing(self.record) as connection:
                match self.random.choice(("wait", "wait", "on", "on", "meet", "close", "reopen")):
                    case "wait":
                        self._status(connection, case_id, mine, Status.WAITING_FOR_EMPLOYEE)
                    case "on":
                        self._status(connection, case_id, mine, Status.IN_PROGRESS)
                    case "meet":
                        one = self.random.choice(mine)
                        clocks.meet(connection, [case_id], [one.kind], self.now, by="year")
                        self._end(one)
                    case "close":
                        clocks.cancel_rest(connection, case_id, self.now)
                        self.statuses[case_id] = Status.CLOSED
                        for one in mine:
                            self._end(one)
                    case "reopen" if self.statuses[case_id] is Status.CLOSED:
                        before = stored(connection, case_id)
                        clocks.status_changed(connection, case_id, Status.REOPENED, self.now, "year")
                        self.statuses[case_id] = Status.REOPENED
                        for one in mine:
                            once = one.kind == "start_investigation" and before[one.kind] != "cancelled"
                            if one.ended is not None and not once:
                                self.told[case_id, one.kind] = Told(case_id, one.kind, self.now)

    def _of(self, case_id: str) -> list[Told]:
        return [self.told[case_id, kind] for kind in SPANS if (case_id, kind) in self.told]

    def _status(self, connection, case_id: str, mine: list[Told], to: Status) -> None:  # type: ignore[no-untyped-def]
        if self.statuses[case_id] is Status.CLOSED:
            return
        self.statuses[case_id] = to
        clocks.status_changed(connection, case_id, to, self.now, "year")
        for one in mine:
            self._miss(one)
            if one.ended is not None or one.missed:
                continue
            waiting = bool(one.pauses) and one.pauses[-1][1] is None
            if to is Status.WAITING_FOR_EMPLOYEE and not waiting:
                one.pauses.append((self.now, None))
            elif to is not Status.WAITING_FOR_EMPLOYEE and waiting:
                one.pauses[-1] = (one.pauses[-1][0], self.now)

    def _end(self, one: Told) -> None:
        self._miss(one)
        if one.ended is None:
            one.ended = self.now
            if one.pauses and one.pauses[-1][1] is None:
                one.pauses[-1] = (one.pauses[-1][0], self.now)

    def _miss(self, one: Told) -> None:
        """Whether its time is over, by the oracle's own count."""
        waiting = bool(one.pauses) and one.pauses[-1][1] is None
        if one.ended is None and not one.missed and not waiting and self.now > self.oracle(one):
            one.missed = True

    def _edit_calendar(self) -> None:
        """A day off is added in the weeks to come: open clocks that count working time move, those that were missed do not."""
        self._tick()
        self.off |= {(self.now + timedelta(days=self.random.randint(1, 20))).date()}
        new, after = kept(self.calendar), ""
        with writing(self.record) as connection:
            keep_calendars(connection, [new])
            while after := clocks.recalculate(connection, [new], after, 500, self.now):
                pass

    def oracle(self, one: Told) -> datetime:
        """The deadline, counted minute by minute (hours), day by day (days), or by the wall (months)."""
        return slow_due(SPANS[one.kind], one.started, tuple(one.pauses), self.off)

    def _check(self) -> None:
        with reading(self.record) as connection:
            rows = connection.execute(select(tables.clock)).all()
            verbs = Counter(connection.execute(select(tables.event.c.verb)).scalars())
            steps = Counter(
                connection.execute(select(tables.outbox.c.key).where(tables.outbox.c.key.like("rung:%"))).scalars()
            )
        missed = 0
        for row in rows:
            one = self.told[row.case_id, row.kind]
            open_pause = bool(one.pauses) and one.pauses[-1][1] is None
            if row.state in {"running", "paused"} and (
                row.due_at != self.oracle(one) or (row.state == "paused") != open_pause
            ):
                self.wrong.append(f"{row.kind} of {row.case_id}: {row.state} {row.due_at}, oracle {self.oracle(one)}")
            if (row.state == "missed") != one.missed:
                self.wrong.append(f"{row.kind} of {row.case_id} is {row.state}; missed by the oracle: {one.missed}")
            if row.state == "running" and row.due_at < self.now:
                self.wrong.append(f"{row.kind} of {row.case_id} was missed in silence")
            missed += row.state == "missed"
        again = sum(row.turn - 1 for row in rows)
        if not missed <= verbs["deadline.missed"] <= missed + again:
            self.wrong.append(f"{missed} missed, {again} turns before, and {verbs['deadline.missed']} events of it")
        self.wrong += [f"{key} was promised {number} times" for key, number in steps.items() if number > 1]
        self.counted = {"clocks": len(rows), "missed": missed, "steps": len(steps), **verbs}


def stored(connection, case_id: str) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """The states of a case's clocks, by kind."""
    table = tables.clock
    rows = connection.execute(select(table.c.kind, table.c.state).where(table.c.case_id == case_id))
    return {row.kind: row.state for row in rows}


def slow_due(
    span: Span, started: datetime, pauses: tuple[tuple[datetime, datetime | None], ...], off: frozenset[date]
) -> datetime:
    """When a span is due: no timeline and no arithmetic of the product's, only looking at the clock on the wall."""
    match span:
        case Elapsed(duration):
            moment = started + duration
        case Months(count, zone):
            local = started.astimezone(ZoneInfo(zone))
            months = local.year * 12 + local.month - 1 + count
            day = local.day
            while True:
                try:
                    at = local.replace(year=months // 12, month=months % 12 + 1, day=day, fold=0)
                    break
                except ValueError:
                    day -= 1
            moment = at.astimezone(UTC)
        case Working(None, int(days), _):
            at = started.astimezone(ZoneInfo(ZONE)).date()
            while days:
                at += timedelta(days=1)
                days -= bool(shifts(at, off))
            moment = shifts(at, off)[-1][1]
        case Working(hours, _, _):
            moment = walk(started, hours or timedelta(), off)
    for since, until in pauses:
        if until is None or since >= moment:
            continue
        moment = walk(moment, worked(since, until, off), off) if isinstance(span, Working) else moment + (until - since)
    return moment


def shifts(day: date, off: frozenset[date]) -> list[tuple[datetime, datetime]]:
    """The shifts of one local day, in UTC; offices are shut when clocks change."""
    if day in off or day.weekday() > 4:
        return []
    zone = ZoneInfo(ZONE)
    hours = [((9, 0), (15, 0))] if day.weekday() == 4 else [((9, 0), (12, 30)), ((13, 30), (17, 30))]
    return [
        tuple(datetime(day.year, day.month, day.day, *one, tzinfo=zone).astimezone(UTC) for one in shift)  # type: ignore[misc]
        for shift in hours
    ]


def walk(moment: datetime, amount: timedelta, off: frozenset[date]) -> datetime:
    """The moment by which so much has been worked, shift by shift."""
    day = moment.astimezone(ZoneInfo(ZONE)).date()
    while amount > timedelta():
        for begin, end in shifts(day, off):
            first = max(begin, moment)
            if first < end and amount > timedelta():
                taken = min(amount, end - first)
                amount -= taken
                moment = first + taken
        day += timedelta(days=1)
    return moment


def worked(since: datetime, until: datetime, off: frozenset[date]) -> timedelta:
    """Working time in between, shift by shift."""
    day, last, total = since.astimezone(ZoneInfo(ZONE)).date(), until.astimezone(ZoneInfo(ZONE)).date(), timedelta()
    while day <= last:
        for begin, end in shifts(day, off):
            total += max(timedelta(), min(end, until) - max(begin, since))
        day += timedelta(days=1)
    return total


def case_row(case_id: str, at: datetime) -> dict[str, object]:
    """A case, as far as clocks need one."""
    return {
        "id": case_id, "reference": case_id[:12], "envelope_id": case_id, "channel": "mail", "category": "any",
        "risk": "low", "access": "managed", "status": "assigned", "team": "any", "owner": "pia@acme.example", "backup": "",
        "language": "en", "tags": "", "legal_hold": False, "sender_hash": "", "likeness": "", "received_at": at,
        "opened_at": at, "ruleset": "r", "model": "m", "engine": "e", "public_key": b"p", "decision": b"d",
    }  # fmt: skip
