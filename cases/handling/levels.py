"""Access of a case: raised by whoever may, with who loses sight said before; lowered with a reason, in grave cases by two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from cases.access import second
from cases.access.policy import Action, may_hold, may_see
from cases.access.second import Kind
from cases.errors import Refused
from cases.handling.hand import Hand, record
from cases.handling.speaking import add_note
from cases.keys import recovery, wraps
from cases.keys.epochs import new_epoch
from cases.keys.sealing import KeyPair
from cases.model.risk import is_grave
from cases.model.words import Access
from cases.store import corrections, people, tables
from cases.store.people import Person
from cases.store.sight import SeenCase, Teams, Viewer, find_case, relation_of, require

ORDER = (Access.MANAGED, Access.RESTRICTED, Access.SEALED)
"""Lowest first."""


@dataclass(frozen=True, slots=True)
class Change:
    """What came of a wish: `waits` for a second person, or done; `losing` are the people who see the case no more."""

    waits: bool
    losing: tuple[str, ...] = ()


def losing_sight(connection: Connection, seen: SeenCase, to: Access, teams: Teams) -> tuple[str, ...]:
    """Addresses of those who see the case now and would not at that level; to be shown before it is raised."""
    keep = _readers_then(connection, seen)
    lost = []
    for person in people.everyone(connection):
        now = relation_of(connection, seen, person, teams)
        then = person.id in keep if to is Access.SEALED else may_see(now, to)
        if may_see(now, seen.access) and not then:
            lost.append(person.address)
    return tuple(lost)


def raise_access(connection: Connection, reference: str, hand: Hand, to: Access) -> Change:
    """Raise it. To `sealed`: the case's keys are wrapped to owner, backup, guardians and whoever acts, the service's wrap is
    destroyed, and what follows gets a new key. Raises `Refused` when it is that high already, or nobody could read it.
    """
    seen = require(connection, reference, hand.viewer, Action.RESTRICT, lock=True)
    if ORDER.index(to) <= ORDER.index(seen.access):
        raise Refused(f"it is {seen.access.value} already")
    losing = losing_sight(connection, seen, to, hand.viewer.teams)
    if to is Access.SEALED:
        _seal(connection, seen, hand)
        corrections.erase(connection, seen.id)
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(access=to.value))
    facts = {"from": seen.access.value, "to": to.value, "losing": len(losing)}
    record(connection, seen, hand, "access.raised", facts)  # type: ignore[arg-type]
    if to is Access.SEALED:
        again = find_case(connection, reference, hand.viewer, lock=True)
        if again is not None:
            new_epoch(connection, again, hand, ())
    return Change(waits=False, losing=losing)


def lower_access(
    connection: Connection, reference: str, hand: Hand, to: Access, reason: str, once: str, risk_levels: Sequence[str]
) -> Change:
    """Lower it, with a reason that is kept as a note in the case; from a high risk on, this only asks a second person.

    Raises `Refused` when it is not higher, or for no reason.
    """
    seen = require(connection, reference, hand.viewer, Action.RESTRICT, lock=True)
    if ORDER.index(to) >= ORDER.index(seen.access):
        raise Refused(f"it is {seen.access.value}, which is not higher")
    add_note(connection, reference, hand, f"Access to be lowered to {to.value}: {reason}".strip(), once)
    if is_grave(seen.row.risk, risk_levels):
        second.ask(connection, Kind.ACCESS, by=hand.address, now=hand.now, case_id=seen.id, value=to.value)
        record(connection, seen, hand, "access.lowering_asked", {"from": seen.access.value, "to": to.value})
        return Change(waits=True)
    _lower(connection, seen, hand, to)
    return Change(waits=False)


def agree_to_lower(connection: Connection, reference: str, hand: Hand, *, agreed: bool) -> Change:
    """Answer, as the second person, what a colleague asked; who may raise or lower the case may answer."""
    seen = require(connection, reference, hand.viewer, Action.RESTRICT, lock=True)
    waits = second.about_case(connection, seen.id)
    if waits is None:
        raise Refused(second.DECIDED)
    second.decide(connection, waits.id, hand.viewer.person, hand.now, agreed=agreed)
    if not agreed:
        record(connection, seen, hand, "access.lowering_refused", {"to": waits.value})
        return Change(waits=False)
    if ORDER.index(Access(waits.value)) < ORDER.index(seen.access):
        _lower(connection, seen, hand, Access(waits.value))
    return Change(waits=False)


def _lower(connection: Connection, seen: SeenCase, hand: Hand, to: Access) -> None:
    """Where the service had no key it gets every one that the acting person holds."""
    if seen.access is Access.SEALED:
        at = seen.moment(hand.now)
        for epoch, keys in hand.keys(connection, seen).items():
            _wrap(connection, seen, epoch, keys, wraps.SERVICE, wraps.SERVICE, hand.service.public, at)
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(access=to.value))
    record(connection, seen, hand, "access.lowered", {"from": seen.access.value, "to": to.value})


def _seal(connection: Connection, seen: SeenCase, hand: Hand) -> None:
    readers = [one for one in people.everyone(connection) if one.id in _readers_then(connection, seen, hand.viewer)]
    if not readers:
        raise Refused("nobody could read it then: name an owner with a vault key, or a guardian")
    kept, at = recovery.current(connection), seen.moment(hand.now)
    for epoch, keys in hand.keys(connection, seen).items():
        for one in readers:
            _wrap(connection, seen, epoch, keys, wraps.STAFF, one.id, one.vault_public, at)
        if kept:
            _wrap(connection, seen, epoch, keys, wraps.RECOVERY, kept.id, kept.public, at)
    stay = {one.id for one in readers}
    away = [one.id for one in people.whole_staff(connection) if one.id not in stay]
    wraps.destroy(connection, away, case_id=seen.id, kinds=(wraps.STAFF, wraps.LOST))
    wraps.destroy(connection, [wraps.SERVICE], case_id=seen.id, kinds=(wraps.SERVICE,))


def _readers_then(connection: Connection, seen: SeenCase, acting: Viewer | None = None) -> frozenset[str]:
    """Ids of who would read it sealed: owner, backup, guardians, whoever acts; none of them excluded."""
    table = tables.exclusion
    out = set(connection.execute(select(table.c.person).where(table.c.case_id == seen.id)).scalars())
    named = {seen.row.owner, seen.row.backup, acting.person.address if acting else seen.relation.address}
    return frozenset(one.id for one in people.everyone(connection) if _reads(one, named, out))


def _reads(person: Person, named: set[str], out: set[str]) -> bool:
    able = may_hold(frozenset(person.roles), Access.SEALED) and person.address not in out
    return able and (person.address in named or "guardian" in person.roles)


def _wrap(
    connection: Connection,
    seen: SeenCase,
    epoch: int,
    keys: KeyPair,
    kind: str,
    reader: str,
    public: bytes,
    at: datetime,
) -> None:
    wraps.add(
        connection,
        case_id=seen.id,
        epoch=epoch,
        private=keys.private,
        kind=kind,
        reader=reader,
        public=public,
        at=at,
    )
