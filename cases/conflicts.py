"""Somebody turns out to be in conflict with a case that is open already: everything of theirs in it ends at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from cases.access.identity.ending import end_grants_of
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys import epochs, wraps
from cases.keys.hashing import keyed_hash
from cases.model.decision import Decision, Exclusion
from cases.model.words import Access, Compartment
from cases.store import people, tables
from cases.store.lookups import CaseRow


@dataclass(frozen=True, slots=True)
class KeptAway:
    """What became of the case: who owns it and stands by now; whether somebody new does."""

    owner: str
    backup: str
    new_owner: bool


def keep_away(
    connection: Connection, case: CaseRow, decision: Decision, index_key: bytes, at: datetime, *, by: str = "triage"
) -> KeptAway | None:
    """Take a case, whose row the caller has locked, from everyone whom a decision excludes and who was not excluded before.

    Policy and notices forget them, the ladder names somebody else, their wraps are destroyed; of a sealed case what follows
    has a new key. The owner they were is followed by whom the decision names, in a sealed case by who can read it. None when
    nobody is newly excluded. Raises `Refused` when nobody would be left to read or own it.
    """
    new = _newly(connection, case, decision.excluded)
    if not new:
        return None
    values = [{"case_id": case.id, "person": one.person.casefold(), "reason": one.reason[:128]} for one in new]
    connection.execute(insert(tables.exclusion), values)
    out = {one.person.casefold() for one in decision.excluded}
    holders = _holders(connection, case, out)
    staff = [one.id for one in people.whole_staff(connection) if one.address in out]
    destroyed = wraps.destroy(connection, staff, case_id=case.id)
    if case.access == Access.SEALED.value:
        if not holders:
            raise Refused(epochs.NOBODY_LEFT)
        if destroyed:
            epochs.turn(connection, case.id, case.epoch, holders, at)
    kept = _successors(case, decision, out, [one.address for one in holders])
    forget(connection, case.id, [one.person for one in new], kept.owner, index_key, at)
    facts = {"excluded": len(new), "destroyed": destroyed}
    events = [NewEvent(case.id, "conflict.found", by, at, dict(facts))]
    if kept.new_owner:
        events.append(NewEvent(case.id, "case.assigned", by, at, {"to": kept.owner, "because": "conflict"}))
    append(connection, events)
    changed = {"owner": kept.owner, "backup": kept.backup}
    connection.execute(update(tables.case).where(tables.case.c.id == case.id).values(**changed))
    return kept


def _newly(connection: Connection, case: CaseRow, excluded: Iterable[Exclusion]) -> list[Exclusion]:
    table = tables.exclusion
    before = set(connection.execute(select(table.c.person).where(table.c.case_id == case.id)).scalars())
    return list({one.person.casefold(): one for one in excluded if one.person.casefold() not in before}.values())


def _holders(connection: Connection, case: CaseRow, out: set[str]) -> list[people.Person]:
    """Active staff who hold the case's present key and may keep it."""
    rows = wraps.of_epoch(connection, case.id, case.epoch, Compartment.CONTENT)
    readers = {row.reader for row in rows if row.reader_kind == wraps.STAFF}
    return [one for one in people.everyone(connection) if one.id in readers and one.address not in out]


def _successors(case: CaseRow, decision: Decision, out: set[str], holders: list[str]) -> KeptAway:
    """Who owns the case and who stands by; nobody of `out`, and in a sealed case nobody who could not read it."""
    wanted = [case.owner, case.backup, decision.owner.casefold(), decision.backup.casefold(), *holders]
    able = holders if case.access == Access.SEALED.value else wanted
    owner, backup, *_ = *dict.fromkeys(one for one in wanted if one and one not in out and one in able), "", ""
    if not owner:
        raise Refused("nobody would be left who may own this case: name another guardian first")
    return KeptAway(owner, backup, owner != case.owner)


def forget(
    connection: Connection, case_id: str, gone: Sequence[str], owner: str, index_key: bytes, at: datetime
) -> None:
    """Drop notices to these people that have not left, let the steps of the ladder tell the owner instead of them, and end
    what they asked or were granted to know of its reporter.
    """
    outbox, rung = tables.outbox, tables.rung
    hashes = [keyed_hash(index_key, "recipient", address) for address in gone]
    to_them = or_(*(outbox.c.key.like(f"notice:{case_id}:%:{one}%") for one in hashes))
    connection.execute(delete(outbox).where(outbox.c.case_id == case_id, outbox.c.state == "pending", to_them))
    rows = connection.execute(select(rung).where(rung.c.case_id == case_id, rung.c.state == "waiting")).all()
    names = {address.casefold() for address in gone}
    replace_on_ladders(connection, rows, names, dict.fromkeys([case_id], owner))
    for person in people.whole_staff(connection):
        if person.address in names:
            end_grants_of(connection, person, at, case_id)


def replace_on_ladders(connection: Connection, rungs: Iterable[Any], gone: set[str], owners: dict[str, str]) -> None:
    """Put each case's owner where steps still to come name somebody who must not be told any more."""
    for row in rungs:
        listed = {name: getattr(row, name).split() for name in ("notify", "escalate_to")}
        kept = {
            name: [owners.get(row.case_id, "") if one.casefold() in gone else one for one in addresses]
            for name, addresses in listed.items()
        }
        if kept != listed:
            values = {name: " ".join(dict.fromkeys(filter(None, addresses))) for name, addresses in kept.items()}
            connection.execute(update(tables.rung).where(tables.rung.c.id == row.id).values(**values))
