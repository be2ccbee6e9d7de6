"""Rows gathered per table and written together: many cases, few statements."""

import secrets
from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Table, insert

from cases.store import key_tables, tables

ORDER = (
    tables.stream,
    tables.case,
    tables.wrap,
    tables.message,
    key_tables.file,
    tables.mail_id,
    tables.exclusion,
    tables.clock,
    tables.rung,
    tables.outbox,
    tables.event,
)
"""Parents before children."""


class Rows:
    """Rows to insert, by table."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: Table, **values: Any) -> None:
        """One row; every row of a table names the same columns."""
        self._rows[table.name].append(values)

    def gathered(self) -> dict[str, list[dict[str, Any]]]:
        """The rows so far, by table name."""
        return self._rows

    def merge(self, other: "Rows") -> None:
        """Take over another's rows."""
        for name, rows in other.gathered().items():
            self._rows[name].extend(rows)

    def write(self, connection: Connection) -> None:
        """Insert them all, parents first, one statement a table."""
        for table in ORDER:
            if rows := self._rows.get(table.name):
                connection.execute(insert(table), rows)


def new_id() -> str:
    """A random 128-bit id; nothing about order or time shows in it."""
    return secrets.token_hex(16)
