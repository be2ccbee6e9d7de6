"""Epochs: when somebody must no longer read a case, what follows is sealed to a new key that they never get."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update

from cases.audit.trail import NewEvent, append
from cases.errors import Refused, TryLater
from cases.keys import recovery, wraps
from cases.keys.sealing import KeyPair
from cases.model.words import Access, Compartment
from cases.store import people, tables
from cases.store.sight import case_keys

if TYPE_CHECKING:
    from datetime import datetime

    from cases.handling.hand import Hand
    from cases.store.people import Person
    from cases.store.sight import SeenCase

NOBODY_LEFT = "nobody would be left who can read this case: name another guardian first"


def new_epoch(connection: Connection, case: SeenCase, hand: Hand, excluded: Collection[str]) -> int:
    """Take the case from these people (addresses, in any letters) and give what follows a key of its own; its epoch.

    Policy has let them go already: write the exclusions before, in the same transaction, with the case locked
    (`require(…, lock=True)`). Their wraps of every epoch and compartment are destroyed. In a sealed case a new key pair is
    wrapped to those who stay, the reporter's receipt or status link and the recovery key; are no readers left, the guardians
    who are not excluded take over, with what the acting person can open. In a managed or restricted case, which the service
    key opens, the epoch stays as it is: there, policy alone decides.

    Raises `Refused` when nobody would be left.
    """
    out, before = {one.casefold() for one in excluded}, _present(connection, case.id)
    staff = people.everyone(connection)
    readers = _readers(connection, case.id, before)
    gone = [one for one in people.whole_staff(connection) if one.address in out]
    staying = [one for one in staff if one.id in readers and one.address not in out]
    heirs: list[Person] = []
    sealed = case.access is Access.SEALED
    if sealed and not staying:
        away = out | _excluded(connection, case.id)
        heirs = [one for one in staff if "guardian" in one.roles and one.address not in away]
        if not heirs:
            raise Refused(NOBODY_LEFT)
    known = case_keys(connection, case, hand.viewer.person, hand.vault, hand.service) if heirs else {}
    destroyed = wraps.destroy(connection, [one.id for one in gone], case_id=case.id)
    at = case.moment(hand.now)
    for epoch, keys in known.items():
        _give(connection, case.id, epoch, keys, [(wraps.STAFF, one.id, one.vault_public) for one in heirs], at)
    epoch = turn(connection, case.id, before, staying + heirs, at) if sealed else before
    fact = NewEvent(
        case.id, "case.rekeyed", hand.address, at, {"epoch": epoch, "destroyed": destroyed, "heirs": len(heirs)}
    )
    append(connection, [fact])
    return epoch


def turn(connection: Connection, case_id: str, before: int, staff: Sequence[Person], at: datetime) -> int:
    """A new key pair for the case, wrapped to these people, to every link and to the recovery key; its epoch.

    `before` is the present epoch, read with the case locked. Raises `TryLater` where it is not: these people have that
    epoch's wraps already, and what follows would be sealed to a key that nobody gets.
    """
    epoch, keys, table = before + 1, KeyPair.generate(), tables.case
    same = update(table).where(table.c.id == case_id, table.c.epoch == before)
    if not connection.execute(same.values(epoch=epoch, public_key=keys.public)).rowcount:
        raise TryLater("this case got another key meanwhile")
    readers = [(wraps.STAFF, one.id, one.vault_public) for one in staff]
    links = wraps.of_epoch(connection, case_id, before)
    readers += [(one.reader_kind, one.reader, one.public) for one in links if one.public is not None]
    if kept := recovery.current(connection):
        readers.append((wraps.RECOVERY, kept.id, kept.public))
    _give(connection, case_id, epoch, keys, readers, at)
    return epoch


def _give(
    connection: Connection,
    case_id: str,
    epoch: int,
    keys: KeyPair,
    readers: Sequence[tuple[str, str, bytes]],
    at: datetime,
) -> None:
    """The key of one epoch for these readers: kind, id, public key."""
    for kind, reader, public in readers:
        values: dict[str, Any] = {"kind": kind, "reader": reader, "public": public, "at": at}
        wraps.add(connection, case_id=case_id, epoch=epoch, private=keys.private, **values)


def _present(connection: Connection, case_id: str) -> int:
    """The case's epoch as it is now: who holds a row of it may have turned its key since."""
    case = tables.case
    return int(connection.execute(select(case.c.epoch).where(case.c.id == case_id).with_for_update()).scalar_one())


def _readers(connection: Connection, case_id: str, epoch: int) -> frozenset[str]:
    """Ids of the staff who hold the case's present key."""
    rows = wraps.of_epoch(connection, case_id, epoch, Compartment.CONTENT)
    return frozenset(row.reader for row in rows if row.reader_kind == wraps.STAFF)


def _excluded(connection: Connection, case_id: str) -> set[str]:
    table = tables.exclusion
    return set(connection.execute(select(table.c.person).where(table.c.case_id == case_id)).scalars())
