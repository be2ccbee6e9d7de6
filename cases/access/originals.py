"""Files as a protected reporter sent them, with their names: kept in the identity compartment, beside who they are."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from cases.access.identity import asking, keeping
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import KeyPair, Place, seal, unseal
from cases.keys.streams import open_stream
from cases.promises import start_of_day
from cases.store.files import OpenFile, PieceStore, StoredFile, stored_pieces
from cases.store.key_tables import original as table
from cases.store.sight import NO_SUCH_CASE, Viewer


@dataclass(frozen=True, slots=True)
class Original:
    """A file whose pieces are stored, under the name that it was sent with."""

    stored: StoredFile
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """An original as a grantee sees it: its id, the name it was sent with, its size in bytes."""

    id: str
    name: str = field(repr=False)
    size: int


def keep(connection: Connection, case_id: str, envelope_id: str, originals: Sequence[Original], now: datetime) -> None:
    """Keep what came with one delivery, sealed to the compartment's key. Raises `Refused` when nobody could guard it."""
    if connection.execute(select(table.c.id).where(table.c.envelope_id == envelope_id)).first() is not None:
        return
    at = start_of_day(now)
    public = keeping.compartment_key(connection, case_id, at)
    for one in originals:
        told = json.dumps({"name": one.name, "secret": b64encode(one.stored.secret).decode()}).encode()
        values = {
            "id": one.stored.id,
            "case_id": case_id,
            "envelope_id": envelope_id,
            "number": one.stored.number,
            "size": one.stored.size,
            "pieces": one.stored.pieces,
            "sealed": seal(public, told, _place(one.stored.id, case_id)),
        }
        connection.execute(insert(table).values(**values))
    append(connection, [NewEvent(case_id, "originals.kept", "triage", at, {"files": len(originals)})])


def any_of(connection: Connection, case_id: str) -> bool:
    """Whether a case has originals."""
    return connection.execute(select(table.c.id).where(table.c.case_id == case_id)).first() is not None


def listed(connection: Connection, reference: str, viewer: Viewer, vault: KeyPair, now: datetime) -> tuple[Listed, ...]:
    """The originals of a case, for whom its identity was granted. Raises `Refused` alike for all reasons."""
    seen, keys = asking.granted(connection, reference, viewer, vault, now)
    rows = connection.execute(
        select(table).where(table.c.case_id == seen.id).order_by(table.c.envelope_id, table.c.number)
    )
    found = [(row, json.loads(unseal(keys, row.sealed, _place(row.id, seen.id)))) for row in rows]
    return tuple(Listed(row.id, told["name"], row.size) for row, told in found)


def open_one(
    connection: Connection,
    reference: str,
    original_id: str,
    *,
    viewer: Viewer,
    vault: KeyPair,
    pieces: PieceStore,
    now: datetime,
) -> tuple[str, OpenFile]:
    """One original and its name; an audited fact. Raises `Refused` alike for all reasons."""
    seen, keys = asking.granted(connection, reference, viewer, vault, now)
    wanted = select(table).where(table.c.id == original_id, table.c.case_id == seen.id)
    row = connection.execute(wanted).first()
    if row is None:
        raise Refused(NO_SUCH_CASE)
    told = json.loads(unseal(keys, row.sealed, _place(row.id, seen.id)))
    fact = {"original": row.id}
    append(connection, [NewEvent(seen.id, "original.read", viewer.person.address, seen.moment(now), {**fact})])
    parts = open_stream(b64decode(told["secret"]), row.id, stored_pieces(pieces, row.id, row.pieces))
    return told["name"], OpenFile(row.size, parts)


def _place(original_id: str, case_id: str) -> Place:
    return Place("original", original_id, f"sealed/{case_id}")
