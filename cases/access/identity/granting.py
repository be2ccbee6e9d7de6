"""The custodian's side: what is asked, and letting one person know for a while, or not."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from cases.access.identity.wishes import EPOCH, checked, excluded_from, moment, note, reason_place
from cases.errors import Refused
from cases.keys import wraps
from cases.keys.sealing import KeyPair, seal, unseal
from cases.model.words import Compartment
from cases.store import people, tables
from cases.store.key_tables import identity_request
from cases.store.people import Person
from cases.store.sight import NO_SUCH_CASE

LONGEST_GRANT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to know who the reporter is. `reason` and `answer` are "" for who cannot open them."""

    id: str
    case_id: str
    reference: str
    person_id: str
    state: str
    asked_at: datetime
    decided_by: str
    expires_at: datetime | None
    reason: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)


def for_custodian(connection: Connection, custodian: Person, vault: KeyPair) -> list[Request]:
    """What is asked, was granted and still holds, of the cases whose identity key this custodian holds; with the reasons."""
    keys = wraps.held_by(connection, wraps.CUSTODIAN, custodian.id, vault, compartment=Compartment.IDENTITY)
    pairs = {case_id: KeyPair.of_private(private) for (case_id, _), private in keys.items()}
    table = identity_request
    rows = connection.execute(
        select(table, tables.case.c.reference)
        .join(tables.case, tables.case.c.id == table.c.case_id)
        .where(table.c.case_id.in_(list(pairs)), table.c.state.in_(("asked", "granted")))
        .order_by(table.c.asked_at)
    ).all()
    out = excluded_from(connection, custodian)
    return [_request(row, pairs[row.case_id]) for row in rows if row.case_id not in out]


def grant(
    connection: Connection,
    request_id: str,
    custodian: Person,
    vault: KeyPair,
    *,
    reason: str,
    lasts: timedelta,
    now: datetime,
) -> None:
    """Let one person know for a while: the identity key is wrapped to their vault until it expires.

    Raises `Refused` for one's own wish, no reason, more than 30 days, or who is excluded from the case by now.
    """
    if not timedelta() < lasts <= LONGEST_GRANT:
        raise Refused("a grant lasts from an hour to 30 days")
    row, keys, person = _asked(connection, request_id, custodian, vault)
    if row.case_id in excluded_from(connection, person) or not person.active:
        raise Refused("they may not see this case any more")
    at = moment(connection, row.case_id, now)
    wraps.add(
        connection,
        case_id=row.case_id,
        epoch=EPOCH,
        private=keys.private,
        kind=wraps.STAFF,
        reader=person.id,
        public=person.vault_public,
        at=at,
        compartment=Compartment.IDENTITY,
    )
    _decide(connection, row, keys, custodian, "granted", reason, at, now + lasts)


def refuse(
    connection: Connection, request_id: str, custodian: Person, vault: KeyPair, *, reason: str, now: datetime
) -> None:
    """Say no, with a reason that the case's custodians keep."""
    row, keys, _ = _asked(connection, request_id, custodian, vault)
    _decide(connection, row, keys, custodian, "refused", reason, moment(connection, row.case_id, now), None)


def _asked(
    connection: Connection, request_id: str, custodian: Person, vault: KeyPair
) -> tuple[Row[Any], KeyPair, Person]:
    """An open wish, with the key that this custodian holds, and whose it is. Raises `Refused`."""
    table = identity_request
    row = connection.execute(select(table).where(table.c.id == request_id).with_for_update()).first()
    if row is None or row.case_id in excluded_from(connection, custodian):
        raise Refused(NO_SUCH_CASE)
    held = wraps.held_by(
        connection, wraps.CUSTODIAN, custodian.id, vault, compartment=Compartment.IDENTITY, case_id=row.case_id
    )
    person = people.get(connection, row.person_id)
    if not held or person is None:
        raise Refused(NO_SUCH_CASE)
    if row.state != "asked":
        raise Refused("somebody has decided that already")
    if person.id == custodian.id:
        raise Refused("another custodian decides about your own wish")
    return row, KeyPair.of_private(held[row.case_id, EPOCH]), person


def _decide(
    connection: Connection,
    row: Row[Any],
    keys: KeyPair,
    custodian: Person,
    state: str,
    reason: str,
    at: datetime,
    expires: datetime | None,
) -> None:
    answer = seal(keys.public, checked(reason).encode(), reason_place(row.id, "answer"))
    values = {
        "state": state,
        "decided_by": custodian.address,
        "decided_at": at,
        "answer": answer,
        "expires_at": expires,
    }
    connection.execute(update(identity_request).where(identity_request.c.id == row.id).values(**values))
    note(connection, row.case_id, f"identity.{state}", custodian.address, at, row.id)


def _request(row: Row[Any], keys: KeyPair) -> Request:
    return Request(
        id=row.id,
        case_id=row.case_id,
        reference=row.reference,
        person_id=row.person_id,
        state=row.state,
        asked_at=row.asked_at,
        decided_by=row.decided_by,
        expires_at=row.expires_at,
        reason=unseal(keys, row.reason, reason_place(row.id, "reason")).decode(),
        answer=unseal(keys, row.answer, reason_place(row.id, "answer")).decode() if row.answer else "",
    )
