"""The record as the public site reaches it: one link's case, the published rules, and nothing by any other way."""

from sqlalchemy import Engine

from cases.errors import Refused, TryLater
from cases.keys.links import LinkReader
from cases.model.submission import Attachment
from cases.model.words import Channel
from cases.store import api_tokens
from cases.store.api_tokens import ApiToken
from cases.store.engine import reading
from cases.store.files import DatabasePieces
from cases.store.links import OpenedCase, Pulse, find_answer, find_by_link, pulse_of
from cases.store.people import guardians_ready
from cases.store.rulesets import published
from gateway.inbox import pending


class StoredRecord:
    """`webforms.site.RecordReader` on the two databases; opens read-only transactions only."""

    def __init__(self, inbox: Engine, record: Engine) -> None:
        self._inbox = inbox
        self._record = record

    def pending(self, prefix: str) -> tuple[Channel, ...]:
        """See `RecordReader`."""
        with reading(self._inbox) as connection:
            return pending.pending(connection, prefix)

    def open(self, reader: LinkReader) -> OpenedCase | None:
        """See `RecordReader`."""
        with reading(self._record) as connection:
            return find_by_link(connection, reader)

    def pulse(self, kind: str, lookup: str) -> Pulse | None:
        """See `RecordReader`."""
        with reading(self._record) as connection:
            return pulse_of(connection, kind, lookup)

    def file(self, reader: LinkReader, number: int, index: int) -> Attachment | None:
        """See `RecordReader`."""
        from gateway.message_files import FileReader  # it reads mails, which few visits need

        with reading(self._record) as connection:
            found = find_answer(connection, reader, number)
            if found is None:
                return None
            files = FileReader(connection, DatabasePieces(self._record), found.row.at)
            try:
                read = files.read(found.row, found.key, found.said, only=index)
            except Refused:
                return None
        return read[0] if read else None

    def stored(self, front: str) -> list[str]:
        """See `RecordReader`."""
        with reading(self._inbox) as connection:
            return pending.ids_like(connection, front)

    def api_token(self, letters: str) -> ApiToken | None:
        """See `RecordReader`."""
        with reading(self._record) as connection:
            return api_tokens.find(connection, letters)

    def ruleset(self) -> str:
        """See `RecordReader`."""
        with reading(self._record) as connection:
            return published(connection) or ""

    def guarded(self) -> bool:
        """Whether guardians are there for what nobody else may see; while nobody can tell, they are not."""
        try:
            with reading(self._record) as connection:
                return guardians_ready(connection)
        except TryLater:
            return False

    def close(self) -> None:
        """Give the connections back."""
        self._inbox.dispose()
        self._record.dispose()
