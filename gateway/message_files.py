"""The files of a message, read from their sealed pieces, or from the small delivery they came in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from cases.errors import Refused
from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.submission import Attachment, Submission
from cases.model.words import Channel
from cases.store import files, tables
from gateway.normalizer import normalize_form, normalize_mail

_MAIL = ("message/rfc822", "message/global")


def attached(submission: Submission) -> tuple[Attachment, ...]:
    """The files that somebody sent along: not the pictures of a signature, nor a signature's key."""
    return tuple(one for one in submission.attachments if not one.inline and one.size)


def total(listed: Sequence[Attachment]) -> int:
    """Their bytes together."""
    return sum(one.size for one in listed)


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads files of the record inside one transaction. `now` dates mails that have no date."""

    connection: Connection
    pieces: files.PieceStore
    now: datetime

    def read(self, row: Row[Any], key: KeyPair, said: Submission, only: int | None = None) -> tuple[Attachment, ...]:
        """Every file that came with a message (`row`: its id and channel), or the one at the index `only`.

        Raises `Refused` when one is not kept.
        """
        inline: dict[str, Attachment] | None = None
        read = []
        for number, one in enumerate(said.attachments):
            if one.inline or not one.size or only not in {None, number}:
                continue
            kept = files.find(self.connection, row.id, number)
            if kept is not None:
                content = b"".join(files.open_found(kept, key, self.pieces).parts)
                read.append(replace(one, content=content))
                continue
            inline = self._inline(row, key) if inline is None else inline
            if one.sha256 not in inline:
                raise Refused("a file of this message is not kept")
            read.append(replace(one, content=inline[one.sha256].content))
        return tuple(read)

    def _inline(self, row: Row[Any], key: KeyPair) -> dict[str, Attachment]:
        """What a small delivery holds, by digest; in a mail that was passed on, also what the mail inside holds."""
        table = tables.message
        raw = self.connection.execute(select(table.c.raw).where(table.c.id == row.id)).scalar()
        if raw is None:
            return {}
        opened, channel = unseal(key, raw, Place("message", row.id, "raw")), Channel(row.channel)
        if channel in {Channel.FORM, Channel.ANONYMOUS, Channel.API}:
            return _by_digest(normalize_form(opened, channel=channel, now=self.now).attachments)
        outer = normalize_mail(opened, now=self.now).attachments
        return _by_digest([*self._inside(outer), *outer])

    def _inside(self, outer: Sequence[Attachment]) -> Iterator[Attachment]:
        for one in outer:
            if one.content_type in _MAIL:
                yield from normalize_mail(one.content, now=self.now).attachments


def _by_digest(listed: Sequence[Attachment]) -> dict[str, Attachment]:
    return {one.sha256: one for one in listed}
