"""Confirming who asks: staff have made sure another way, and say how; until then what is asked for is not done."""

from sqlalchemy import Connection, update

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling.hand import Hand, record
from cases.handling.words import Words, write
from cases.model.acts import UNCONFIRMED
from cases.model.words import Direction
from cases.store import tables
from cases.store.sight import require


def confirm_sender(connection: Connection, reference: str, hand: Hand, how: str, once: str) -> None:
    """The sender is confirmed: by a call to a number that was known before, in person, or alike. `how` becomes a note.

    Raises `Refused` for no words, or a case that nobody has to confirm (any more).
    """
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    tags = seen.row.tags.split()
    if UNCONFIRMED not in tags:
        raise Refused("its sender is confirmed already")
    note = write(connection, seen, hand, Direction.NOTE, Words(how, once))
    if note is None:
        return
    left = " ".join(one for one in tags if one != UNCONFIRMED)
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(tags=left))
    record(connection, seen, hand, "sender.confirmed", {"message": once, "digest": note.digest})
