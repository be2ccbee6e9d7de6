"""Who a protected reporter is: sealed apart, asked for with a reason, granted by a custodian to one person for a while."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from cases.access.policy import Action
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys import recovery, wraps
from cases.keys.sealing import KeyPair, Place, seal, unseal
from cases.model.identity import Identity
from cases.model.words import Channel, Compartment
from cases.promises import start_of_day
from cases.store import people, tables
from cases.store.key_tables import identity, identity_key, identity_request
from cases.store.people import Person
from cases.store.rows import new_id
from cases.store.sight import NO_SUCH_CASE, SeenCase, Viewer, require

LONGEST_GRANT = timedelta(days=30)
LONGEST_REASON = 2_000
"""Characters of a reason."""
NOBODY_GUARDS = "there is nobody to guard who the reporter is: a custodian or guardian with a vault key is needed"
_EPOCH = 1  # the compartment's key is never renewed: an excluded person never holds it, a grantee for a while


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


def give(connection: Connection, case_id: str, who: Identity, envelope_id: str, now: datetime) -> bool:
    """Keep who the reporter is; called by triage when they say so, at once or later. False when that is kept already.

    Sealed to the compartment's own key, which custodians hold who are not excluded (without one, the guardians), and the
    recovery key: no handler, and no service. Raises `Refused` when nobody could guard it.
    """
    if connection.execute(select(identity.c.id).where(identity.c.envelope_id == envelope_id)).first() is not None:
        return False
    at = start_of_day(now)
    public = compartment_key(connection, case_id, at)
    row_id = new_id()
    sealed = seal(public, json.dumps(asdict(who)).encode(), Place("identity", row_id, f"sealed/{case_id}"))
    values = {"id": row_id, "case_id": case_id, "envelope_id": envelope_id, "sealed": sealed, "given_at": at}
    connection.execute(insert(identity).values(**values))
    append(connection, [NewEvent(case_id, "identity.given", "triage", at, {"identity": row_id})])
    return True


def compartment_key(connection: Connection, case_id: str, at: datetime) -> bytes:
    """The public key of a case's identity compartment, made when first needed. Raises `Refused` when nobody could guard it."""
    key = connection.execute(select(identity_key.c.public_key).where(identity_key.c.case_id == case_id)).scalar()
    return key if key is not None else _new_key(connection, case_id, at)


def guards(staff: Sequence[Person], excluded: Collection[str]) -> list[Person]:
    """Who would guard an identity: the custodians who are not excluded, without one the guardians."""
    able = [one for one in staff if one.address not in excluded]
    return [one for one in able if "custodian" in one.roles] or [one for one in able if "guardian" in one.roles]


def is_known(connection: Connection, case_id: str) -> bool:
    """Whether the reporter has said who they are."""
    return connection.execute(select(identity.c.id).where(identity.c.case_id == case_id)).first() is not None


def ask(connection: Connection, reference: str, viewer: Viewer, reason: str, now: datetime) -> None:
    """Ask a custodian for the reporter's identity. Raises `Refused` for no reason, nothing to know, or asked already."""
    seen = require(connection, reference, viewer, Action.ASK_IDENTITY, lock=True)
    key = connection.execute(select(identity_key).where(identity_key.c.case_id == seen.id)).first()
    if key is None:
        raise Refused("the reporter has not said who they are, and sent no files")
    mine = (identity_request.c.case_id == seen.id, identity_request.c.person_id == viewer.person.id)
    open_ones = select(identity_request.c.id).where(*mine, identity_request.c.state == "asked")
    if connection.execute(open_ones).first() is not None:
        raise Refused("you have asked already; a custodian will answer")
    if live_grant(connection, seen.id, viewer.person.id, now) is not None:
        raise Refused("it is granted to you; look at it below")
    request_id, at = new_id(), seen.moment(now)
    connection.execute(
        insert(identity_request).values(
            id=request_id,
            case_id=seen.id,
            person_id=viewer.person.id,
            state="asked",
            asked_at=at,
            reason=seal(key.public_key, _checked(reason).encode(), _reason_place(request_id, "reason")),
        )
    )
    _note(connection, seen.id, "identity.asked", viewer.person.address, at, request_id)


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
    out = _excluded_from(connection, custodian)
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
    if row.case_id in _excluded_from(connection, person) or not person.active:
        raise Refused("they may not see this case any more")
    at = _moment(connection, row.case_id, now)
    wraps.add(
        connection,
        case_id=row.case_id,
        epoch=_EPOCH,
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
    _decide(connection, row, keys, custodian, "refused", reason, _moment(connection, row.case_id, now), None)


def live_grant(connection: Connection, case_id: str, person_id: str, now: datetime) -> Row[Any] | None:
    """The grant that holds now for this person, None when there is none: by the clock, whether or not its wrap is gone."""
    table = identity_request
    mine = (table.c.case_id == case_id, table.c.person_id == person_id)
    return connection.execute(select(table).where(*mine, table.c.state == "granted", table.c.expires_at > now)).first()


def look(connection: Connection, reference: str, viewer: Viewer, vault: KeyPair, now: datetime) -> tuple[Identity, ...]:
    """Who the reporter is, for whom it was granted; an audited fact. Raises `Refused` alike for all reasons."""
    seen, keys = granted(connection, reference, viewer, vault, now)
    rows = connection.execute(select(identity).where(identity.c.case_id == seen.id).order_by(identity.c.given_at)).all()
    _note(connection, seen.id, "identity.read", viewer.person.address, seen.moment(now), "")
    return tuple(
        Identity(**json.loads(unseal(keys, row.sealed, Place("identity", row.id, f"sealed/{row.case_id}"))))
        for row in rows
    )


def granted(
    connection: Connection, reference: str, viewer: Viewer, vault: KeyPair, now: datetime
) -> tuple[SeenCase, KeyPair]:
    """A case and its compartment's key, for whom that is granted now. Raises `Refused` alike for all reasons."""
    seen = require(connection, reference, viewer, Action.READ)
    if live_grant(connection, seen.id, viewer.person.id, now) is None:
        raise Refused(NO_SUCH_CASE)
    held = wraps.held_by(
        connection, wraps.STAFF, viewer.person.id, vault, compartment=Compartment.IDENTITY, case_id=seen.id
    )
    if not held:
        raise Refused(NO_SUCH_CASE)
    keys = KeyPair.of_private(held[seen.id, _EPOCH])
    return seen, keys


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
    _note(connection, row.case_id, "identity.ended", "clock", _moment(connection, row.case_id, now), row.id)


def _new_key(connection: Connection, case_id: str, at: datetime) -> bytes:
    """The compartment's key pair, wrapped to those who guard it."""
    out = tables.exclusion
    away = set(connection.execute(select(out.c.person).where(out.c.case_id == case_id)).scalars())
    guarding = guards(people.everyone(connection), away)
    if not guarding:
        raise Refused(NOBODY_GUARDS)
    keys, kept = KeyPair.generate(), recovery.current(connection)
    readers = [(wraps.CUSTODIAN, one.id, one.vault_public) for one in guarding]
    readers += [(wraps.RECOVERY, kept.id, kept.public)] if kept else []
    for kind, reader, public in readers:
        wraps.add(
            connection,
            case_id=case_id,
            epoch=_EPOCH,
            private=keys.private,
            kind=kind,
            reader=reader,
            public=public,
            at=at,
            compartment=Compartment.IDENTITY,
        )
    connection.execute(insert(identity_key).values(case_id=case_id, public_key=keys.public, created_at=at))
    return keys.public


def _asked(
    connection: Connection, request_id: str, custodian: Person, vault: KeyPair
) -> tuple[Row[Any], KeyPair, Person]:
    """An open wish, with the key that this custodian holds, and whose it is. Raises `Refused`."""
    table = identity_request
    row = connection.execute(select(table).where(table.c.id == request_id).with_for_update()).first()
    if row is None or row.case_id in _excluded_from(connection, custodian):
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
    return row, KeyPair.of_private(held[row.case_id, _EPOCH]), person


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
    answer = seal(keys.public, _checked(reason).encode(), _reason_place(row.id, "answer"))
    values = {
        "state": state,
        "decided_by": custodian.address,
        "decided_at": at,
        "answer": answer,
        "expires_at": expires,
    }
    connection.execute(update(identity_request).where(identity_request.c.id == row.id).values(**values))
    _note(connection, row.case_id, f"identity.{state}", custodian.address, at, row.id)


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
        reason=unseal(keys, row.reason, _reason_place(row.id, "reason")).decode(),
        answer=unseal(keys, row.answer, _reason_place(row.id, "answer")).decode() if row.answer else "",
    )


def _excluded_from(connection: Connection, person: Person) -> frozenset[str]:
    out = tables.exclusion
    return frozenset(connection.execute(select(out.c.case_id).where(out.c.person == person.address)).scalars())


def _moment(connection: Connection, case_id: str, now: datetime) -> datetime:
    case = tables.case
    channel = connection.execute(select(case.c.channel).where(case.c.id == case_id)).scalar_one()
    return start_of_day(now) if channel == Channel.ANONYMOUS.value else now


def _checked(reason: str) -> str:
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise Refused(f"give a reason, in at most {LONGEST_REASON:,} characters")
    return words


def _reason_place(request_id: str, column: str) -> Place:
    return Place("identity_request", request_id, column)


def _note(connection: Connection, case_id: str, verb: str, actor: str, at: datetime, request_id: str) -> None:
    data = {"request": request_id} if request_id else {}
    append(connection, [NewEvent(case_id, verb, actor, at, data)])
