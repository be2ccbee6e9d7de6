"""The end of a grant: its time is over, its holder leaves, or is kept away; the wrap is destroyed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from cases.access.identity.wishes import moment, note
from cases.keys import wraps
from cases.model.words import Compartment
from cases.store import tables
from cases.store.key_tables import identity_request
from cases.store.people import Person


def end_expired(connection: Connection, now: datetime) -> int:
    """Destroy the wraps of grants whose time is over; returns how many. Called by the tick."""
    table = identity_request
    over = connection.execute(select(table).where(table.c.state == "granted", table.c.expires_at <= now)).all()
    for row in over:
        _end(connection, row, now)
    return len(over)


def end_grants_of(connection: Connection, person: Person, now: datetime, case_id: str = "") -> None:
    """Somebody leaves, or is excluded from a case: their wishes and grants end."""
    table = identity_request
    mine = [table.c.person_id == person.id, table.c.state.in_(("asked", "granted"))]
    if case_id:
        mine.append(table.c.case_id == case_id)
    for row in connection.execute(select(table).where(*mine)).all():
        _end(connection, row, now)


def _end(connection: Connection, row: Row[Any], now: datetime) -> None:
    wrap = tables.wrap
    connection.execute(
        delete(wrap).where(
            wrap.c.case_id == row.case_id,
            wrap.c.compartment == Compartment.IDENTITY.value,
            wrap.c.reader_kind == wraps.STAFF,
            wrap.c.reader == row.person_id,
        )
    )
    connection.execute(update(identity_request).where(identity_request.c.id == row.id).values(state="ended"))
    note(connection, row.case_id, "identity.ended", "clock", moment(connection, row.case_id, now), row.id)
