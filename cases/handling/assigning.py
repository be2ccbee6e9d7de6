"""Assigning: who owns a case; in a sealed one the new owner gets a key from whoever hands it on."""

from sqlalchemy import Connection, update

from cases.access.policy import Action, may_hold
from cases.errors import Refused
from cases.handling.hand import Hand, notice_prefix, promise, record, staff_notice
from cases.handling.moving import set_status
from cases.keys import wraps
from cases.model.words import Access, Status
from cases.store import tables
from cases.store.people import Person
from cases.store.rows import new_id
from cases.store.sight import SeenCase, relation_of, require


def assign(connection: Connection, reference: str, hand: Hand, person: Person) -> None:
    """Give a case an owner; oneself is taking it. Raises `Refused` for who may not see it or does not work on cases.

    In a sealed case the new owner gets a wrap from the keys of whoever hands it on.
    """
    myself = person.id == hand.viewer.person.id
    seen = require(connection, reference, hand.viewer, Action.TAKE if myself else Action.ASSIGN, lock=True)
    then = relation_of(connection, seen, person, hand.viewer.teams)
    if then.is_excluded or not person.active or not may_hold(then.roles, seen.access):
        raise Refused(f"{person.address} cannot be given this case")
    if seen.access is Access.SEALED and not then.holds_wrap:
        share(connection, seen, hand, person)
    changes = {"owner": person.address}
    if seen.row.backup == person.address:
        changes["backup"] = seen.row.owner  # whoever had it stands by: nobody is owner and backup at once
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**changes))
    record(connection, seen, hand, "case.assigned", {"to": person.address})
    if seen.status in {Status.RECEIVED, Status.TRIAGED, Status.REOPENED}:
        set_status(connection, seen, hand, Status.ASSIGNED)
    if not myself:
        key = f"{notice_prefix(hand, seen.id, 'given', person.address)}:{new_id()[:12]}"
        promise(connection, seen, hand, key, staff_notice("notice_owner", person.address, seen))


def share(connection: Connection, seen: SeenCase, hand: Hand, person: Person) -> None:
    """Wrap every key of the case that the giver holds to the new reader's vault; an audited fact of its own."""
    for epoch, pair in hand.keys(connection, seen).items():
        wraps.add(
            connection,
            case_id=seen.id,
            epoch=epoch,
            private=pair.private,
            kind=wraps.STAFF,
            reader=person.id,
            public=person.vault_public,
            at=seen.moment(hand.now),
        )
    record(connection, seen, hand, "case.shared", {"with": person.address})
