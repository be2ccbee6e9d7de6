"""Changes to people, each with the second person it needs: roles, a reset, a lost device; and what leaving does to keys."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, update

from cases.access import second
from cases.access.identity.ending import end_grants_of
from cases.access.policy import WORKS_ON_CASES
from cases.access.second import Kind, Pending
from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys import resets, wraps
from cases.model.words import ROLES
from cases.store import people, sign_ins
from cases.store.people import Person
from cases.store.tables import person as person_table


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish: done at once, or `waits` for a second person; `half` is a half of a first password, shown once."""

    waits: Pending | None = None
    half: str = field(default="", repr=False)


def add(
    connection: Connection,
    *,
    person_id: str,
    address: str,
    name: str,
    roles: tuple[str, ...],
    password: str,
    by: str,
    now: datetime,
    reports_to: str = "",
    language: str = "",
) -> Pending | None:
    """Add a person; their roles that read cases wait for a second person, which is returned. Raises `Refused`."""
    roles = tuple(dict.fromkeys(roles))
    people.check_roles(roles)
    light = roles if second.alone(connection, by) else tuple(one for one in roles if one not in second.WEIGHTY)
    people.add(
        connection,
        person_id=person_id,
        address=address,
        name=name,
        roles=light,
        password=password,
        by=by,
        now=now,
        reports_to=reports_to,
        language=language,
    )
    if set(light) == set(roles):
        return None
    return second.ask(connection, Kind.ROLES, by=by, now=now, person_id=person_id, value=" ".join(roles))


def wish_roles(connection: Connection, person: Person, roles: tuple[str, ...], *, by: str, now: datetime) -> Outcome:
    """Give somebody exactly these roles. What they lose they lose at once; what reads cases waits for a second person.

    Raises `Refused` for an unknown role, and for one's own roles.
    """
    roles = tuple(dict.fromkeys(roles))
    people.check_roles(roles)
    if by == person.address:
        raise Refused("somebody else changes your roles")
    wanted, held = frozenset(roles), frozenset(person.roles)
    waits = bool(second.needs_second(person, wanted)) and not second.alone(connection, by)
    at_once = wanted - (second.WEIGHTY - held) if waits else wanted
    set_roles(connection, person, tuple(one for one in ROLES if one in at_once), by=by, now=now)
    if not waits:
        return Outcome()
    asked = second.ask(connection, Kind.ROLES, by=by, now=now, person_id=person.id, value=" ".join(roles))
    return Outcome(asked)


def wish_reset(connection: Connection, person: Person, half: str, *, by: str, now: datetime) -> Outcome:
    """Ask for a new vault for somebody who forgot their password. `half` of the new first password is for who asks.

    The second person is shown the other half, so that neither signs in as the one who forgot.
    """
    if by == person.address:
        raise Refused("somebody else resets your sign-in")
    asked = second.ask(connection, Kind.RESET, by=by, now=now, person_id=person.id, value=half)
    if not second.needs_second(person) or second.alone(connection, by):
        resets.reset(connection, person, half, by=by, now=now)
        _settle(connection, asked, by, now)
        return Outcome(None, half)
    return Outcome(asked, half)


def wish_new_code(connection: Connection, person: Person, *, by: str, now: datetime) -> Outcome:
    """A lost device: the next sign-in, still with the password, sets up a second factor anew."""
    if by == person.address:
        raise Refused("your own second factor is reset by somebody else")
    if second.needs_second(person) and not second.alone(connection, by):
        return Outcome(second.ask(connection, Kind.CODE, by=by, now=now, person_id=person.id))
    sign_ins.forget_second_factor(connection, person, by=by, now=now)
    return Outcome()


def agree(connection: Connection, pending_id: str, agreeing: Person, half: str, now: datetime) -> Outcome:
    """Agree as the second person, and do it. `half` is the second half of a first password, should one be needed.

    Raises `Refused` for whom that is not theirs to do.
    """
    one = second.decide(connection, pending_id, agreeing, now, agreed=True)
    person = people.get(connection, one.person_id)
    if person is None or not person.active:
        raise Refused("they have left")
    if one.kind is Kind.ROLES:
        set_roles(connection, person, tuple(one.value.split()), by=agreeing.address, now=now)
        return Outcome()
    if one.kind is Kind.CODE:
        sign_ins.forget_second_factor(connection, person, by=agreeing.address, now=now)
        return Outcome()
    resets.reset(connection, person, one.value + "-" + half, by=agreeing.address, now=now)
    return Outcome(None, half)


def set_roles(connection: Connection, person: Person, roles: tuple[str, ...], *, by: str, now: datetime) -> None:
    """Give somebody these roles. Who stops working on cases, or guarding identities, loses the keys that went with it.

    Raises `Refused` where they alone hold the key to a sealed case.
    """
    if set(roles) == set(person.roles):
        return
    lost = set(person.roles) - set(roles)
    if lost and not set(roles) & WORKS_ON_CASES:
        _let_go(connection, person, wraps.STAFF)
    if "custodian" in lost:
        _let_go(connection, person, wraps.CUSTODIAN)
    _write_roles(connection, person, roles, by, now)


def _write_roles(connection: Connection, person: Person, roles: tuple[str, ...], by: str, now: datetime) -> None:
    values = {"roles": " ".join(roles)}
    connection.execute(update(person_table).where(person_table.c.id == person.id).values(**values))
    data = {"person": person.id, "roles": list(roles)}
    append(connection, [NewEvent(DEPLOYMENT, "person.roles_changed", by, now, data)])  # type: ignore[arg-type]


def take_keys(connection: Connection, person: Person, now: datetime) -> int:
    """Somebody leaves: their keys to cases are destroyed, their device is forgotten, their wishes end.

    What they alone hold stays, out of everybody's reach while they are away; returns of how many cases that is so.
    """
    end_grants_of(connection, person, now)
    kept = wraps.destroy_shared(connection, person.id)
    sign_ins.clear(connection, person)
    return kept


def come_back(connection: Connection, person: Person, *, by: str, now: datetime) -> Outcome:
    """Somebody who had left is back: with roles that read cases only once a second person agrees.

    What they alone hold the key to stays theirs meanwhile, out of reach: without those roles no case exists for them.
    """
    if second.alone(connection, by) or not set(person.roles) & second.WEIGHTY:
        return Outcome()
    wraps.destroy_shared(connection, person.id)
    light = tuple(one for one in person.roles if one not in second.WEIGHTY)
    _write_roles(connection, person, light, by, now)
    value = " ".join(person.roles)
    return Outcome(second.ask(connection, Kind.ROLES, by=by, now=now, person_id=person.id, value=value))


def _let_go(connection: Connection, person: Person, kind: str) -> None:
    if alone := len(wraps.held_alone(connection, person.id, kind)):
        cases = f"{alone} sealed case{'s' if alone > 1 else ''}"
        raise Refused(f"they alone hold the key to {cases}: have a colleague given access first")
    wraps.destroy(connection, [person.id], kinds=(kind,))


def _settle(connection: Connection, asked: Pending, by: str, now: datetime) -> None:
    """What needed no second person after all waits for none."""
    second.withdraw(connection, asked.id, by, now)
