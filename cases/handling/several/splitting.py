"""Splitting: chosen messages of a case begin another, under a key of its own, for the same people; both keep them."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.handling.hand import Hand, record
from cases.handling.several.linking import Pair, check_not_protected, tie
from cases.keys import recovery, wraps
from cases.keys.sealing import KeyPair, Place, Sealer, seal, unseal
from cases.model.codes import new_reference
from cases.model.words import Access, ClockKind, Direction, Status
from cases.model.work import LinkKind
from cases.store import files, people, tables
from cases.store.clocks import align
from cases.store.codec import to_bytes
from cases.store.dossier import open_decision
from cases.store.filled import keep_completeness
from cases.store.key_tables import file
from cases.store.rows import Rows, new_id
from cases.store.sight import SeenCase, require


def split(connection: Connection, reference: str, hand: Hand, numbers: Collection[int]) -> str:
    """Begin a new case with these messages of this one; its reference.

    Who reads the one reads the other, who is kept away is kept away, and deadlines that still wait go along with their
    ladders. Raises `Refused` for messages of a party's thread, for none of the reporter's, for what this person cannot open,
    and where the reporter is protected.
    """
    seen = require(connection, reference, hand.viewer, Action.LINK, lock=True)
    check_not_protected(seen.row.tags)
    keys = hand.keys(connection, seen)
    chosen = _chosen(connection, seen, numbers, keys)
    case_id, pair = new_id(), KeyPair.generate()
    fresh = _case(connection, seen, hand, case_id, pair, keys, chosen[0].at)
    _wrap(connection, seen, hand, case_id, pair)
    _copy_rows(connection, seen, case_id)
    align(connection, case_id, Status(fresh.status), hand.now, "case split")
    at = seen.moment(hand.now)
    opened: dict[str, Json] = {
        name: getattr(fresh, name) for name in ("reference", "category", "risk", "access", "team")
    }
    opened |= {"owner": fresh.owner, "other": seen.id}
    append(connection, [NewEvent(case_id, "case.opened", hand.address, at, opened)])
    for number, row in enumerate(chosen, 1):
        _copy(connection, row, keys, case_id, pair, number, hand)
    keep_completeness(connection, case_id)
    new = replace(seen, row=fresh)
    tie(connection, Pair(seen, new), hand, LinkKind.SPLIT)
    record(connection, seen, hand, "case.split", {"other": case_id, "messages": [row.number for row in chosen]})
    return str(fresh.reference)


def _chosen(
    connection: Connection, seen: SeenCase, numbers: Collection[int], keys: dict[int, KeyPair]
) -> list[Row[Any]]:
    message = tables.message
    query = select(message).where(message.c.case_id == seen.id, message.c.number.in_(list(numbers)))
    rows = list(connection.execute(query.order_by(message.c.number)))
    if any(row.party_id for row in rows):
        raise Refused("what another party said stays in their thread: choose among the reporter's messages and notes")
    if not any(row.direction == Direction.INBOUND.value for row in rows):
        raise Refused("choose at least one message of the reporter's")
    if any(row.content is None or row.epoch not in keys for row in rows):
        raise Refused("one of these messages was written under a key that you do not hold")
    return rows


def _case(
    connection: Connection,
    seen: SeenCase,
    hand: Hand,
    case_id: str,
    pair: KeyPair,
    keys: dict[int, KeyPair],
    received_at: datetime,
) -> Row[Any]:
    """The new case's row: as the old one is, without what was quoted when that was decided."""
    decision = open_decision(seen, keys)
    if decision is None:
        raise Refused("this case was decided under a key that you do not hold: somebody else splits it")
    bare = replace(decision, trace=(), notices=(), checklist=decision.checklist)
    place = Place("case_file", case_id, "decision")
    columns = {name: getattr(seen.row, name) for name in tables.case.c.keys()}  # noqa: SIM118  a collection of columns
    columns |= {
        "id": case_id,
        "reference": _new_reference(connection),
        "envelope_id": new_id(),
        "status": (Status.ASSIGNED if seen.row.owner else Status.TRIAGED).value,
        "likeness": "",
        "received_at": received_at,
        "opened_at": seen.moment(hand.now),
        "closed_at": None,
        "outcome": "",
        "epoch": 1,
        "public_key": pair.public,
        "decision": seal(pair.public, to_bytes(bare), place),
        "undeliverable": False,
        "merged_into": "",
    }
    connection.execute(insert(tables.case).values(**columns))
    return connection.execute(select(tables.case).where(tables.case.c.id == case_id)).one()


def _new_reference(connection: Connection) -> str:
    """One that no case has."""
    while True:
        reference = new_reference(secrets.randbits)
        query = select(tables.case.c.id).where(tables.case.c.reference == reference)
        if connection.execute(query).first() is None:
            return reference


def _wrap(connection: Connection, seen: SeenCase, hand: Hand, case_id: str, pair: KeyPair) -> None:
    """The new key for the staff who read the old case; not for the reporter's link, which goes on opening that one."""
    known = {one.id: one.vault_public for one in people.everyone(connection)}
    readers = [
        (row.reader_kind, row.reader, known[row.reader])
        for row in wraps.of_epoch(connection, seen.id, seen.row.epoch)
        if row.reader_kind == wraps.STAFF and row.reader in known
    ]
    if seen.access is not Access.SEALED:
        readers.append((wraps.SERVICE, "service", hand.service.public))
    elif kept := recovery.current(connection):
        readers.append((wraps.RECOVERY, kept.id, kept.public))
    for kind, reader, public in readers:
        wraps.add(
            connection,
            case_id=case_id,
            epoch=1,
            private=pair.private,
            kind=kind,
            reader=reader,
            public=public,
            at=seen.moment(hand.now),
        )


def _copy_rows(connection: Connection, seen: SeenCase, case_id: str) -> None:
    """Who is kept away, and deadlines that still wait, with their ladders; the acknowledgement was the old case's."""
    exclusion, clock, rung, clocks = tables.exclusion, tables.clock, tables.rung, dict[str, str]()
    for row in connection.execute(select(exclusion).where(exclusion.c.case_id == seen.id)).all():
        connection.execute(insert(exclusion).values(**{**row._mapping, "case_id": case_id}))  # noqa: SLF001  its public name
    waiting = (clock.c.ended_at.is_(None), clock.c.kind != ClockKind.ACKNOWLEDGE.value)
    for row in connection.execute(select(clock).where(clock.c.case_id == seen.id, *waiting)).all():
        clocks[row.id] = new_id()
        connection.execute(insert(clock).values(**{**row._mapping, "id": clocks[row.id], "case_id": case_id}))  # noqa: SLF001
    for row in connection.execute(select(rung).where(rung.c.clock_id.in_(list(clocks)))).all():
        fresh = {"id": new_id(), "case_id": case_id, "clock_id": clocks[row.clock_id]}
        connection.execute(insert(rung).values(**{**row._mapping, **fresh}))  # noqa: SLF001


def _copy(
    connection: Connection,
    row: Row[Any],
    keys: dict[int, KeyPair],
    case_id: str,
    pair: KeyPair,
    number: int,
    hand: Hand,
) -> None:
    """One message, sealed anew, with its files; an event of the new case tells where it came from."""
    message_id, mine, sealer = new_id(), keys[row.epoch], Sealer(pair.public)
    values = dict(row._mapping)  # noqa: SLF001  its public name
    for column in ("content", "raw"):
        if values[column] is not None:
            plain = unseal(mine, values[column], Place("message", row.id, column))
            values[column] = sealer.seal(plain, Place("message", message_id, column))
    values |= {"id": message_id, "case_id": case_id, "number": number, "envelope_id": None, "epoch": 1}
    connection.execute(insert(tables.message).values(**values))
    _copy_files(connection, row.id, message_id, case_id, mine, sealer, hand.now)
    fact: dict[str, Json] = {"message": message_id, "digest": row.digest, "was": row.id}
    append(connection, [NewEvent(case_id, "message.copied", hand.address, values["at"], fact)])


def _copy_files(
    connection: Connection, old: str, new: str, case_id: str, mine: KeyPair, sealer: Sealer, now: datetime
) -> None:
    """The message's large files, piece by piece under keys of their own."""
    pieces, rows = files.PiecesWithin(connection), Rows()
    table = file
    for row in connection.execute(select(table).where(table.c.message_id == old)).all():
        parts: Iterable[bytes] = files.open_found(row, mine, pieces).parts
        stored = files.store(pieces, row.number, parts, now)
        files.refer(rows, stored, case_id=case_id, message_id=new, epoch=1, seal=sealer.seal)
    rows.write(connection)
