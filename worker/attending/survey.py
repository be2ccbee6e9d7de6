"""A case was closed: its reporter is asked once how it went, by a link of their own."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select

from cases.model.words import Access, Channel, Status
from cases.store.outbox import OutboxEntry
from cases.store.tables import case, event
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found
from worker.attending.letters import reporter_of, write_to

TOO_LATE = timedelta(days=30)
"""After which nobody remembers how it went."""
RATED = "outcome.rated"


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Closed cases, each once in its life. Never withdrawn, merged, sealed or anonymous ones, nor spam and duplicates."""
    if not settings.reminders.survey_days:
        return []
    closed = now - timedelta(days=settings.reminders.survey_days)
    rated = exists().where(event.c.stream_id == case.c.id, event.c.verb == RATED)
    rows = connection.execute(
        select(case.c.id).where(
            case.c.status == Status.CLOSED.value,
            case.c.closed_at.between(closed - TOO_LATE, closed),
            case.c.access != Access.SEALED.value,
            case.c.channel != Channel.ANONYMOUS.value,
            case.c.outcome.not_in(("spam", "duplicate")),
            ~rated,
        )
    )
    return [Found(f"survey:{row.id}", row.id) for row in rows]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Ask, if the case is still closed and there is a page to answer on. What they write back is a message like any other."""
    to = reporter_of(desk)
    if to is None or desk.case.status != Status.CLOSED.value or not desk.shop.settings.organisation.public_url:
        return
    if write_to(desk, to, "survey"):
        desk.note("survey.sent", {})
