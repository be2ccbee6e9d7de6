"""A case without an owner: whoever leads its team hears of it, then the guardian."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from cases.model.lifecycle import OPEN
from cases.model.wording import phrase
from cases.store.outbox import OutboxEntry
from cases.store.tables import case
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found

AGAIN = timedelta(days=1)


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Open cases that have had no owner for too long: brought up, and again each day, to the guardian from the second on."""
    if not settings.reminders.unowned_minutes:
        return []
    before = now - timedelta(minutes=settings.reminders.unowned_minutes)
    rows = connection.execute(
        select(case.c.id, case.c.opened_at).where(
            case.c.owner == "", case.c.status.in_(OPEN), case.c.opened_at <= before
        )
    )
    return [Found(f"unowned:{row.id}:{(now - row.opened_at) // AGAIN}", row.id) for row in rows]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Tell the team's lead; from the second day on the guardian too."""
    if desk.case.owner or desk.case.status not in OPEN:
        return
    names = ("team_lead",) if desk.subject[1] == "0" else ("team_lead", "guardian")
    desk.tell("notice_unowned", desk.who(names), phrase("line.unowned"), urgent=desk.is_grave())
