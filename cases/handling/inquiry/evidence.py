"""The evidence log: files and messages with their hashes, who added them and what they show; nothing is ever taken out."""

from hashlib import sha256

from sqlalchemy import Connection, func, insert, select

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.hand import Hand, check_once, checked, new_salt, record, sealed
from cases.handling.uploads import Upload
from cases.handling.words import Words, write
from cases.keys.sealing import Place, unseal
from cases.model.submission import Submission
from cases.model.words import Direction
from cases.store import tables
from cases.store.codec import StoredEvidence, message_from
from cases.store.rows import new_id
from cases.store.sight import SeenCase, require

WORDS = -1
"""In place of a file's number: what was said in the message."""


def add_upload(
    connection: Connection, reference: str, hand: Hand, upload: Upload, description: str, once: str
) -> int | None:
    """Put a file into evidence, as a note that carries it; its number, or None when this form did so already."""
    seen = require(connection, reference, hand.viewer, Action.RECORD, lock=True)
    words = checked(description, what="the description")
    written = write(connection, seen, hand, Direction.NOTE, Words(words, once, uploads=(upload,)))
    if written is None:
        return None
    record(connection, seen, hand, "note.added", {"message": once, "digest": written.digest})
    known = StoredEvidence(words, upload.filename or "file", upload.stored.size, upload.sha256, new_salt())
    return _log(connection, seen, hand, once, upload.stored.number, known, new_id())


def add_message(
    connection: Connection, reference: str, hand: Hand, number: int, file: int, description: str, once: str
) -> int | None:
    """Put into evidence what was said in a message, or one of its files; its number, None when done already.

    Raises `Refused` when there is no such message or file that this person can read.
    """
    seen = require(connection, reference, hand.viewer, Action.RECORD, lock=True)
    words = checked(description, what="the description")
    message, keys = tables.message, hand.keys(connection, seen)
    row = connection.execute(
        select(message.c.id, message.c.epoch, message.c.content).where(
            message.c.case_id == seen.id, message.c.number == number
        )
    ).first()
    if row is None or row.content is None or row.epoch not in keys:
        raise Refused("there is no such message that you can read")
    told = message_from(unseal(keys[row.epoch], row.content, Place("message", row.id, "content"))).submission
    return _log(connection, seen, hand, row.id, file, _known(told, file, words), once)


def _known(told: Submission, file: int, words: str) -> StoredEvidence:
    if file == WORDS:
        raw = told.text.encode()
        return StoredEvidence(words, "", len(raw), sha256(raw).hexdigest(), new_salt())
    if not 0 <= file < len(told.attachments):
        raise Refused("there is no such file in that message")
    found = told.attachments[file]
    return StoredEvidence(words, found.filename or "file", found.size, found.sha256, new_salt())


def _log(
    connection: Connection, seen: SeenCase, hand: Hand, message_id: str, file: int, known: StoredEvidence, once: str
) -> int | None:
    """One more entry of the log."""
    table = tables.evidence
    if connection.execute(select(table.c.id).where(table.c.id == check_once(once))).first() is not None:
        return None
    highest = connection.execute(select(func.max(table.c.number)).where(table.c.case_id == seen.id)).scalar()
    content, number = sealed(seen, Place("evidence", once, "about"), known), (highest or 0) + 1
    connection.execute(
        insert(table).values(
            id=once,
            case_id=seen.id,
            number=number,
            message_id=message_id,
            file=file,
            epoch=seen.row.epoch,
            about=content.value,
            digest=content.digest,
            author=hand.address,
            at=seen.moment(hand.now),
        )
    )
    fact: dict[str, Json] = {"evidence": once, "number": number, "of": message_id, "digest": content.digest}
    record(connection, seen, hand, "evidence.added", fact)
    return number
