"""Legal hold: while it stands nothing of the case is erased. One person sets it; to lift it takes two."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling.hand import Hand, checked, record, sealed_words
from cases.store import tables
from cases.store.rows import new_id
from cases.store.sight import SeenCase, require


def set_hold(connection: Connection, reference: str, hand: Hand, reason: str) -> None:
    """Set a legal hold, with its reason. Raises `Refused` when one stands already."""
    seen = require(connection, reference, hand.viewer, Action.HOLD, lock=True)
    words = checked(reason, what="the reason")
    if seen.row.legal_hold:
        raise Refused("a legal hold stands already")
    _new(connection, seen, hand, words)
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(legal_hold=True))


def ask_to_lift(connection: Connection, reference: str, hand: Hand, reason: str) -> None:
    """Ask for a hold to be lifted, with the reason; somebody else lifts it. Raises `Refused` when none stands."""
    seen = require(connection, reference, hand.viewer, Action.HOLD, lock=True)
    words = checked(reason, what="the reason")
    row = _standing(connection, seen, hand)
    asked = sealed_words(seen, "legal_hold", row.id, "asked_reason", words)
    values = {
        "asked_by": hand.address,
        "asked_at": seen.moment(hand.now),
        "asked_reason": asked.value,
        "asked_epoch": seen.row.epoch,
    }
    connection.execute(update(tables.legal_hold).where(tables.legal_hold.c.id == row.id).values(**values))
    record(connection, seen, hand, "hold.lifting_asked", {"hold": row.id, "digest": asked.digest})


def lift(connection: Connection, reference: str, hand: Hand) -> None:
    """Lift a hold that somebody else has asked to lift. Raises `Refused` for the same person, or when nobody asked."""
    seen = require(connection, reference, hand.viewer, Action.HOLD, lock=True)
    row = _standing(connection, seen, hand)
    if not row.asked_by:
        raise Refused("somebody asks for it to be lifted first, with a reason")
    if row.asked_by == hand.address:
        raise Refused("a second person lifts it: not who asked")
    values = {"lifted_by": hand.address, "lifted_at": seen.moment(hand.now)}
    connection.execute(update(tables.legal_hold).where(tables.legal_hold.c.id == row.id).values(**values))
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(legal_hold=False))
    record(connection, seen, hand, "hold.lifted", {"hold": row.id})


def _standing(connection: Connection, seen: SeenCase, hand: Hand) -> Row[Any]:
    """The hold that stands; one that a rule set gets its row now."""
    if not seen.row.legal_hold:
        raise Refused("no legal hold stands")
    table = tables.legal_hold
    query = select(table).where(table.c.case_id == seen.id, table.c.lifted_at.is_(None))
    row = connection.execute(query).first()
    if row is None:
        _new(connection, seen, hand, "")
        row = connection.execute(query).one()
    return row


def _new(connection: Connection, seen: SeenCase, hand: Hand, words: str) -> None:
    """A hold's row. One that a rule set has no reason of a person's; its row says so."""
    hold_id = new_id()
    reason = sealed_words(seen, "legal_hold", hold_id, "reason", words) if words else None
    connection.execute(
        insert(tables.legal_hold).values(
            id=hold_id,
            case_id=seen.id,
            epoch=seen.row.epoch,
            reason=reason.value if reason else None,
            author=hand.address if reason else "rules",
            at=seen.moment(hand.now) if reason else seen.row.opened_at,
        )
    )
    if reason:
        record(connection, seen, hand, "hold.set", {"hold": hold_id, "digest": reason.digest})
