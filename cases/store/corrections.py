"""Corrections: what a person said a message really is; append-only, masked, sealed to the service, erased with the case."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select

from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.words import Access, Channel
from cases.store import tables
from cases.store.codec import words_from
from cases.store.learning_tables import correction as table


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """One correction, opened. `persona` is a keyed hash of who wrote the message."""

    message: str
    at: datetime
    persona: str
    language: str
    category: str
    risk: str
    words: str = field(repr=False)


def every(connection: Connection, service: KeyPair) -> list[StoredCorrection]:
    """All corrections that may train, oldest first: what has become sealed since is left out."""
    rows = connection.execute(
        select(table).join(tables.case).where(_may_train()).order_by(table.c.at, table.c.id)
    ).all()
    return [
        StoredCorrection(
            row.message_id,
            row.at,
            row.persona,
            row.language,
            row.category,
            row.risk,
            words_from(unseal(service, row.content, Place("correction", row.id, "content"))).text,
        )
        for row in rows
    ]


def count_since(connection: Connection, since: datetime | None) -> int:
    """How many have come since a moment; all of them when it is None."""
    query = select(func.count()).select_from(table.join(tables.case)).where(_may_train())
    return int(connection.execute(query.where(table.c.at > since) if since else query).scalar_one())


def erase(connection: Connection, case_id: str) -> int:
    """Delete a case's corrections: it is erased, or has become sealed. Gives how many there were."""
    return connection.execute(delete(table).where(table.c.case_id == case_id)).rowcount


def _may_train() -> ColumnElement[bool]:
    case = tables.case
    return (case.c.access != Access.SEALED.value) & (case.c.channel != Channel.ANONYMOUS.value)
