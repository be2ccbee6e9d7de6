"""What is known of each mailbox: when it was last read, what ails it, what could not be fetched. No content."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from gateway.inbox.tables import mailbox, mailbox_mark, unfetched

RED_AFTER_MINUTES = 15.0
"""A mailbox that was not read for so long needs a person."""
MARK_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MailboxState:
    """One mailbox as last seen. `set_aside` counts the mails in its held folder; `trouble` is "" while all is well."""

    name: str
    good_at: datetime | None
    tried_at: datetime | None
    trouble: str
    set_aside: int

    def stale(self, now: datetime, minutes: float) -> bool:
        """Whether it has not been read for so many minutes, or never."""
        return self.good_at is None or now - self.good_at > timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies in a mailbox (RFC 9051 2.3.1.1): good for one UIDVALIDITY only."""

    mailbox: str
    folder: str
    uid_validity: int
    uid: int


def known(connection: Connection) -> list[MailboxState]:
    """Every mailbox that was ever tried, by name."""
    rows = connection.execute(select(mailbox).order_by(mailbox.c.name)).all()
    return [MailboxState(row.name, row.good_at, row.tried_at, row.trouble, row.set_aside) for row in rows]


def salt_of(connection: Connection, name: str) -> bytes:
    """The random bytes that key the ids of a mailbox's envelopes, made when first asked for."""
    found = connection.execute(select(mailbox.c.salt).where(mailbox.c.name == name)).scalar()
    if found is None:
        found = secrets.token_hex(16)
        connection.execute(insert(mailbox).values(name=name, salt=found, trouble="", set_aside=0))
    return bytes.fromhex(found)


def note_good(connection: Connection, name: str, now: datetime, set_aside: int) -> None:
    """All its folders were read just now."""
    values = {"good_at": now, "tried_at": now, "trouble": "", "set_aside": set_aside}
    connection.execute(update(mailbox).where(mailbox.c.name == name).values(**values))
    if not set_aside:
        connection.execute(delete(unfetched).where(unfetched.c.mailbox == name, unfetched.c.set_aside == 1))


def note_trouble(connection: Connection, name: str, now: datetime, words: str) -> None:
    """It could not be read; `words` quote nothing."""
    connection.execute(update(mailbox).where(mailbox.c.name == name).values(tried_at=now, trouble=words[:200]))


def note_unfetched(connection: Connection, place: Place, now: datetime, error: str, *, set_aside: bool = False) -> int:
    """Count a failure to fetch one mail; returns how many there were."""
    values: dict[str, Any] = {"error": error[:200], "at": now, "set_aside": int(set_aside)}
    here = _at(place)
    counted = update(unfetched).where(*here).values(attempts=unfetched.c.attempts + (not set_aside), **values)
    if not connection.execute(counted).rowcount:
        connection.execute(insert(unfetched).values(**asdict(place), attempts=1, **values))
    return int(connection.execute(select(unfetched.c.attempts).where(*here)).scalar_one())


def forget_unfetched(connection: Connection, place: Place) -> None:
    """It was fetched after all."""
    connection.execute(delete(unfetched).where(*_at(place)))


def failed_before(connection: Connection, name: str, folder: str, uid_validity: int) -> dict[int, int]:
    """The UIDs in a folder that failed before, each with how often."""
    here = (unfetched.c.mailbox == name, unfetched.c.folder == folder, unfetched.c.uid_validity == uid_validity)
    rows = connection.execute(select(unfetched.c.uid, unfetched.c.attempts).where(*here)).all()
    return {int(row.uid): int(row.attempts) for row in rows}


def mark_done(connection: Connection, name: str, now: datetime, uid_validity: int, uid_next: int) -> None:
    """Remember, once an hour, how far the done folder had come."""
    marks = select(mailbox_mark.c.at).where(
        mailbox_mark.c.mailbox == name,
        mailbox_mark.c.at > now - MARK_EVERY,
        mailbox_mark.c.uid_validity == uid_validity,
    )
    if connection.execute(marks.limit(1)).first() is None:
        values = {"mailbox": name, "at": now, "uid_validity": uid_validity, "uid_next": uid_next}
        connection.execute(insert(mailbox_mark).values(**values))


def done_before(connection: Connection, name: str, moment: datetime, uid_validity: int) -> int:
    """The UID below which everything in the done folder was there by `moment`; 0 when that is not known.

    Marks before that one have served and are dropped.
    """
    mine = (mailbox_mark.c.mailbox == name, mailbox_mark.c.at <= moment)
    fitting = select(mailbox_mark.c.at, mailbox_mark.c.uid_next).where(
        *mine, mailbox_mark.c.uid_validity == uid_validity
    )
    newest = connection.execute(fitting.order_by(mailbox_mark.c.at.desc()).limit(1)).first()
    if newest is None:
        return 0
    connection.execute(delete(mailbox_mark).where(*mine, mailbox_mark.c.at < newest.at))
    return int(newest.uid_next)


def _at(place: Place) -> tuple[Any, ...]:
    columns = unfetched.c
    return (
        columns.mailbox == place.mailbox,
        columns.folder == place.folder,
        columns.uid_validity == place.uid_validity,
        columns.uid == place.uid,
    )
