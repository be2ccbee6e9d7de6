"""A case that a triager should have looked at, and nobody has: who triages hears of it the same day, then the guardian."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from cases.access.policy import HANDS_ON
from cases.model.lifecycle import ENDED
from cases.model.wording import phrase
from cases.model.words import Access, Status
from cases.store import people
from cases.store.outbox import OutboxEntry
from cases.store.tables import case, exclusion
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found

_OPEN = tuple(status.value for status in Status if status not in ENDED)
AGAIN = timedelta(days=1)


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Open cases that nobody has looked at for too long: brought up the same day, and again each day."""
    if not settings.reminders.look_minutes:
        return []
    before = now - timedelta(minutes=settings.reminders.look_minutes)
    wanted = (case.c.needs_look, case.c.status.in_(_OPEN), case.c.opened_at <= before)
    rows = connection.execute(select(case.c.id, case.c.opened_at).where(*wanted))
    return [Found(f"look:{row.id}:{(now - row.opened_at) // AGAIN}", row.id) for row in rows]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Tell who triages, as far as they may see it; from the second day on the guardian too."""
    if not desk.case.needs_look or desk.case.status not in _OPEN:
        return
    roles = ("triage", "lead") if desk.case.access == Access.MANAGED.value else ("lead",)
    told = dict.fromkeys((*desk.with_role(*roles), *(desk.who(("guardian",)) if desk.subject[1] != "0" else ())))
    known = exclusion.c.person, exclusion.c.case_id == desk.case.id
    away = set(desk.connection.execute(select(known[0]).where(known[1])).scalars())
    able = {one.address for one in people.everyone(desk.connection) if HANDS_ON & set(one.roles)} - away
    desk.tell("notice_look", tuple(one for one in told if one in able), phrase("line.look"))
