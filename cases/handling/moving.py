"""Moving a case through its life: where the work stands, its closing with an outcome, withdrawal, opening it again."""

from sqlalchemy import Connection, update

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.hand import Hand, record
from cases.handling.words import Words, write
from cases.model.acts import UNCONFIRMED
from cases.model.demands import Demands, check_closing
from cases.model.lifecycle import AT_WORK, Outcome, moved
from cases.model.words import ClockKind, Direction, Status
from cases.store import ending, tables
from cases.store.clocks import meet, status_changed
from cases.store.filled import standing
from cases.store.sight import SeenCase, require

CLOSING_MEETS = (ClockKind.RESOLVE.value,)
"""Closing sends nothing: nobody who was never answered has been answered by it."""


def move(connection: Connection, reference: str, hand: Hand, to: Status) -> None:
    """Say where the work stands. Only an investigator or lead starts an investigation, and that meets its deadline."""
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    if to not in {*AT_WORK, Status.RESOLVED}:
        raise Refused("that status is not set by hand")
    if to is Status.INVESTIGATING:
        if not seen.may(Action.INVESTIGATE):
            raise Refused("an investigation is started by its owner or backup, as investigator or lead")
        meet(connection, [seen.id], [ClockKind.START_INVESTIGATION.value], seen.moment(hand.now), "investigation")
    set_status(connection, seen, hand, to)


def close(connection: Connection, reference: str, hand: Hand, outcome: Outcome, demands: Demands) -> None:
    """Close with an outcome: kept deadlines are met, the others end. Nothing is sent.

    Raises `Refused`, naming it all, when something is missing that the category or a rule asks for.
    """
    seen = require(connection, reference, hand.viewer, Action.CLOSE, lock=True)
    moved(seen.status, Status.CLOSED)
    check_closing(demands, standing(connection, seen.id), outcome, by_owner=seen.row.owner == hand.address)
    meet(connection, [seen.id], CLOSING_MEETS, seen.moment(hand.now), "case.closed")
    end(connection, seen, hand, Status.CLOSED, outcome.value)
    record(connection, seen, hand, "case.closed", {"from": seen.status.value, "outcome": outcome.value})


def withdraw(connection: Connection, reference: str, hand: Hand, reason: str, once: str, demands: Demands) -> None:
    """End a case because its reporter takes it back; the reason becomes a note.

    Raises `Refused` without one, or where one person alone may not end the case.
    """
    seen = require(connection, reference, hand.viewer, Action.CLOSE, lock=True)
    moved(seen.status, Status.WITHDRAWN)
    if demands.grave and seen.row.owner == hand.address:
        raise Refused("this case is withdrawn by a second person: the backup or a lead, not its owner")
    note = write(connection, seen, hand, Direction.NOTE, Words(reason, once))
    if note is None:
        return
    end(connection, seen, hand, Status.WITHDRAWN)
    data: dict[str, Json] = {"from": seen.status.value, "message": once, "digest": note.digest}
    record(connection, seen, hand, "case.withdrawn", data)


def reopen(connection: Connection, reference: str, hand: Hand) -> None:
    """Open a case again that was resolved, closed or withdrawn."""
    seen = require(connection, reference, hand.viewer, Action.REOPEN, lock=True)
    moved(seen.status, Status.REOPENED)
    ending.reopen(connection, seen.id, seen.moment(hand.now))
    record(connection, seen, hand, "case.reopened", {"from": seen.status.value})


def end(connection: Connection, seen: SeenCase, hand: Hand, status: Status, outcome: str = "") -> None:
    """End it now; to the day where its reporter is anonymous."""
    ending.end(connection, seen.id, status, seen.moment(hand.now), outcome)


def set_status(connection: Connection, seen: SeenCase, hand: Hand, to: Status) -> None:
    """Set a status that may follow the present one; resolved meets its deadline, and waits until the sender is confirmed."""
    moved(seen.status, to)
    if to is Status.RESOLVED and UNCONFIRMED in seen.row.tags.split():
        raise Refused("nobody has confirmed yet that this comes from whom it says: confirm that first")
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(status=to.value))
    if to is Status.RESOLVED:
        meet(connection, [seen.id], [ClockKind.RESOLVE.value], seen.moment(hand.now), "resolved")
    status_changed(connection, seen.id, to, seen.moment(hand.now), "status.changed")
    record(connection, seen, hand, "status.changed", {"from": seen.status.value, "to": to.value})
