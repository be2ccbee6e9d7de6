"""A case waits for its employee: they are asked again."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from cases.model.words import Access, Status
from cases.store.outbox import OutboxEntry
from cases.store.tables import case, event
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found
from worker.attending.letters import reporter_of, write_to

WAITING = Status.WAITING_FOR_EMPLOYEE.value


def waiting_since(connection: Connection, before: datetime) -> list[tuple[str, datetime, str, str]]:
    """Cases that have waited for their employee since before then: id, since when, risk, access. Sealed ones left out."""
    since = func.max(event.c.at).label("since")
    rows = connection.execute(
        select(case.c.id, since, case.c.risk, case.c.access)
        .join(event, event.c.stream_id == case.c.id)
        .where(case.c.status == WAITING, case.c.access != Access.SEALED.value, event.c.verb == "status.changed")
        .group_by(case.c.id, case.c.risk, case.c.access)
        .having(since <= before)
    )
    return [(row.id, row.since, row.risk, row.access) for row in rows]


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Cases that have waited long enough to ask again, each wait once."""
    if not settings.reminders.waiting_days:
        return []
    rows = waiting_since(connection, now - timedelta(days=settings.reminders.waiting_days))
    return [Found(f"waiting:{one}:{since:%Y%m%d%H%M%S}", one) for one, since, _, _ in rows]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Ask once more, unless they have answered."""
    to = reporter_of(desk)
    if to is not None and desk.case.status == WAITING and write_to(desk, to, "waiting"):
        desk.note("employee.reminded", {})
