"""Words of staff as messages of a case: sealed, numbered, in the reporter's thread, a party's, or nobody's."""

from sqlalchemy import Connection, func, insert, select

from cases.handling.hand import Hand, Sealed, check_once, checked, new_salt, sealed
from cases.keys.sealing import Place
from cases.model.submission import Submission
from cases.model.words import Channel, Direction
from cases.store import tables
from cases.store.codec import StoredMessage
from cases.store.sight import SeenCase


def said(text: str, seen: SeenCase) -> Submission:
    """A staff member's words as they are stored."""
    words = checked(text)
    return Submission(channel=Channel.STAFF, text=words, new_text=words, language=seen.row.language)


def write(
    connection: Connection,
    seen: SeenCase,
    hand: Hand,
    direction: Direction,
    words: Submission,
    once: str,
    *,
    party_id: str = "",
) -> Sealed | None:
    """Seal the words to the case, in the reporter's thread or a party's; None when this form's words are there already."""
    table = tables.message
    if connection.execute(select(table.c.id).where(table.c.id == check_once(once))).first() is not None:
        return None
    highest = connection.execute(select(func.max(table.c.number)).where(table.c.case_id == seen.id)).scalar()
    content = sealed(seen, Place("message", once, "content"), StoredMessage(words, new_salt()))
    connection.execute(
        insert(table).values(
            id=once,
            case_id=seen.id,
            party_id=party_id,
            number=(highest or 0) + 1,
            direction=direction.value,
            channel=Channel.STAFF.value,
            author=hand.address,
            at=seen.moment(hand.now),
            epoch=seen.row.epoch,
            content=content.value,
            digest=content.digest,
        )
    )
    return content
