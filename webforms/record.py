"""The record as the public site reaches it: one link's case, the published rules, and nothing by any other way."""

from sqlalchemy import Engine, select

from cases.keys.links import LinkReader
from cases.store import tables
from cases.store.engine import reading
from cases.store.links import OpenedCase, find_by_link
from gateway.inbox.pending import count_pending


class StoredRecord:
    """`webforms.site.RecordReader` on the two databases; opens read-only transactions only."""

    def __init__(self, inbox: Engine, record: Engine) -> None:
        self._inbox = inbox
        self._record = record

    def pending(self, prefix: str) -> int:
        """See `RecordReader`."""
        with reading(self._inbox) as connection:
            return count_pending(connection, prefix)

    def open(self, reader: LinkReader) -> OpenedCase | None:
        """See `RecordReader`."""
        with reading(self._record) as connection:
            return find_by_link(connection, reader)

    def ruleset(self) -> str:
        """See `RecordReader`."""
        published, text = tables.publication, tables.ruleset
        query = (
            select(text.c.text)
            .join(published, published.c.ruleset == text.c.hash)
            .order_by(published.c.number.desc())
            .limit(1)
        )
        with reading(self._record) as connection:
            return connection.execute(query).scalar_one_or_none() or ""

    def close(self) -> None:
        """Give the connections back."""
        self._inbox.dispose()
        self._record.dispose()
