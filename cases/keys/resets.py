"""A vault that was reset opens nothing of what it held: colleagues who hold the same wraps, or the recovery key, restore it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys import recovery, wraps
from cases.keys.sealing import KeyPair
from cases.keys.vault import wrap_private
from cases.model.words import Channel, Compartment
from cases.promises import start_of_day
from cases.store import people, sign_ins, tables
from cases.store.people import Person
from cases.store.tables import wrap as table


def reset(connection: Connection, person: Person, password: str, *, by: str, now: datetime) -> int:
    """Give somebody a new vault under a first password. What the old one held is set aside as lost; returns how much.

    Never asked for by one person alone: see `cases.access.staffing`.
    """
    keys = KeyPair.generate()
    mine = (table.c.reader == person.id, table.c.reader_kind.in_((wraps.STAFF, wraps.CUSTODIAN)))
    lost = {(row.case_id, row.epoch, row.compartment) for row in connection.execute(_lost_of(person))}
    held = connection.execute(select(table).where(*mine)).all()
    for row in held:
        this = _this(row)
        if (row.case_id, row.epoch, row.compartment) in lost or _is_grant(row):
            connection.execute(delete(table).where(*this))
        else:
            connection.execute(update(table).where(*this).values(reader_kind=wraps.LOST))
    wrapped = wrap_private(keys, password, person.id)
    values = {"vault_public": keys.public, "vault_wrapped": wrapped}
    connection.execute(update(tables.person).where(tables.person.c.id == person.id).values(**values))
    sign_ins.clear(connection, person)
    sign_ins.note(connection, "person.vault_reset", by, now, {"person": person.id, "lost": len(held)})
    return len(held)


def restorable(connection: Connection, giver: Person) -> list[tuple[Person, int]]:
    """Whose lost wraps this person could restore, and how many of them."""
    theirs = table.alias("theirs")
    same = (
        table.c.case_id == theirs.c.case_id,
        table.c.epoch == theirs.c.epoch,
        table.c.compartment == theirs.c.compartment,
    )
    rows = connection.execute(
        select(theirs.c.reader, func.count())
        .join(table, same[0] & same[1] & same[2])
        .where(
            theirs.c.reader_kind == wraps.LOST,
            table.c.reader == giver.id,
            table.c.reader_kind.in_((wraps.STAFF, wraps.CUSTODIAN)),
        )
        .group_by(theirs.c.reader)
    ).all()
    found = [(people.get(connection, row[0]), int(row[1])) for row in rows]
    return [(person, count) for person, count in found if person is not None and person.active]


def restore(connection: Connection, giver: Person, vault: KeyPair, person: Person, now: datetime) -> int:
    """Give somebody back what the giver holds as well, with what was sealed to newer keys of the same cases since; returns how
    many wraps.

    Raises `Refused` when there is nothing of that kind. Who is excluded from a case by now gets nothing of it.
    """
    if giver.id == person.id:
        raise Refused("a colleague gives you back what they hold as well")
    held = _held(connection, wraps.STAFF, giver.id, vault) | _held(connection, wraps.CUSTODIAN, giver.id, vault)
    given = _restore(connection, person, held, giver.address, now)
    if not given:
        raise Refused("there is nothing that you could give back to them")
    return given


def recover(connection: Connection, keys: KeyPair, person: Person, by: str, now: datetime) -> int:
    """Give somebody back what they lost, by the offline recovery key; returns how many wraps.

    Raises `Refused` when that key is none of this deployment's.
    """
    held = _recoverable(connection, keys)
    return _restore(connection, person, held, by, now)


def recover_case(connection: Connection, keys: KeyPair, reference: str, person: Person, by: str, now: datetime) -> int:
    """Give somebody the keys of one case by the recovery key: where no reader is left. Raises `Refused`."""
    case = connection.execute(select(tables.case).where(tables.case.c.reference == reference)).first()
    if case is None or _is_excluded(connection, case.id, person):
        raise Refused(f"{person.address} cannot be given this case, or there is none with this reference")
    given = 0
    for (case_id, epoch, compartment), private in _recoverable(connection, keys).items():
        if case_id == case.id and compartment == Compartment.CONTENT.value:
            given += _give(connection, person, (case_id, epoch, compartment), private, _moment(case.channel, now))
    if not given:
        raise Refused("the recovery key holds nothing of this case that they lack")
    data = {"with": person.address, "by": "recovery key"}
    append(connection, [NewEvent(case.id, "case.shared", by, _moment(case.channel, now), data)])
    return given


Held = Mapping[tuple[str, int, str], bytes]
"""Private keys by case, epoch and compartment."""


def _restore(connection: Connection, person: Person, held: Held, by: str, now: datetime) -> int:
    given, cases, epochs = 0, dict[str, str](), defaultdict[tuple[str, str], list[int]](list)
    for case_id, epoch, compartment in held:
        epochs[case_id, compartment].append(epoch)
    for row in connection.execute(_lost_of(person)).all():
        place = (row.case_id, row.epoch, row.compartment)
        if _is_excluded(connection, row.case_id, person):
            connection.execute(delete(table).where(*_this(row)))
        elif place in held:
            for epoch in epochs[row.case_id, row.compartment]:
                if epoch >= row.epoch:  # the case's key may have turned since they lost theirs
                    one = (row.case_id, epoch, row.compartment)
                    given += _give(connection, person, one, held[one], _moment(row.channel, now))
            connection.execute(delete(table).where(*_this(row)))
            cases[row.case_id] = row.channel
    data = {"with": person.address, "after": "reset"}
    append(
        connection,
        [NewEvent(case_id, "case.shared", by, _moment(channel, now), data) for case_id, channel in cases.items()],
    )
    return given


def _give(connection: Connection, person: Person, place: tuple[str, int, str], private: bytes, at: datetime) -> int:
    case_id, epoch, compartment = place
    identity = compartment == Compartment.IDENTITY.value
    if identity and "custodian" not in person.roles:
        return 0
    return wraps.add(
        connection,
        case_id=case_id,
        epoch=epoch,
        private=private,
        kind=wraps.CUSTODIAN if identity else wraps.STAFF,
        reader=person.id,
        public=person.vault_public,
        at=at,
        compartment=Compartment(compartment),
    )


def _recoverable(connection: Connection, keys: KeyPair) -> Held:
    mine = recovery.of(keys)
    if not recovery.known(connection, mine):
        raise Refused("that recovery key is none of this deployment's")
    return _held(connection, wraps.RECOVERY, mine.id, keys)


def _held(connection: Connection, kind: str, reader: str, keys: KeyPair) -> dict[tuple[str, int, str], bytes]:
    return {
        (case_id, epoch, compartment.value): private
        for compartment in Compartment
        if not (kind == wraps.STAFF and compartment is Compartment.IDENTITY)  # a grant for a while is not passed on
        for (case_id, epoch), private in wraps.held_by(connection, kind, reader, keys, compartment=compartment).items()
    }


def _lost_of(person: Person) -> Any:
    lost = (table.c.reader_kind == wraps.LOST, table.c.reader == person.id)
    return select(table, tables.case.c.channel).join(tables.case, tables.case.c.id == table.c.case_id).where(*lost)


def _this(row: Row[Any]) -> tuple[Any, ...]:
    return tuple(table.c[n] == getattr(row, n) for n in ("case_id", "epoch", "compartment", "reader_kind", "reader"))


def _is_grant(row: Row[Any]) -> bool:
    return bool(row.compartment == Compartment.IDENTITY.value and row.reader_kind == wraps.STAFF)


def _is_excluded(connection: Connection, case_id: str, person: Person) -> bool:
    out = tables.exclusion
    query = select(out.c.case_id).where(out.c.case_id == case_id, out.c.person == person.address)
    return connection.execute(query).first() is not None


def _moment(channel: str, now: datetime) -> datetime:
    return start_of_day(now) if channel == Channel.ANONYMOUS.value else now
