"""After a rotation: everything sealed to an old key is boxed anew to the one in use, in small steps, resumable at any."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, false, func, or_, select, tuple_, update

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.keys.sealing import CannotOpen, KeyNotHere, KeyPair, key_id, rebox
from cases.keys.wraps import SERVICE
from cases.store.engine import reading, writing
from cases.store.sealed import Sealed, To
from cases.store.tables import event, wrap

AT_ONCE = 200
"""Rows boxed anew in one transaction."""


@dataclass(frozen=True, slots=True)
class Part:
    """One column whose values are sealed to a key of the machine."""

    table: Table
    keys: tuple[str, ...]
    column: str
    where: Any = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What progress calls it."""
        return self.table.name


def parts_of(metadata: MetaData, to: To) -> list[Part]:
    """Every column of these tables that is sealed to this key, as the schema says."""
    return [
        Part(column.table, tuple(column.table.primary_key.columns.keys()), column.name, column.is_not(None))
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed) and column.type.to is to
    ]


SERVICE_PARTS = (
    Part(wrap, ("case_id", "epoch", "compartment", "reader_kind", "reader"), "sealed", wrap.c.reader_kind == SERVICE),
    *parts_of(wrap.metadata, To.SERVICE),
)
"""What the record has sealed to the service key."""
TRIAGE_PARTS = tuple(parts_of(wrap.metadata, To.TRIAGE))
"""What the record has sealed to the triage key."""


def waiting(connection: Connection, part: Part, keys: KeyPair) -> int:
    """How many values are still sealed to an older key."""
    return int(connection.execute(select(func.count()).select_from(part.table).where(*_stale(part, keys))).scalar_one())


def rebox_part(engine: Engine, part: Part, keys: KeyPair, said: Callable[[int], None]) -> int:
    """Box anew what is sealed to older keys, AT_ONCE rows a transaction; `said` is told of each step. Returns how many.

    Killed at any moment and run again, it goes on where it was: what is done no longer matches. A value whose key is not
    here is left alone.
    """
    done = 0
    for rows in _pages(engine, part, keys):
        with writing(engine) as connection:
            for row in rows:
                same = [part.table.c[name] == getattr(row, name) for name in part.keys]
                value = getattr(row, part.column)
                fresh = rebox(value, keys)
                unchanged = part.table.c[part.column] == value
                connection.execute(update(part.table).where(*same, unchanged).values({part.column: fresh}))
        done += len(rows)
        said(len(rows))
    return done


def note(connection: Connection, verb: str, name: str, number: int, by: str, now: datetime) -> None:
    """A fact about the machine's keys, on the deployment's stream."""
    append(connection, [NewEvent(DEPLOYMENT, verb, by, now, {"key": name, "number": number})])


def is_newer(connection: Connection, missing: KeyNotHere) -> bool:
    """Whether there was a rotation that the process has not heard of; otherwise what did not open is damaged."""
    of_it = (event.c.stream_id == DEPLOYMENT, event.c.verb == "key.rotated")
    said = [json.loads(data) for data in connection.execute(select(event.c.data).where(*of_it)).scalars()]
    return any(one["key"] == missing.name and one["number"] > missing.number for one in said)


def meaning(connection: Connection, error: Exception) -> Exception:
    """The error, or `CannotOpen` for a key that is not here where there is none to wait for."""
    if isinstance(error, KeyNotHere) and not is_newer(connection, error):
        return CannotOpen("the value is sealed to another key")
    return error


def _pages(engine: Engine, part: Part, keys: KeyPair) -> Iterator[Sequence[Any]]:
    """Stale rows in the order of their keys, a page at a time."""
    columns = [part.table.c[name] for name in part.keys]
    after: tuple[Any, ...] = ()
    while True:
        wanted = select(*columns, part.table.c[part.column]).where(*_stale(part, keys))
        if after:
            wanted = wanted.where(tuple_(*columns) > after)
        with reading(engine) as connection:
            rows = connection.execute(wanted.order_by(*columns).limit(AT_ONCE)).all()
        if not rows:
            return
        after = tuple(rows[-1][: len(columns)])
        yield rows


def _stale(part: Part, keys: KeyPair) -> list[Any]:
    """The key id is bytes 2 to 5 of a sealed value."""
    column = part.table.c[part.column]
    old = or_(false(), *(func.substr(column, 2, 4) == key_id(one.public) for one in keys.older))
    return [old, *([part.where] if part.where is not None else [])]
