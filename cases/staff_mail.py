"""A colleague's mail as part of a case: kept as a note, or laid beside the answer that was made of it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select, update

from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.keys.hashing import message_id_hash
from cases.keys.sealing import Place, Sealer
from cases.model.submission import Submission
from cases.model.words import Channel, Direction
from cases.store import files, tables
from cases.store.codec import StoredMessage, to_bytes, without_file_bytes
from cases.store.files import StoredFile
from cases.store.lookups import CaseRow
from cases.store.rows import Rows, new_id


@dataclass(frozen=True, slots=True)
class StaffMail:
    """One delivery from, or in the name of, a colleague. Its envelope's id becomes its message's: it is written once."""

    envelope_id: str
    submission: Submission = field(repr=False)
    raw: bytes = field(repr=False)
    fingerprint: str
    files: tuple[StoredFile, ...] = ()


def locked(connection: Connection, reference: str) -> CaseRow | None:
    """The case as it is now, or None; nobody else writes to it until this transaction ends."""
    columns = [tables.case.c[name] for name in CaseRow.__dataclass_fields__]
    alive = (tables.case.c.reference == reference, tables.case.c.erased_at.is_(None))
    row = connection.execute(select(*columns).where(*alive).with_for_update()).first()
    return CaseRow(*row) if row else None


def keep_note(
    connection: Connection,
    case: CaseRow,
    mail: StaffMail,
    index: bytes,
    now: datetime,
    *,
    verb: str,
    author: str = "",
    reason: str = "",
    direction: Direction = Direction.NOTE,
) -> str:
    """Keep a mail in the case with its event, and return the message's digest.

    Without `author` nobody has shown to be its writer: it is an unverified sender's, confirmed by nothing, and goes nowhere.
    """
    content = to_bytes(StoredMessage(without_file_bytes(mail.submission), secrets.token_hex(16)))
    digest = sha256(content).hexdigest()
    message = tables.message
    highest = connection.execute(select(func.max(message.c.number)).where(message.c.case_id == case.id)).scalar()
    connection.execute(
        insert(message).values(
            id=mail.envelope_id,
            case_id=case.id,
            number=(highest or 0) + 1,
            direction=direction.value,
            channel=Channel.MAIL.value,
            author=author,
            confirmed=bool(author),
            at=now,
            epoch=case.epoch,
            content=Sealer(case.public_key).seal(content, Place("message", mail.envelope_id, "content")),
            digest=digest,
        )
    )
    lay_beside(connection, case, mail, index, now)
    data: dict[str, Json] = {"message": mail.envelope_id, "digest": digest, **({"reason": reason} if reason else {})}
    append(connection, [NewEvent(case.id, verb, author or "triage", now, data)])
    return digest


def add_comment(connection: Connection, case_id: str, author: str, words: str, now: datetime) -> None:
    """Keep what a colleague wrote above a mail that they passed on: a note in the case that the mail opened."""
    case = connection.execute(select(tables.case).where(tables.case.c.id == case_id)).one()
    said = Submission(channel=Channel.STAFF, text=words, new_text=words, language=case.language)
    content, note_id = to_bytes(StoredMessage(said, secrets.token_hex(16))), new_id()
    connection.execute(
        insert(tables.message).values(
            id=note_id,
            case_id=case_id,
            number=2,
            direction=Direction.NOTE.value,
            channel=Channel.STAFF.value,
            author=author,
            at=now,
            epoch=case.epoch,
            content=Sealer(case.public_key).seal(content, Place("message", note_id, "content")),
            digest=sha256(content).hexdigest(),
        )
    )
    data: dict[str, Json] = {"message": note_id, "digest": sha256(content).hexdigest()}
    append(connection, [NewEvent(case_id, "note.added", author, now, data)])


def lay_beside(connection: Connection, case: CaseRow, mail: StaffMail, index: bytes, now: datetime) -> None:
    """Keep the delivery as received with its message, sealed to the case, and remember its Message-ID."""
    message_id, to_case = mail.envelope_id, Sealer(case.public_key)
    raw = None if mail.files else to_case.seal(mail.raw, Place("message", message_id, "raw"))
    connection.execute(
        update(tables.message)
        .where(tables.message.c.id == message_id)
        .values(envelope_id=mail.envelope_id, raw=raw, authenticity=mail.submission.authenticity.value)
    )
    rows = Rows()
    for one in mail.files:
        files.refer(rows, one, case_id=case.id, message_id=message_id, epoch=case.epoch, seal=to_case.seal)
    rows.add(
        tables.mail_id,
        hash=message_id_hash(index, mail.submission.message_id) or f"none-{message_id[:26]}",
        message_id=message_id,
        case_id=case.id,
        fingerprint=mail.fingerprint,
        at=now,
    )
    rows.write(connection)
