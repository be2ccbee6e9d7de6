"""What needs a second person: a role that reads cases, a reset of somebody's sign-in. Asked by one, agreed to by another."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, insert, select, update

from cases.access.policy import APPROVES, READS_CASES
from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.store.key_tables import pending as table
from cases.store.people import Person
from cases.store.rows import new_id
from cases.store.tables import person as person_table
from cases.store.tables import sign_in

WEIGHTY = READS_CASES | APPROVES
"""Roles that a second person agrees to: those that read cases, and those that agree (or one could make one's own second)."""
DECIDED = "somebody has decided that already"


class Kind(StrEnum):
    """What is asked for."""

    ROLES = "roles"
    RESET = "reset"
    CODE = "code"
    ACCESS = "access"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing that waits for a second person. `value` is what is to come about: roles, an access, half a password."""

    id: str
    kind: Kind
    person_id: str
    case_id: str
    value: str = field(repr=False)
    asked_by: str = field()
    asked_at: datetime = field()


def needs_second(person: Person, roles: frozenset[str] = frozenset()) -> bool:
    """Whether giving this person these roles (or, without roles, resetting their sign-in) takes a second person."""
    held = frozenset(person.roles)
    return bool((roles - held) & WEIGHTY) if roles else bool(held & WEIGHTY)


def alone(connection: Connection, asker: str) -> bool:
    """Whether nobody but the asker has ever been able to agree: then a new deployment is being set up, by one person.

    Whoever agreed could and has left since counts: nobody gets to be alone by sending the others away.
    """
    rows = connection.execute(
        select(person_table.c.address, person_table.c.roles).join(sign_in, sign_in.c.person_id == person_table.c.id)
    )
    return not any(set(row.roles.split()) & APPROVES and row.address != asker for row in rows)


def ask(
    connection: Connection,
    kind: Kind,
    *,
    by: str,
    now: datetime,
    person_id: str = "",
    case_id: str = "",
    value: str = "",
) -> Pending:
    """Ask for something; what was asked for the same person or case before is replaced."""
    about = (table.c.person_id == person_id) if person_id else (table.c.case_id == case_id)
    same = (table.c.kind == kind.value, table.c.state == "asked", about)
    connection.execute(update(table).where(*same).values(state="refused", value="", decided_by=by, decided_at=now))
    made = Pending(new_id(), kind, person_id, case_id, value, by, now)
    connection.execute(
        insert(table).values(
            id=made.id,
            kind=kind.value,
            person_id=person_id or None,
            case_id=case_id or None,
            value=value,
            state="asked",
            asked_by=by,
            asked_at=now,
        )
    )
    _note(connection, made, "asked", by, now)
    return made


def waiting(connection: Connection) -> list[Pending]:
    """Everything about people that waits, oldest first."""
    mine = (table.c.state == "asked", table.c.person_id.is_not(None))
    return [_pending(row) for row in connection.execute(select(table).where(*mine).order_by(table.c.asked_at))]


def about_case(connection: Connection, case_id: str, kind: Kind = Kind.ACCESS) -> Pending | None:
    """What of this kind waits about one case, None when nothing does."""
    waits = (table.c.state == "asked", table.c.case_id == case_id, table.c.kind == kind.value)
    row = connection.execute(select(table).where(*waits)).first()
    return _pending(row) if row else None


def decide(connection: Connection, pending_id: str, second: Person, now: datetime, *, agreed: bool) -> Pending:
    """Take up what was asked, agreed to or not, once; its kind's own module then does it.

    Raises `Refused` for whoever asked, whom it concerns, who may not agree, and when it is decided already.
    """
    row = connection.execute(select(table).where(table.c.id == pending_id).with_for_update()).first()
    if row is None or row.state != "asked":
        raise Refused(DECIDED)
    found = _pending(row)
    if second.address == found.asked_by or second.id == found.person_id:
        raise Refused("that takes a second person: neither who asked, nor whom it is about")
    if found.person_id and not set(second.roles) & APPROVES:
        raise Refused("an administrator or a lead agrees to that")
    state = "approved" if agreed else "refused"
    values = {"state": state, "value": "" if found.kind is Kind.RESET else found.value}
    connection.execute(
        update(table).where(table.c.id == pending_id).values(decided_by=second.address, decided_at=now, **values)
    )
    _note(connection, found, state, second.address, now)
    return found


def withdraw(connection: Connection, pending_id: str, asker: str, now: datetime) -> None:
    """Take back what one has asked for oneself. Raises `Refused` when it is somebody else's, or decided."""
    mine = (table.c.id == pending_id, table.c.asked_by == asker, table.c.state == "asked")
    values = {"state": "refused", "value": "", "decided_by": asker, "decided_at": now}
    row = connection.execute(select(table).where(*mine)).first()
    if row is None:
        raise Refused(DECIDED)
    connection.execute(update(table).where(*mine).values(**values))
    _note(connection, _pending(row), "refused", asker, now)


def _pending(row: Row[tuple[object, ...]]) -> Pending:
    return Pending(
        row.id, Kind(row.kind), row.person_id or "", row.case_id or "", row.value, row.asked_by, row.asked_at
    )


def _note(connection: Connection, one: Pending, what: str, actor: str, now: datetime) -> None:
    """On the deployment's stream; what is about a case is that case's own to write down."""
    if one.case_id:
        return
    data = {"pending": one.id, "kind": one.kind.value, "person": one.person_id}
    if one.kind is Kind.ROLES:
        data["roles"] = one.value
    append(connection, [NewEvent(DEPLOYMENT, f"second_person.{what}", actor, now, data)])
