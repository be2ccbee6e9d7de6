"""Files that staff bring into a case: their pieces are stored first, then a message of the case refers to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from cases.keys.sealing import Sealer
from cases.model.submission import Attachment
from cases.store.files import StoredFile, refer
from cases.store.rows import Rows
from cases.store.sight import SeenCase


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody of the staff has brought; its pieces are stored, and its hash was taken on the way."""

    filename: str = field(repr=False)
    content_type: str
    sha256: str
    stored: StoredFile = field(repr=False)


def listed(uploads: Sequence[Upload]) -> tuple[Attachment, ...]:
    """The files as their message names them, without their bytes."""
    return tuple(
        Attachment(one.filename, one.content_type, b"", sha256=one.sha256, stored_size=one.stored.size)
        for one in uploads
    )


def refer_to(connection: Connection, seen: SeenCase, message_id: str, uploads: Sequence[Upload]) -> None:
    """Make the files those of a message that was just written, sealed to the case's present key."""
    rows, sealer = Rows(), Sealer(seen.row.public_key)
    for one in uploads:
        refer(rows, one.stored, case_id=seen.id, message_id=message_id, epoch=seen.row.epoch, seal=sealer.seal)
    rows.write(connection)
