"""Stored clocks as values and back: the pure arithmetic of `cases.model.clocks` on rows, with their ladders kept in step."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from cases.audit.trail import NewEvent, append
from cases.model.calendar_text import KeptCalendar, read_calendar, write_calendar
from cases.model.calendars import Elapsed
from cases.model.clocks import Calendars, Clock, Pause, rung_moment
from cases.model.decision import Rung
from cases.model.span_text import read_span, write_span
from cases.model.words import ClockState
from cases.store import tables

COUNTING = (ClockState.RUNNING.value, ClockState.PAUSED.value)


@dataclass(frozen=True, slots=True)
class StoredClock:
    """A clock with where it is kept and the calendar it counts in."""

    id: str
    case_id: str
    clock: Clock
    calendar: str
    calendars: Calendars


def load(connection: Connection, case_ids: Sequence[str], *conditions: Any) -> list[StoredClock]:
    """The clocks of these cases that meet the conditions, locked until the transaction ends."""
    table = tables.clock
    query = select(table).where(table.c.case_id.in_(case_ids), *conditions).order_by(table.c.id).with_for_update()
    return stored(connection, list(connection.execute(query)))


def stored(connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredClock]:
    """Rows of the clock table as clocks."""
    known = calendars_of(connection, {row.calendar for row in rows} - {""})
    return [StoredClock(row.id, row.case_id, clock_of(row), row.calendar, known.get(row.calendar, {})) for row in rows]


def calendars_of(connection: Connection, ids: set[str]) -> dict[str, Calendars]:
    """Stored calendars by id, each ready to be counted in."""
    if not ids:
        return {}
    table = tables.calendar
    found = connection.execute(select(table.c.id, table.c.definition).where(table.c.id.in_(ids)))
    calendars = {row.id: read_calendar(row.definition) for row in found}
    return {name: {calendar.name: calendar} for name, calendar in calendars.items()}


def clock_of(row: Row[Any]) -> Clock:
    """The value of a row. One stored before spans were counts as real time."""
    state = ClockState(row.state)
    ended = row.due_at if state is ClockState.MISSED else row.ended_at
    return Clock(
        kind=row.kind,
        span=read_span(row.span) if row.span else Elapsed(row.due_at - row.started_at),
        started=row.started_at,
        due=row.due_at,
        sla=row.sla,
        pause_while=row.pause_while,
        state=state,
        pauses=_pauses(row),
        ended=ended,
        ended_by=row.ended_by,
        fulfilled=row.ended_at if state in {ClockState.MET, ClockState.MISSED} else None,
        turn=row.turn,
    )


def _pauses(row: Row[Any]) -> tuple[Pause, ...]:
    if not row.pauses:
        return (Pause(row.paused_at, row.pause_while),) if row.paused_at else ()
    return tuple(
        Pause(datetime.fromisoformat(since), reason, datetime.fromisoformat(until) if until else None, by)
        for since, reason, until, by in json.loads(row.pauses)
    )


def values_of(clock: Clock) -> dict[str, Any]:
    """The columns of a clock, but for what never changes about it."""
    paused = clock.state is ClockState.PAUSED
    ended = clock.fulfilled if clock.state is ClockState.MISSED else clock.ended
    return {
        "state": clock.state.value,
        "sla": clock.sla,
        "span": write_span(clock.span),
        "started_at": clock.started,
        "due_at": clock.due,
        "pause_while": clock.pause_while,
        "paused_at": clock.pauses[-1].since if paused else None,
        "pauses": write_pauses(clock.pauses),
        "ended_at": ended,
        "ended_by": clock.ended_by[:64],
        "turn": clock.turn,
    }


def write_pauses(pauses: Sequence[Pause]) -> str:
    """Pauses as text: JSON, "" for none."""
    if not pauses:
        return ""
    return json.dumps(
        [[_text(one.since), one.reason, _text(one.until) if one.until else None, one.ended_by] for one in pauses]
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def save(connection: Connection, before: StoredClock, clock: Clock, *, calendar: str | None = None) -> bool:
    """Write a changed clock and move the steps of its ladder that are still to come; False when nothing changed."""
    if clock == before.clock and calendar in {None, before.calendar}:
        return False
    if clock.state is ClockState.MISSED and before.clock.state is not ClockState.MISSED:
        append(connection, [missed_event(before.case_id, clock.kind, clock.due)])
    table = tables.clock
    values = values_of(clock) | ({} if calendar is None else {"calendar": calendar})
    connection.execute(update(table).where(table.c.id == before.id).values(**values))
    moved = replace(before, clock=clock)
    if (clock.due, clock.state, clock.turn, clock.pauses) != (
        before.clock.due,
        before.clock.state,
        before.clock.turn,
        before.clock.pauses,
    ):
        time_rungs(connection, moved, anew=clock.turn != before.clock.turn)
    return True


def missed_event(case_id: str, kind: str, at: datetime) -> NewEvent:
    """That a deadline has passed: whoever finds out first writes it down, and nobody after them."""
    return NewEvent(case_id, "deadline.missed", "relay", at, {"clock": kind})


def time_rungs(connection: Connection, one: StoredClock, *, anew: bool = False) -> None:
    """The moments of a ladder's steps after its clock moved: held while it is paused before them, gone when it is over.

    `anew` brings back steps that were taken in an earlier turn. A step that was taken in this turn is never taken again.
    """
    table = tables.rung
    open_states = ("waiting", "held", "fired", "lapsed") if anew else ("waiting", "held")
    rows = connection.execute(select(table).where(table.c.clock_id == one.id, table.c.state.in_(open_states))).all()
    for row in rows:
        rung = Rung(one.clock.kind, row.percent, row.offset_seconds, (), ())
        moment = rung_moment(one.clock, rung, one.calendars)
        values = {"state": "held"} if moment is None else {"state": "waiting", "at": moment}
        connection.execute(update(table).where(table.c.id == row.id).values(**values))


def keep_calendars(connection: Connection, calendars: Sequence[KeptCalendar]) -> None:
    """Store the calendars that are not stored yet: clocks refer to them by id. Safe to repeat, and side by side."""
    table = tables.calendar
    known = set(connection.execute(select(table.c.id).where(table.c.id.in_([one.id for one in calendars]))).scalars())
    for one in {one.id: one for one in calendars if one.id not in known}.values():
        row = {
            "id": one.id,
            "name": one.calendar.name,
            "place": one.place[:200],
            "definition": write_calendar(one.calendar),
        }
        if connection.dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert as upsert

            connection.execute(upsert(table).values(**row).on_conflict_do_nothing())
        else:
            connection.execute(insert(table).values(**row))


def newest_of(connection: Connection, calendars: Sequence[KeptCalendar]) -> Mapping[str, KeptCalendar]:
    """For each stored calendar's id the one that has taken its place in a newer ruleset: same name and place, else same name.

    Calendars that the newer ruleset no longer names are left out: their clocks go on as promised.
    """
    exact = {(one.calendar.name, one.place): one for one in calendars}
    table = tables.calendar
    found = {}
    for row in connection.execute(select(table.c.id, table.c.name, table.c.place)):
        newer = exact.get((row.name, row.place)) or exact.get((row.name, ""))
        if newer is not None and newer.id != row.id:
            found[row.id] = newer
    return found


def replace_calendars(
    connection: Connection, newer: Mapping[str, KeptCalendar], in_force: Sequence[KeptCalendar]
) -> None:
    """Note which calendars have taken the place of which, as `newest_of` found them; a rollback brings old ones back."""
    table = tables.calendar
    for name, one in newer.items():
        connection.execute(update(table).where(table.c.id == name).values(replaced_by=one.id))
    ids = [one.id for one in in_force]
    connection.execute(update(table).where(table.c.id.in_(ids), table.c.replaced_by != "").values(replaced_by=""))


def in_force(connection: Connection, one: StoredClock) -> StoredClock:
    """The clock with the calendar that it would count in if it began today: one that had ended was left as it was."""
    table = tables.calendar
    newer = connection.execute(select(table.c.replaced_by).where(table.c.id == one.calendar)).scalar()
    return replace(one, calendar=newer, calendars=calendars_of(connection, {newer})[newer]) if newer else one
