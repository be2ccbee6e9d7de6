"""Wraps: a private key sealed to one reader, for one case, epoch and compartment. Who has none cannot read."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, or_, select

from cases.keys.sealing import KeyPair, Place, seal, unseal
from cases.model.words import Compartment
from cases.store import tables
from cases.store.tables import wrap as table

STAFF, SERVICE, RECOVERY, CUSTODIAN, LOST = "staff", "service", "recovery", "custodian", "lost"
"""Kinds of reader beside `receipt` and `status`. `lost`: a wrap whose reader's vault was reset; it opens for nobody."""


def wrap_place(case_id: str, epoch: int, compartment: str, kind: str, reader: str) -> Place:
    """Where a wrap lives: it opens for its own case, epoch, compartment and reader only."""
    return Place("wrap", f"{case_id}/{epoch}/{compartment}/{kind}/{reader}", "sealed")


def add(
    connection: Connection,
    *,
    case_id: str,
    epoch: int,
    private: bytes,
    kind: str,
    reader: str,
    public: bytes,
    at: datetime,
    compartment: Compartment = Compartment.CONTENT,
) -> bool:
    """Wrap a case's private key to a reader; False when they have that wrap already."""
    mine = (*_of(case_id, epoch, compartment), table.c.reader_kind == kind, table.c.reader == reader)
    if connection.execute(select(table.c.epoch).where(*mine)).first() is not None:
        return False
    place = wrap_place(case_id, epoch, compartment.value, kind, reader)
    connection.execute(
        insert(table).values(
            case_id=case_id,
            epoch=epoch,
            compartment=compartment.value,
            reader_kind=kind,
            reader=reader,
            public=public if kind not in {STAFF, SERVICE, CUSTODIAN, RECOVERY} else None,
            sealed=seal(public, private, place),
            created_at=at,
        )
    )
    return True


def of_epoch(
    connection: Connection, case_id: str, epoch: int, compartment: Compartment = Compartment.CONTENT
) -> list[Row[Any]]:
    """Every wrap of one of a case's keys."""
    return list(connection.execute(select(table).where(*_of(case_id, epoch, compartment))))


def held_by(
    connection: Connection, kind: str, reader: str, keys: KeyPair, *, compartment: Compartment, case_id: str = ""
) -> dict[tuple[str, int], bytes]:
    """The private keys that a reader's wraps hold, by case and epoch; of one case, or of all.

    Raises `CannotOpen` when a wrap is not what was sealed to these keys.
    """
    mine = (table.c.reader_kind == kind, table.c.reader == reader, table.c.compartment == compartment.value)
    one = (table.c.case_id == case_id,) if case_id else ()
    return {
        (row.case_id, row.epoch): unseal(
            keys, row.sealed, wrap_place(row.case_id, row.epoch, row.compartment, kind, reader)
        )
        for row in connection.execute(select(table).where(*mine, *one))
    }


def destroy(
    connection: Connection,
    readers: Collection[str],
    *,
    case_id: str = "",
    kinds: Collection[str] = (STAFF, CUSTODIAN, LOST),
) -> int:
    """Destroy every wrap of these readers, of one case or of all; returns how many."""
    mine = (table.c.reader.in_(list(readers)), table.c.reader_kind.in_(list(kinds)))
    one = (table.c.case_id == case_id,) if case_id else ()
    return connection.execute(delete(table).where(*mine, *one)).rowcount


def held_alone(connection: Connection, reader: str, kind: str) -> list[str]:
    """Ids of the cases of which only this reader, of all staff and recovery keys, holds the present key; no service reads."""
    other, newest = table.alias("other"), tables.case
    compartment = (Compartment.IDENTITY if kind == CUSTODIAN else Compartment.CONTENT).value
    shared = exists().where(
        other.c.case_id == table.c.case_id,
        other.c.epoch == table.c.epoch,
        other.c.compartment == compartment,
        other.c.reader_kind.in_((kind, SERVICE, RECOVERY)),
        other.c.reader != reader,
    )
    mine = (table.c.reader == reader, table.c.reader_kind == kind, table.c.compartment == compartment, ~shared)
    present = or_(table.c.epoch == newest.c.epoch, table.c.compartment == Compartment.IDENTITY.value)
    query = select(table.c.case_id).join(newest, newest.c.id == table.c.case_id).where(*mine, present)
    return list(connection.execute(query.order_by(table.c.case_id)).scalars())


def destroy_shared(connection: Connection, reader: str) -> int:
    """Destroy a leaver's wraps but of what they alone hold: that nobody would ever read again. Returns of how many cases."""
    alone = {kind: held_alone(connection, reader, kind) for kind in (STAFF, CUSTODIAN)}
    for kind in (STAFF, CUSTODIAN, LOST):
        mine = (table.c.reader == reader, table.c.reader_kind == kind, table.c.case_id.not_in(alone.get(kind, [])))
        connection.execute(delete(table).where(*mine))
    return len({case_id for cases in alone.values() for case_id in cases})


def _of(case_id: str, epoch: int, compartment: Compartment) -> tuple[Any, ...]:
    return (table.c.case_id == case_id, table.c.epoch == epoch, table.c.compartment == compartment.value)
