"""Keeping what a person corrects: the message it is about, masked, sealed to the service; never of anonymous or sealed cases."""

from collections.abc import Callable

from sqlalchemy import Connection, insert, select

from cases.handling.hand import Hand
from cases.keys.hashing import keyed_hash
from cases.keys.sealing import Place, seal, unseal
from cases.model.words import Access, AutomaticKind, Channel, Direction
from cases.store import tables
from cases.store.codec import StoredWords, message_from, to_bytes
from cases.store.learning_tables import correction as table
from cases.store.rows import new_id
from cases.store.sight import SeenCase

Mask = Callable[[str, str, str], str]
"""Subject, text and the sender's name in; the words out, without people, addresses and numbers."""


def keep(connection: Connection, seen: SeenCase, hand: Hand, category: str, risk: str, mask: Mask) -> str:
    """Keep what a person says of the case's first message; gives the correction's id, "" where nothing may be learned.

    Nothing is kept of anonymous or sealed cases, nor of a message that this person cannot open.
    """
    if seen.access is Access.SEALED or seen.row.channel == Channel.ANONYMOUS.value:
        return ""
    message = tables.message
    written = (message.c.direction == Direction.INBOUND.value, message.c.automatic == AutomaticKind.NONE.value)
    row = connection.execute(
        select(message)
        .where(message.c.case_id == seen.id, message.c.party_id == "", *written)
        .order_by(message.c.number)
        .limit(1)
    ).first()
    keys = hand.keys(connection, seen)
    if row is None or row.content is None or row.epoch not in keys:
        return ""
    said = message_from(unseal(keys[row.epoch], row.content, Place("message", row.id, "content"))).submission
    words = mask(said.subject, said.new_text or said.text, said.sender.name)
    made = new_id()
    sealed = seal(hand.service.public, to_bytes(StoredWords(words, "")), Place("correction", made, "content"))
    connection.execute(
        insert(table).values(
            id=made,
            case_id=seen.id,
            message_id=row.id,
            at=hand.now,
            author=hand.address,
            category=category,
            risk=risk,
            language=said.language,
            persona=keyed_hash(hand.index, "persona", said.sender.address.casefold() or seen.id),
            content=sealed,
        )
    )
    return made
