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
from gateway.normalizer.bodies.parts import MAIL_TYPES


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
        table = tables.message
        raw = self.connection.execute(select(table.c.raw).where(table.c.id == row.id)).scalar()
        if raw is None:
            return {}
        return files_in(Channel(row.channel), unseal(key, raw, Place("message", row.id, "raw")), self.now)


def files_in(channel: Channel, raw: bytes, at: datetime) -> dict[str, Attachment]:
    """The files in a small delivery that was received at `at`, by digest; of a mail passed on, also what the mail inside holds.

    A message's files are those of the mail that a colleague passed on, the delivery is the colleague's: a place in one
    list is none in the other.
    """
    if channel.is_form:
        listed: Sequence[Attachment] = normalize_form(raw, channel=channel, now=at).attachments
    else:
        outer = normalize_mail(raw, now=at).attachments
        listed = [*_inside(outer, at), *outer]
    return {one.sha256: one for one in listed}


def _inside(outer: Sequence[Attachment], at: datetime) -> Iterator[Attachment]:
    for one in outer:
        if one.content_type in MAIL_TYPES:
            yield from normalize_mail(one.content, now=at).attachments
