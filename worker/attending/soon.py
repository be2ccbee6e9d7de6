"""A deadline is near and nobody's ladder says so: its owner is reminded."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select

from cases.model.words import ClockKind, ClockState
from cases.store.outbox import OutboxEntry
from cases.store.tables import clock, rung
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found
from worker.attending.rung import deadline_said

SHARE = 4
"""A reminder comes in the last quarter of a clock's time at the earliest: a day before a deadline of a day says nothing."""


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Clocks in their last hours; not those whose ladder reminds somebody before the deadline, nor the acknowledgement."""
    if not settings.reminders.owner_hours:
        return []
    ladder = exists().where(rung.c.clock_id == clock.c.id, rung.c.percent < 100)
    rows = connection.execute(
        select(clock.c.id, clock.c.case_id, clock.c.turn, clock.c.started_at, clock.c.due_at).where(
            clock.c.state == ClockState.RUNNING.value,
            clock.c.due_at > now,
            clock.c.due_at <= now + timedelta(hours=settings.reminders.owner_hours),
            clock.c.kind != ClockKind.ACKNOWLEDGE.value,
            ~ladder,
        )
    )
    return [
        Found(f"soon:{row.id}:{row.turn}", row.case_id)
        for row in rows
        if row.due_at - now <= (row.due_at - row.started_at) / SHARE
    ]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Remind the owner, if the clock still runs and its time is not over: then the ladder speaks."""
    clock_id, turn = desk.subject
    row = desk.connection.execute(select(clock).where(clock.c.id == clock_id)).first()
    if row is None or row.state != ClockState.RUNNING.value or row.turn != int(turn) or row.due_at <= desk.now:
        return
    line, said = deadline_said(row.kind, row.due_at, over=False)
    desk.tell("notice_deadline", desk.who(("owner",)), line, phrases=said)
