"""One deadline of a case as a value: how it starts, pauses, resumes, ends, restarts, and when its escalations come.

Pure functions from clock to clock. A deadline moves only in `resume`, `change_sla` and `recalculate`; whoever calls
them compares `due` before and after and records the move, so that nothing becomes later in silence. A clock past its
due is missed, whatever is asked of it next: pausing, meeting or changing it cannot hide that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cases.errors import Refused
from cases.model.calendars import (
    Calendar,
    NextCutoff,
    Span,
    Working,
    add_working,
    due,
    named,
    next_cutoff,
    working_between,
)
from cases.model.decision import Rung
from cases.model.words import ClockState

ENDED = frozenset({ClockState.MET, ClockState.MISSED, ClockState.CANCELLED})
"""States a clock leaves only by `restart`."""

Calendars = Mapping[str, Calendar]


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that did not count: why it began and what ended it. `until` is None while it lasts."""

    since: datetime
    reason: str
    until: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline. All times are UTC.

    While it is paused `due` is what it was, and cannot be missed. `ended` is when it was met or cancelled, or, for a
    missed clock, the deadline that passed; `fulfilled` is when the event it waited for happened, even if too late.
    `ended_by` names what ended it. `turn` counts starts, so that a rung of an earlier turn is not the rung of this one.
    """

    kind: str
    span: Span
    started: datetime
    due: datetime
    sla: str = ""
    pause_while: str = ""
    state: ClockState = ClockState.RUNNING
    pauses: tuple[Pause, ...] = ()
    ended: datetime | None = None
    ended_by: str = ""
    fulfilled: datetime | None = None
    turn: int = 1


def start(kind: str, span: Span, at: datetime, calendars: Calendars, *, sla: str = "", pause_while: str = "") -> Clock:
    """A running clock from `at` (aware). Raises Refused for a calendar that cannot answer."""
    return Clock(kind, span, at.astimezone(UTC), due(span, at, calendars), sla, pause_while)


def overdue(clock: Clock, now: datetime) -> bool:
    """Whether a running clock's deadline has passed. The very instant of the deadline is still in time."""
    return clock.state is ClockState.RUNNING and now > clock.due


def miss(clock: Clock, now: datetime) -> Clock:
    """The clock as missed if it is overdue at `now`, else unchanged. Safe to call on every tick."""
    return (
        replace(clock, state=ClockState.MISSED, ended=clock.due, ended_by="deadline") if overdue(clock, now) else clock
    )


def pause(clock: Clock, at: datetime, reason: str) -> Clock:
    """Stop counting from `at`. A clock already overdue comes back missed; one already paused, unchanged.

    Raises Refused when the clock has ended.
    """
    _still_open(clock, "paused")
    if clock.state is ClockState.PAUSED or overdue(clock, at):
        return miss(clock, at)
    since = max(at.astimezone(UTC), _last_change(clock))
    return replace(clock, state=ClockState.PAUSED, pauses=(*clock.pauses, Pause(since, reason)))


def resume(clock: Clock, at: datetime, ended_by: str, calendars: Calendars) -> Clock:
    """Count again from `at`, with the deadline moved by the time that did not count (see `deadline`).

    A running clock comes back unchanged. Raises Refused when the clock has ended.
    """
    _still_open(clock, "resumed")
    if clock.state is ClockState.RUNNING:
        return clock
    last = clock.pauses[-1]
    ended = replace(last, until=max(at.astimezone(UTC), last.since), ended_by=ended_by)
    pauses = (*clock.pauses[:-1], ended)
    return replace(
        clock,
        state=ClockState.RUNNING,
        pauses=pauses,
        due=_shifted(clock.span, clock.due, ended, calendars),
    )


def meet(clock: Clock, at: datetime, ended_by: str) -> Clock:
    """The event the clock waited for happened at `at`; `ended_by` names it.

    In time, or while paused: met. After the deadline: missed, and fulfilled late. Meeting twice keeps the first.
    Raises Refused when the clock was cancelled.
    """
    moment = max(at.astimezone(UTC), clock.started)
    if clock.state is ClockState.CANCELLED:
        raise Refused(f"the {clock.kind} deadline was cancelled; it cannot be met")
    clock = miss(clock, moment)
    if clock.state is ClockState.MISSED:
        return clock if clock.fulfilled else replace(clock, fulfilled=moment)
    if clock.state is ClockState.MET:
        return clock
    clock = _without_open_pause(clock, moment, ended_by)
    return replace(clock, state=ClockState.MET, ended=moment, ended_by=ended_by, fulfilled=moment)


def cancel(clock: Clock, at: datetime, reason: str) -> Clock:
    """The deadline no longer applies (withdrawn, merged).

    An overdue clock comes back missed, one that has ended unchanged.
    """
    clock = miss(clock, at)
    if clock.state in ENDED:
        return clock
    moment = at.astimezone(UTC)
    clock = _without_open_pause(clock, moment, reason)
    return replace(clock, state=ClockState.CANCELLED, ended=moment, ended_by=reason)


def restart(clock: Clock, at: datetime, calendars: Calendars) -> Clock:
    """The same deadline anew from `at`, for a reopened case: its next turn. Raises Refused while it still counts."""
    if clock.state not in ENDED:
        raise Refused(f"the {clock.kind} deadline still counts; it cannot start again")
    again = start(clock.kind, clock.span, at, calendars, sla=clock.sla, pause_while=clock.pause_while)
    return replace(again, turn=clock.turn + 1)


def change_sla(
    clock: Clock, span: Span, sla: str, now: datetime, calendars: Calendars, *, pause_while: str = ""
) -> Clock:
    """The clock under another SLA: same start, paused time kept. An overdue clock is missed first, and stays so.

    Raises Refused when the clock has ended.
    """
    _still_open(clock, "given another SLA")
    clock = miss(clock, now)
    if clock.state is ClockState.MISSED:
        return clock
    changed = replace(clock, span=span, sla=sla, pause_while=pause_while)
    return replace(changed, due=deadline(span, clock.started, clock.pauses, calendars))


def revive(
    clock: Clock, started: datetime, span: Span, sla: str, calendars: Calendars, *, pause_while: str = ""
) -> Clock:
    """A clock that an SLA without it had cancelled, under one that has it again: from `started`, with the pauses since then.

    It may be overdue at once: then the next tick says so. Raises Refused for a clock that was not cancelled.
    """
    if clock.state is not ClockState.CANCELLED:
        raise Refused(f"the {clock.kind} deadline is {clock.state.value}; it was not cancelled")
    begin = started.astimezone(UTC)
    pauses = tuple(one for one in clock.pauses if one.since >= begin)
    again = start(clock.kind, span, begin, calendars, sla=sla, pause_while=pause_while)
    return replace(again, pauses=pauses, due=deadline(span, begin, pauses, calendars), turn=clock.turn)


def recalculate(clock: Clock, now: datetime, calendars: Calendars) -> Clock:
    """The clock after its calendar was edited. Ended clocks keep what was promised; an overdue one is missed first."""
    clock = miss(clock, now)
    if clock.state in ENDED:
        return clock
    return replace(clock, due=deadline(clock.span, clock.started, clock.pauses, calendars))


def deadline(span: Span, started: datetime, pauses: tuple[Pause, ...], calendars: Calendars) -> datetime:
    """When `span` from `started` is due, moved by each pause that has ended, in order (UTC).

    A pause moves working spans by the working time in it, so that as much is left as when it began (for days too: half
    a day waited is half a day more). It moves elapsed and monthly spans by its real length. A cutoff is a date of the
    world and does not move; only where it passed during the pause the next one counts. A pause that began after the
    deadline (under an SLA that was longer then) moves nothing.
    """
    moment = due(span, started, calendars)
    for ended in pauses:
        moment = _shifted(span, moment, ended, calendars)
    return moment


def moment_of(clock: Clock, percent: float, calendars: Calendars, offset: timedelta = timedelta()) -> datetime | None:
    """When `percent` (75.0 is three quarters) of the clock's time will have passed, plus `offset` of real time (UTC).

    The share is of working time where the span has a calendar, else of real time; pauses do not count. 100 is `due`.
    None while the clock is paused before that moment.
    """
    if percent == 100:
        waiting = clock.state is ClockState.PAUSED and clock.due > clock.pauses[-1].since
        reached = None if waiting else clock.due
    else:
        total, calendar = _whole(clock, calendars)
        reached = _after_counting(clock, total * (percent / 100), calendar)
    return None if reached is None else reached + offset


def rung_moment(clock: Clock, rung: Rung, calendars: Calendars) -> datetime | None:
    """When a rung of an escalation ladder comes (UTC), None while the clock is paused before it."""
    return moment_of(clock, rung.at_percent, calendars, timedelta(seconds=rung.offset_seconds))


def share_used(clock: Clock, now: datetime, calendars: Calendars) -> float:
    """How much of the clock's time had passed at `now`, in percent: over 100 when overdue, frozen once it is over."""
    total, calendar = _whole(clock, calendars)
    if not total:
        return 100.0
    over = clock.fulfilled or (clock.ended if clock.state is ClockState.CANCELLED else None)
    return 100 * (_counted(clock, over or now, calendar) / total)


def _still_open(clock: Clock, wish: str) -> None:
    if clock.state in ENDED:
        raise Refused(f"the {clock.kind} deadline is {clock.state.value}; it cannot be {wish}")


def _last_change(clock: Clock) -> datetime:
    """No later event may be dated before this: clocks of machines differ by seconds."""
    last = clock.pauses[-1].until if clock.pauses else None
    return last or clock.started


def _without_open_pause(clock: Clock, at: datetime, ended_by: str) -> Clock:
    if clock.state is not ClockState.PAUSED:
        return clock
    last = clock.pauses[-1]
    return replace(clock, pauses=(*clock.pauses[:-1], replace(last, until=max(at, last.since), ended_by=ended_by)))


def _shifted(span: Span, moment: datetime, ended: Pause, calendars: Calendars) -> datetime:
    """A deadline after one pause; unchanged by a pause that still lasts."""
    if ended.until is None or ended.since >= moment:
        return moment
    if isinstance(span, Working):
        calendar = named(span.calendar, calendars)
        return add_working(moment, working_between(ended.since, ended.until, calendar), calendar)
    if isinstance(span, NextCutoff):
        return moment if moment >= ended.until else next_cutoff(ended.until, named(span.calendar, calendars))
    return moment + (ended.until - ended.since)


def _whole(clock: Clock, calendars: Calendars) -> tuple[timedelta, Calendar | None]:
    """All the time the clock has, a pause that still lasts left out, and the calendar it is counted in (None: real)."""
    closed = replace(clock, pauses=tuple(each for each in clock.pauses if each.until))
    if isinstance(clock.span, Working | NextCutoff):
        calendar = named(clock.span.calendar, calendars)
        total = _counted(closed, clock.due, calendar)
        if total:  # none is left when a cutoff falls on a day off and the last shift before it is over
            return total, calendar
    return _counted(closed, clock.due, None), None


def _stretches(clock: Clock) -> list[tuple[datetime, datetime | None]]:
    """When the clock counted: from, to; the last is open unless it is paused."""
    edges: list[datetime | None] = [clock.started]
    for each in clock.pauses:
        edges += [each.since, each.until]
    edges.append(None)
    pairs = list(pairwise(edges))[::2]
    return [(begin, end) for begin, end in pairs if begin is not None]


def _counted(clock: Clock, until: datetime, calendar: Calendar | None) -> timedelta:
    """Time that counted from the clock's start to `until`."""
    total = timedelta()
    for begin, end in _stretches(clock):
        last = min(end or until, until)
        if last > begin:
            total += working_between(begin, last, calendar) if calendar else last - begin
    return total


def _after_counting(clock: Clock, amount: timedelta, calendar: Calendar | None) -> datetime | None:
    """The earliest moment by which `amount` has counted; None when the clock is paused before it."""
    for begin, end in _stretches(clock):
        reached = add_working(begin, amount, calendar) if calendar else begin + amount
        if end is None or reached <= end:
            return reached
        amount -= working_between(begin, end, calendar) if calendar else end - begin
    return None
