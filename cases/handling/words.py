"""Words of staff as messages of a case: sealed, numbered, in the reporter's thread, a party's, or nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, func, insert, select

from cases.handling.hand import Hand, Sealed, check_once, checked, new_salt, sealed
from cases.handling.uploads import Upload, listed, refer_to
from cases.keys.sealing import Place
from cases.model.submission import Attachment, Submission
from cases.model.words import Channel, Direction
from cases.store import tables
from cases.store.codec import StoredMessage, without_file_bytes
from cases.store.sight import SeenCase


@dataclass(frozen=True, slots=True)
class Words:
    """What a member of staff says. `once` is an id of the form or mail it came in: sent twice, it is said once.

    `files` came with a mail, `uploads` from the console.
    """

    text: str = field(repr=False)
    once: str
    files: Sequence[Attachment] = ()
    uploads: Sequence[Upload] = ()


def write(
    connection: Connection, seen: SeenCase, hand: Hand, direction: Direction, words: Words, *, party_id: str = ""
) -> Sealed | None:
    """Seal the words to the case, in the reporter's thread or a party's; None when this form's words are there already.

    Raises `Refused` for no words, or too many.
    """
    said = _said(words, seen)
    table = tables.message
    if connection.execute(select(table.c.id).where(table.c.id == check_once(words.once))).first() is not None:
        return None
    highest = connection.execute(select(func.max(table.c.number)).where(table.c.case_id == seen.id)).scalar()
    content = sealed(seen, Place("message", words.once, "content"), StoredMessage(said, new_salt()))
    connection.execute(
        insert(table).values(
            id=words.once,
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
    refer_to(connection, seen, words.once, words.uploads)
    return content


def _said(words: Words, seen: SeenCase) -> Submission:
    text = checked(words.text)
    plain = Submission(channel=Channel.STAFF, text=text, new_text=text, language=seen.row.language)
    return without_file_bytes(replace(plain, attachments=(*words.files, *listed(words.uploads))))
