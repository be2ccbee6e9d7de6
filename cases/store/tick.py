"""The tick: clocks that ran out are missed, and the steps of ladders that have come are promised; each once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from cases.audit.trail import append
from cases.model.words import ClockState
from cases.store.clock_rows import missed_event
from cases.store.outbox import promise_to_attend
from cases.store.tables import clock, rung

MOST_AT_ONCE = 200


def tick(connection: Connection, now: datetime) -> int:
    """Mark running clocks that are past due as missed and write `deadline.missed`; returns how many."""
    due = (clock.c.state == ClockState.RUNNING.value, clock.c.due_at < now)
    query = select(clock.c.id, clock.c.case_id, clock.c.kind).where(*due).order_by(clock.c.due_at).limit(MOST_AT_ONCE)
    late = connection.execute(query.with_for_update(skip_locked=True)).all()  # what somebody holds is ending just now
    if late:
        connection.execute(
            update(clock).where(clock.c.id.in_([row.id for row in late]), *due).values(state=ClockState.MISSED.value)
        )
        append(connection, [missed_event(row.case_id, row.kind, now) for row in late])
    return len(late)


def take_steps(connection: Connection, now: datetime) -> int:
    """Promise each step of a ladder whose moment has come, once in a clock's turn; returns how many were promised.

    Escalations go first. A reminder whose deadline has passed meanwhile is dropped where a later step has come too: after a
    day without us nobody needs to hear that a deadline is near. A step whose clock has ended lapses.
    """
    columns = (rung.c.id, rung.c.case_id, rung.c.clock_id, rung.c.percent, rung.c.escalate_to, rung.c.at)
    of_clock = (clock.c.turn, clock.c.state.label("clock_state"), clock.c.ended_at)
    come = (rung.c.state == "waiting", rung.c.at <= now)
    rows = connection.execute(
        select(*columns, *of_clock)
        .join(clock, clock.c.id == rung.c.clock_id)
        .where(*come)
        .order_by(rung.c.escalate_to == "", rung.c.at)
        .limit(MOST_AT_ONCE)
    ).all()
    taken = [row for row in rows if _counts(row) and not _stale(row, rows)]
    lapsed = [row.id for row in rows if row not in taken]
    promise_to_attend(
        connection, [(f"rung:{row.id}:{row.turn}", row.case_id, bool(row.escalate_to)) for row in taken], now
    )
    for state, ids in (("fired", [row.id for row in taken]), ("lapsed", lapsed)):
        if ids:
            connection.execute(update(rung).where(rung.c.id.in_(ids)).values(state=state))
    return len(taken)


def _counts(row: Any) -> bool:
    return row.ended_at is None and row.clock_state in {ClockState.RUNNING.value, ClockState.MISSED.value}


def _stale(row: Any, rows: Sequence[Any]) -> bool:
    """A mere reminder that a deadline is near, after the deadline, where a later step speaks for it."""
    if row.escalate_to or row.percent >= 100 or row.clock_state != ClockState.MISSED.value:
        return False
    return any(other.clock_id == row.clock_id and other.at > row.at for other in rows)
