"""The tick: clocks that ran out are missed, as an audited fact, once."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from cases.audit.trail import NewEvent, append
from cases.model.words import ClockState
from cases.store.tables import clock

MOST_AT_ONCE = 200


def tick(connection: Connection, now: datetime) -> int:
    """Mark running clocks that are past due as missed and write `deadline.missed`; returns how many."""
    due = (clock.c.state == ClockState.RUNNING.value, clock.c.due_at < now)
    late = connection.execute(
        select(clock.c.id, clock.c.case_id, clock.c.kind).where(*due).order_by(clock.c.due_at).limit(MOST_AT_ONCE)
    ).all()
    if late:
        connection.execute(
            update(clock).where(clock.c.id.in_([row.id for row in late]), *due).values(state=ClockState.MISSED.value)
        )
        append(
            connection, [NewEvent(row.case_id, "deadline.missed", "relay", now, {"clock": row.kind}) for row in late]
        )
    return len(late)
