"""Who is away, from when until when: their backup acts, and no new case comes to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.store.rows import new_id
from cases.store.tables import absence

LONGEST = timedelta(days=731)
"""A longer absence is a slip of the pen in the year, or somebody who has left."""


@dataclass(frozen=True, slots=True)
class Absence:
    """One person's time away; `until` is the moment of being back."""

    person: str
    since: datetime
    until: datetime


def set_absent(
    connection: Connection, person: str, until: datetime, now: datetime, *, since: datetime | None = None, by: str = ""
) -> None:
    """Note that a person (an address) is away from `since`, or from now on, until they are back at `until`.

    It takes the place of what was noted for any part of that time. Raises `Refused` for a time that is over, ends before it
    begins, or is longer than two years.
    """
    since, address = since or now, person.strip().casefold()
    if until <= now:
        raise Refused("the day of coming back is over already")
    if until <= since:
        raise Refused("the absence ends before it begins")
    if until - since > LONGEST:
        raise Refused("nobody is away for more than two years: check the year")
    _make_room(connection, address, since, until)
    connection.execute(
        insert(absence).values(id=new_id(), person=address, starts_at=since, ends_at=until, by=by or address)
    )
    _event(connection, "absence.noted", address, by, now)


def set_present(connection: Connection, person: str, now: datetime, *, by: str = "") -> None:
    """Note that a person is here: an absence that runs ends now, and those to come are dropped."""
    address = person.strip().casefold()
    ended = connection.execute(
        update(absence)
        .where(absence.c.person == address, absence.c.starts_at < now, absence.c.ends_at > now)
        .values(ends_at=now)
    ).rowcount
    dropped = connection.execute(
        delete(absence).where(absence.c.person == address, absence.c.starts_at >= now)
    ).rowcount
    if ended or dropped:
        _event(connection, "absence.ended", address, by, now)


def absent(connection: Connection, now: datetime) -> frozenset[str]:
    """Addresses of everybody who is away now."""
    away = select(absence.c.person).where(absence.c.ends_at > now, absence.c.starts_at <= now)
    return frozenset(connection.execute(away).scalars())


def looked_after_by(connection: Connection, owner: str, backup: str, now: datetime) -> str:
    """Who acts on a case now: its owner, or its backup while the owner is away and the backup is not."""
    if not owner or not backup:
        return owner or backup
    away = absent(connection, now)
    return backup if owner in away and backup not in away else owner


def planned(connection: Connection, now: datetime) -> list[Absence]:
    """Every absence that runs or is to come, the earliest first."""
    rows = connection.execute(
        select(absence.c.person, absence.c.starts_at, absence.c.ends_at)
        .where(absence.c.ends_at > now)
        .order_by(absence.c.starts_at, absence.c.person)
    )
    return [Absence(*row) for row in rows]


def _make_room(connection: Connection, address: str, since: datetime, until: datetime) -> None:
    """Absences of one person never overlap: what is inside goes, what reaches in is cut."""
    theirs = absence.c.person == address
    connection.execute(delete(absence).where(theirs, absence.c.starts_at >= since, absence.c.starts_at < until))
    connection.execute(
        update(absence).where(theirs, absence.c.starts_at < since, absence.c.ends_at > since).values(ends_at=since)
    )


def _event(connection: Connection, verb: str, address: str, by: str, now: datetime) -> None:
    append(connection, [NewEvent(DEPLOYMENT, verb, by or address, now, {"person": address})])
