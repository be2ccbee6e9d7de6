"""What happens to a case's clocks: the event they wait for comes, they pause, go on, start again, move, or end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy import case as when

from cases.audit.trail import NewEvent, append
from cases.model import clocks as pure
from cases.model.calendar_text import KeptCalendar
from cases.model.clocks import Clock
from cases.model.decision import Deadline
from cases.model.span_text import read_span
from cases.model.words import ClockKind, ClockState, Status
from cases.store.clock_rows import (
    COUNTING,
    StoredClock,
    calendars_of,
    in_force,
    load,
    missed_event,
    newest_of,
    replace_calendars,
    save,
    stored,
)
from cases.store.tables import clock, rung

MEETS = "meets"
"""The fact of a promised mail that names the kinds of clock which its hand-over meets."""
BY_MAIL = "mail:"
"""What `ended_by` begins with where a mail met the clock; its outbox entry's id follows."""
ANOTHER_SLA = "another SLA"
"""What `ended_by` says of a clock that the case's SLA of today does not have."""
ONCE = frozenset({ClockKind.ACKNOWLEDGE.value, ClockKind.START_INVESTIGATION.value})
"""What happens once in a case's life: reopening asks for neither again, unless it never came."""


def meet(
    connection: Connection, case_ids: Sequence[str], kinds: Sequence[str], now: datetime, by: str = "event"
) -> None:
    """The event that clocks of these kinds wait for has happened: met in time or while paused, else missed for good.

    One that was missed already keeps its state; `ended_at` then says when the event came at last.
    """
    if case_ids:
        _meet(connection, [{"of": one, "by": by[:64]} for one in case_ids], kinds, now)


def meet_by_mail(connection: Connection, sent: Mapping[str, str], kinds: Sequence[str], now: datetime) -> None:
    """Mails were handed over (outbox entry to case): as `meet`, and `came_back` can undo it."""
    if sent:
        _meet(connection, [{"of": case, "by": BY_MAIL + entry} for entry, case in sent.items()], kinds, now)


def _meet(connection: Connection, pairs: list[dict[str, str]], kinds: Sequence[str], now: datetime) -> None:
    waiting = (or_(*(clock.c.kind == kind for kind in kinds)), clock.c.ended_at.is_(None))
    ids = [pair["of"] for pair in pairs]
    by = {pair["of"]: pair["by"] for pair in pairs}
    for one in load(connection, ids, *waiting, clock.c.state == ClockState.PAUSED.value):
        save(connection, one, pure.meet(one.clock, now, by[one.case_id]))
    over = (clock.c.case_id.in_(ids), *waiting, clock.c.state == ClockState.RUNNING.value, clock.c.due_at < now)
    late = connection.execute(
        select(clock.c.case_id, clock.c.kind).where(*over).order_by(clock.c.id).with_for_update()
    ).all()
    append(connection, [missed_event(row.case_id, row.kind, now) for row in late])
    state = when(
        ((clock.c.state == ClockState.RUNNING.value) & (clock.c.due_at >= now), ClockState.MET.value),
        else_=ClockState.MISSED.value,
    )
    running = or_(clock.c.state == ClockState.RUNNING.value, clock.c.state == ClockState.MISSED.value)
    ending = update(clock).where(clock.c.case_id == bindparam("of"), *waiting, running)
    connection.execute(ending.values(state=state, ended_at=now, ended_by=bindparam("by")), pairs)


def came_back(connection: Connection, case_id: str, entry_id: str, now: datetime) -> tuple[str, ...]:
    """A mail that met clocks was not delivered after all: they run again, and are missed if their time is over.

    `entry_id` is the mail's outbox entry; "" where the report does not say which: then whatever mail met. Gives their kinds.
    """
    by = clock.c.ended_by == BY_MAIL + entry_id if entry_id else clock.c.ended_by.startswith(BY_MAIL)
    rows = connection.execute(
        select(clock.c.id, clock.c.kind).where(clock.c.case_id == case_id, by, clock.c.ended_at.is_not(None))
    ).all()
    if rows:
        state = when((clock.c.state == ClockState.MET.value, ClockState.RUNNING.value), else_=ClockState.MISSED.value)
        again = update(clock).where(clock.c.id.in_([row.id for row in rows]))
        connection.execute(again.values(state=state, ended_at=None, ended_by=""))
        lapsed = (rung.c.clock_id.in_([row.id for row in rows]), rung.c.state == "lapsed")
        connection.execute(update(rung).where(*lapsed).values(state="waiting"))
        facts = [NewEvent(case_id, "deadline.resumed", "mail", now, {"clock": row.kind}) for row in rows]
        append(connection, facts)
    for one in load(connection, [case_id], clock.c.id.in_([row.id for row in rows]), clock.c.state.in_(COUNTING)):
        today = in_force(connection, one)
        if today.calendar != one.calendar:  # edited while it was met
            known = replace(one, calendars=today.calendars)
            _moved(
                connection, known, pure.recalculate(one.clock, now, today.calendars), today.calendar, now, "calendar"
            )
    return tuple(row.kind for row in rows)


def cancel_rest(connection: Connection, case_id: str, now: datetime, by: str = "case ended") -> None:
    """The case has ended: what still counted is cancelled, or missed where its time was over; missed ones end too."""
    for one in load(connection, [case_id], clock.c.ended_at.is_(None), clock.c.state.in_(COUNTING)):
        save(connection, one, pure.cancel(one.clock, now, by))
    missed = (clock.c.case_id == case_id, clock.c.ended_at.is_(None), clock.c.state == ClockState.MISSED.value)
    connection.execute(update(clock).where(*missed).values(ended_at=now, ended_by=by[:64]))


def status_changed(connection: Connection, case_id: str, to: Status, now: datetime, by: str) -> None:
    """The case's status is another: clocks pause while it is what they pause for, and go on with it.

    `by` says what ended a pause: a message, or whoever set the status. A reopened case's clocks start again.
    """
    if to is Status.REOPENED:
        _restart(connection, case_id, now)
    align(connection, case_id, to, now, by)


def align(connection: Connection, case_id: str, to: Status, now: datetime, by: str) -> None:
    """Clocks that count pause where the case's status is what they pause for, and go on where it is not."""
    for one in load(connection, [case_id], clock.c.state.in_(COUNTING)):
        if one.clock.pause_while == to.value:
            save(connection, one, pure.pause(one.clock, now, to.value))
        else:
            save(connection, one, pure.resume(one.clock, now, by, one.calendars))


def _restart(connection: Connection, case_id: str, now: datetime) -> None:
    ended = tuple(state.value for state in pure.ENDED)
    for one in load(connection, [case_id], clock.c.state.in_(ended), clock.c.ended_at.is_not(None)):
        if one.clock.ended_by == ANOTHER_SLA:
            continue  # the case is not promised that any more
        if one.clock.kind not in ONCE or one.clock.state is ClockState.CANCELLED:
            today = in_force(connection, one)
            save(
                connection,
                replace(one, calendars=today.calendars),
                pure.restart(one.clock, now, today.calendars),
                calendar=today.calendar,
            )


def change_sla(
    connection: Connection,
    case_id: str,
    deadlines: Sequence[Deadline],
    now: datetime,
    *,
    by: str,
    tighten: bool = False,
) -> tuple[str, ...]:
    """The case has other deadlines: clocks that count keep their start and paused time, and what is new begins.

    With `tighten` (a rule that adds an SLA to a running case) no clock becomes later and none is dropped. A move is an event.
    What an SLA had ended that did not have it counts again where this one does. Gives the kinds that have no clock yet, for the
    caller to start.
    """
    wanted = {one.kind: one for one in deadlines if one.span}
    had = {one.clock.kind: one for one in load(connection, [case_id])}
    calendars = calendars_of(connection, {one.calendar for one in wanted.values()} - {""})
    for kind, one in had.items():
        dropped = one.clock.state is ClockState.CANCELLED and one.clock.ended_by == ANOTHER_SLA
        if one.clock.state in pure.ENDED and not (dropped and kind in wanted):
            continue
        if kind in wanted:
            new = wanted[kind]
            known = replace(one, calendars=calendars.get(new.calendar, {}))
            span, pause_while = read_span(new.span), new.pause_while
            if dropped:
                begin = new.starts or one.clock.started
                moved = pure.revive(one.clock, begin, span, new.sla, known.calendars, pause_while=pause_while)
            else:
                moved = pure.change_sla(one.clock, span, new.sla, now, known.calendars, pause_while=pause_while)
            if dropped or not tighten or moved.due < one.clock.due:
                _moved(connection, known, moved, new.calendar, now, by)
        elif not tighten:
            save(connection, one, pure.cancel(one.clock, now, ANOTHER_SLA))
    return tuple(kind for kind in wanted if kind not in had)


def recalculate(connection: Connection, calendars: Sequence[KeptCalendar], after: str, most: int, now: datetime) -> str:
    """Bring open clocks whose calendar was edited up to date, `most` at a time by id; gives the last one's id, "" at the end."""
    newer = newest_of(connection, calendars)
    if not after:
        replace_calendars(connection, newer, calendars)
    chosen = (clock.c.id > after, clock.c.calendar.in_(list(newer)), clock.c.state.in_(COUNTING))
    query = select(clock).where(*chosen).order_by(clock.c.id).limit(most).with_for_update()
    rows = list(connection.execute(query))
    for one in stored(connection, rows):
        new = newer[one.calendar]
        known = replace(one, calendars={new.calendar.name: new.calendar})
        _moved(connection, known, pure.recalculate(one.clock, now, known.calendars), new.id, now, "calendar")
    return rows[-1].id if rows else ""


def _moved(connection: Connection, one: StoredClock, moved: Clock, calendar: str, now: datetime, by: str) -> None:
    """Write a clock that counts differently now; a deadline never moves in silence."""
    save(connection, one, moved, calendar=calendar)
    if moved.due != one.clock.due:
        data = {"clock": moved.kind, "from": one.clock.due.isoformat(), "to": moved.due.isoformat()}
        append(connection, [NewEvent(one.case_id, "deadline.moved", by, now, data)])
