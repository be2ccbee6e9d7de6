"""A file that came with a message, opened for one person: streamed where it is kept in pieces, else the delivery it is in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.submission import Attachment
from cases.model.words import Channel
from cases.store import files, tables
from cases.store.codec import message_from
from cases.store.sight import NO_SUCH_CASE, Viewer, case_keys, require

FilesIn = Callable[[Channel, bytes, datetime], Mapping[str, Attachment]]
"""The files in a delivery as received, by digest (`gateway.message_files.files_in`)."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file of a message. `raw` is the whole delivery where that is small and holds the file, else `file` streams it.

    In a delivery it is found by its `sha256`.
    """

    channel: str
    at: datetime
    name: str
    sha256: str
    cleaned: bool
    raw: bytes | None = field(repr=False)
    file: files.OpenFile | None = field(repr=False)


def open_attachment(
    connection: Connection,
    reference: str,
    number: int,
    index: int,
    *,
    viewer: Viewer,
    vault: KeyPair,
    service: KeyPair,
    now: datetime,
    pieces: files.PieceStore,
) -> FoundFile:
    """The file at `index` of a case's message `number`; an audited fact. Raises `Refused` alike for all reasons."""
    seen = require(connection, reference, viewer, Action.READ)
    table = tables.message
    row = connection.execute(select(table).where(table.c.case_id == seen.id, table.c.number == number)).first()
    keys = case_keys(connection, seen, viewer.person, vault, service)
    if row is None or row.content is None or row.epoch not in keys:
        raise Refused(NO_SUCH_CASE)
    mine = keys[row.epoch]
    listed = message_from(unseal(mine, row.content, Place("message", row.id, "content"))).submission.attachments
    kept = files.find(connection, row.id, index)
    if index >= len(listed) or (kept is None and row.raw is None):
        raise Refused(NO_SUCH_CASE)
    fact: dict[str, Json] = {"person": viewer.person.id, "message": row.id, "file": index}
    append(connection, [NewEvent(seen.id, "file.read", viewer.person.address, seen.moment(now), fact)])
    return FoundFile(
        channel=row.channel,
        at=row.at,
        name=listed[index].filename,
        sha256=listed[index].sha256,
        cleaned=listed[index].cleaned,
        raw=unseal(mine, row.raw, Place("message", row.id, "raw")) if kept is None else None,
        file=files.open_found(kept, mine, pieces) if kept is not None else None,
    )


def open_delivery(
    connection: Connection, message_id: str, raw: bytes | None, keys: KeyPair, pieces: files.PieceStore
) -> bytes:
    """A delivery as received, wherever it is kept, whole in memory; for exports. `raw` is its message's sealed column.

    Raises `Refused` when it is not kept, `CannotOpen` when it is not what was sealed.
    """
    if raw is not None:
        return unseal(keys, raw, Place("message", message_id, "raw"))
    kept = files.find(connection, message_id, files.RAW)
    if kept is None:
        raise Refused("the delivery of this message is not kept")
    return b"".join(files.open_found(kept, keys, pieces).parts)
