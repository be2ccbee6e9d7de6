"""The directory has not been refreshed: who imports it hears of it, each week anew."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases.model.wording import phrase
from cases.store.directory import last_import
from cases.store.outbox import OutboxEntry
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found

AGAIN = timedelta(days=7)


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """The directory, when its last import is too old. A deployment that never had one is not asked for it."""
    last = last_import(connection)
    stale = timedelta(days=settings.organisation.directory_days)
    if last is None or now - last.at < stale:
        return []
    return [Found(f"directory:{last.at:%Y%m%d%H%M%S}:{(now - last.at - stale) // AGAIN}")]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Tell who keeps the directory."""
    persons = desk.with_role("hr_ops", "administrator")
    desk.tell("notice_directory", persons, phrase("line.directory"))
