"""Somebody who works with cases leaves: their open cases get another owner at once, in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from cases.access.policy import WORKS_ON_CASES
from cases.access.staffing import come_back, take_keys
from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.conflicts import replace_on_ladders
from cases.errors import Refused
from cases.keys.hashing import keyed_hash
from cases.keys.sealing import Sealer
from cases.model.lifecycle import OPEN
from cases.model.words import Access, Channel, Status
from cases.promises import start_of_day
from cases.store import absences, people
from cases.store.codec import MailPayload
from cases.store.outbox import promise_mail
from cases.store.people import Person
from cases.store.rows import new_id
from cases.store.tables import case, exclusion, person, rung, wrap


@dataclass(frozen=True, slots=True)
class Office:
    """Who could take over: members of each team in file order, by address in lower case; and what notices are sealed to."""

    teams: Mapping[str, Sequence[str]]
    service_public: bytes = field(repr=False)
    index: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a leaver's open cases: how many have a new owner, and how many nobody can take; not which."""

    person: str
    reassigned: int
    ownerless: int
    unreadable: int = 0
    """Cases that only they held a key to: it is kept, and opens nothing while they are away."""


@dataclass(frozen=True, slots=True)
class _Hands:
    """Who is here to take cases over, and how busy they are."""

    by_address: dict[str, Person]
    away: frozenset[str]
    open_cases: dict[str, int]

    def order(self, addresses: Iterable[str]) -> list[Person]:
        """Those who work with cases and are here, the freest first; then those who are away."""
        known = [self.by_address[one] for one in dict.fromkeys(addresses) if one in self.by_address]
        able = [one for one in known if WORKS_ON_CASES & set(one.roles)]
        return sorted(able, key=lambda one: (one.address in self.away, self.open_cases.get(one.address, 0)))


def leave(connection: Connection, address: str, office: Office, *, by: str, now: datetime) -> HandedOver:
    """End a person's work here: they can no longer sign in or act by mail, and their open cases go to the backup, else to
    the freest of the team, else to a guardian; to nobody excluded, and of a sealed case only to who can read it.

    Raises `Refused` for who is not a member of staff, or the last administrator.
    """
    leaver = people.find(connection, address)
    if leaver is None or not leaver.active:
        raise Refused(f"{address} is not a member of staff")
    staff = [one for one in people.everyone(connection) if one.id != leaver.id]
    if "administrator" in leaver.roles and not any("administrator" in one.roles for one in staff):
        raise Refused(f"{address} is the only administrator: add another one first")
    connection.execute(update(person).where(person.c.id == leaver.id).values(active=False))
    unreadable = take_keys(connection, leaver, now)
    append(connection, [NewEvent(DEPLOYMENT, "person.left", by, now, {"person": leaver.id, "unreadable": unreadable})])
    hands = _Hands({one.address: one for one in staff}, absences.absent(connection, now), _loads(connection))
    theirs = or_(case.c.owner == leaver.address, case.c.backup == leaver.address)
    rows = connection.execute(
        select(case).where(case.c.status.in_(OPEN), theirs).order_by(case.c.id).with_for_update()
    ).all()
    ownerless = sum(not _hand_over(connection, row, leaver, hands, office, by, now) for row in rows)
    _clear_ladders(connection, leaver.address)
    return HandedOver(leaver.address, len(rows) - ownerless, ownerless, unreadable)


def welcome_back(connection: Connection, address: str, *, by: str, now: datetime) -> bool:
    """Somebody who had left works here again, with the vault they had and of its keys to cases those that nobody else holds.

    True where their roles that read cases wait for a second person. Raises `Refused` for who has not left.
    """
    found = people.find(connection, address)
    if found is None or found.active:
        raise Refused(f"{address} has not left" if found else f"{address} was never a member of staff")
    connection.execute(update(person).where(person.c.id == found.id).values(active=True))
    append(connection, [NewEvent(DEPLOYMENT, "person.returned", by, now, {"person": found.id})])
    return come_back(connection, found, by=by, now=now).waits is not None


def _hand_over(
    connection: Connection, row: Row[Any], leaver: Person, hands: _Hands, office: Office, by: str, now: datetime
) -> bool:
    """Another owner, and a backup beside them; False when nobody can own it."""
    able = _able(connection, row, hands, office)
    kept = [row.owner] if row.owner not in {"", leaver.address} else []
    owner, backup, *_ = *dict.fromkeys([*kept, *(one.address for one in able)]), "", ""
    at = start_of_day(now) if row.channel == Channel.ANONYMOUS.value else now
    values = {"owner": owner, "backup": backup}
    if owner and row.status in {Status.RECEIVED.value, Status.TRIAGED.value}:
        values["status"] = Status.ASSIGNED.value
    connection.execute(update(case).where(case.c.id == row.id).values(**values))
    facts = {"to": owner, "backup": backup, "because": "left", "left": leaver.id}
    append(connection, [NewEvent(row.id, "case.assigned" if owner else "case.ownerless", by, at, dict(facts))])
    if owner and owner != row.owner:
        hands.open_cases[owner] = hands.open_cases.get(owner, 0) + 1
        _tell(connection, row, owner, office, at, now)
    return bool(owner)


def _able(connection: Connection, row: Row[Any], hands: _Hands, office: Office) -> list[Person]:
    """Who can take a case, the best first: its owner or backup, its team, its guardians."""
    guardians = sorted(one.address for one in hands.by_address.values() if "guardian" in one.roles)
    groups = ((row.backup,), office.teams.get(row.team, ()), guardians)
    ordered = [one for group in groups for one in hands.order(group)]
    out = set(connection.execute(select(exclusion.c.person).where(exclusion.c.case_id == row.id)).scalars())
    if row.access == Access.SEALED.value:
        holds = (wrap.c.case_id == row.id, wrap.c.epoch == row.epoch, wrap.c.compartment == "content")
        readers = set(connection.execute(select(wrap.c.reader).where(*holds, wrap.c.reader_kind == "staff")).scalars())
        others = [one for one in hands.by_address.values() if one.id in readers]
        ordered = [one for one in (*ordered, *hands.order(other.address for other in others)) if one.id in readers]
    allowed = [one for one in dict.fromkeys(ordered) if one.address not in out]
    return sorted(allowed, key=lambda one: one.address in hands.away)


def _loads(connection: Connection) -> dict[str, int]:
    query = select(case.c.owner, func.count()).where(case.c.status.in_(OPEN)).group_by(case.c.owner)
    return {owner: int(count) for owner, count in connection.execute(query)}


def _clear_ladders(connection: Connection, address: str) -> None:
    """Steps still to come tell the case's new owner instead of who left."""
    named = or_(rung.c.notify.contains(address, autoescape=True), rung.c.escalate_to.contains(address, autoescape=True))
    columns = (rung.c.id, rung.c.case_id, rung.c.notify, rung.c.escalate_to, case.c.owner)
    rows = connection.execute(
        select(*columns).join(case, case.c.id == rung.c.case_id).where(rung.c.state == "waiting", named)
    ).all()
    replace_on_ladders(connection, rows, {address}, {row.case_id: row.owner for row in rows})


def _tell(connection: Connection, row: Row[Any], owner: str, office: Office, at: datetime, now: datetime) -> None:
    """A content-free notice to the new owner; of an anonymous case it says no time."""
    payload = MailPayload(
        template="notice_owner",
        to=owner,
        language="",
        reference=row.reference,
        reply_token="",
        bounce_token="",
        facts=(("risk", row.risk),),
        to_the_day=row.channel == Channel.ANONYMOUS.value,
        sign_for=owner,
    )
    key = f"notice:{row.id}:given:{keyed_hash(office.index, 'recipient', owner)}:{new_id()[:12]}"
    promise_mail(connection, Sealer(office.service_public), key, payload, case_id=row.id, at=at, due=now)
