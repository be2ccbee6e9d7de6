"""Cases that nobody looks after: no owner, an owner who left, or one who is away with no backup who is here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, exists, or_, select

from cases.model.lifecycle import OPEN
from cases.store.tables import absence, case, person


@dataclass(frozen=True, slots=True)
class Unowned:
    """One open case that nobody looks after since a moment; `why` is `no_owner`, `owner_left` or `owner_away`."""

    case_id: str
    reference: str
    team: str
    owner: str
    why: str
    since: datetime


def unowned(connection: Connection, now: datetime, longer_than: timedelta) -> list[Unowned]:
    """Open cases that nobody has looked after for longer than this, the longest first. For reminders, by the clock's tick."""
    away = select(absence.c.person).where(absence.c.starts_at <= now, absence.c.ends_at > now)
    gone = exists().where(person.c.address == case.c.owner, person.c.active.is_(False))
    alone = and_(case.c.owner.in_(away), or_(case.c.backup == "", case.c.backup.in_(away)))
    columns = (case.c.id, case.c.reference, case.c.team, case.c.owner, case.c.opened_at, gone.label("gone"))
    rows = connection.execute(
        select(*columns).where(case.c.status.in_(OPEN), or_(case.c.owner == "", gone, alone))
    ).all()
    since = _away_since(connection, now) if rows else {}
    found = [
        Unowned(
            row.id,
            row.reference,
            row.team,
            row.owner,
            why := "no_owner" if not row.owner else "owner_left" if row.gone else "owner_away",
            max(row.opened_at, since[row.owner]) if why == "owner_away" else row.opened_at,
        )
        for row in rows
    ]
    return sorted((one for one in found if now - one.since > longer_than), key=lambda one: (one.since, one.reference))


def _away_since(connection: Connection, now: datetime) -> dict[str, datetime]:
    rows = connection.execute(
        select(absence.c.person, absence.c.starts_at).where(absence.c.starts_at <= now, absence.c.ends_at > now)
    )
    return {row.person: row.starts_at for row in rows}
