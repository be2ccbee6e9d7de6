"""An owner is away: whoever stands in for them hears once which open cases are theirs meanwhile."""

from datetime import datetime

from sqlalchemy import Connection, select

from cases.model.lifecycle import OPEN
from cases.model.wording import phrase
from cases.store.absences import planned
from cases.store.outbox import OutboxEntry
from cases.store.tables import case
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found


def find(connection: Connection, now: datetime, _settings: RelaySlice) -> list[Found]:
    """Open cases whose owner is away, once an absence."""
    away = {one.person: one for one in planned(connection, now) if one.since <= now}
    if not away:
        return []
    rows = connection.execute(
        select(case.c.id, case.c.owner).where(case.c.owner.in_(list(away)), case.c.status.in_(OPEN))
    )
    return [Found(f"away:{row.id}:{away[row.owner].until:%Y%m%d%H%M}", row.id) for row in rows]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Tell who acts for the owner, if the owner is still away and the case still open."""
    case_row = desk.case
    stands_in = desk.who(("owner",))
    if case_row.status not in OPEN or case_row.owner in stands_in:
        return
    desk.tell("notice_away", stands_in, phrase("line.away"), urgent=desk.is_grave())
    desk.note("owner.away", {"owner": case_row.owner, "acting": list(stands_in)})
