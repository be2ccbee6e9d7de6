"""Backups as the record knows them: when the last one was made, and until when one could bring back what is erased."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.store.rows import new_id
from cases.store.trail_tables import backup as table


def note(connection: Connection, at: datetime, expires_at: datetime, *, now: datetime) -> None:
    """Remember a backup that was made; forget those whose time is over."""
    connection.execute(delete(table).where(table.c.expires_at < now))
    connection.execute(insert(table).values(id=new_id(), at=at, expires_at=expires_at))
    append(connection, [NewEvent(DEPLOYMENT, "backup.made", "shell", now, {"until": expires_at.date().isoformat()})])


def last(connection: Connection) -> datetime | None:
    """When the last backup was made."""
    found: datetime | None = connection.execute(select(func.max(table.c.at))).scalar()
    return found
