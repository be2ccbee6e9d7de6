"""Opening a database: SQLite in WAL mode with full sync, or PostgreSQL; the same tables on both."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, create_engine, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator

from cases.errors import TryLater

BUSY_SECONDS = 20
"""How long a writer of SQLite waits for the one before it."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, aware and in UTC on both sides; SQLite stores it without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive values are refused: nobody knows what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def open_database(url: str, *, schema: str = "", busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`.

    On PostgreSQL `schema` becomes the search path, so that inbox and record can share a server and not a name. Errors quote
    no values: they end up in logs.
    """
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"timeout": busy_seconds, "check_same_thread": False}, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite(busy_seconds))
        return engine
    options = {"options": f"-csearch_path={schema}"} if schema else {}
    return create_engine(url, connect_args=options, pool_pre_ping=True, hide_parameters=True)


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{path}"


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=FAST", "cache_size=-8000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(busy_seconds: float) -> Callable[[Connection], None]:
    """How a transaction begins. A writer takes its turn at once, instead of failing when it upgrades.

    It waits by asking every millisecond: SQLite's own wait sleeps up to a tenth of a second at a time, and a turn between
    two workers is shorter than that.
    """

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("heed_read_only", False):
            connection.exec_driver_sql("BEGIN")
            return
        deadline = time.monotonic() + busy_seconds
        cursor = connection.connection.cursor()
        try:
            cursor.execute("PRAGMA busy_timeout=0")
            while not _began(cursor, last_try=time.monotonic() > deadline):
                time.sleep(0.001)
        finally:
            cursor.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
            cursor.close()

    return begin


def _began(cursor: Any, *, last_try: bool) -> bool:
    try:
        cursor.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last_try or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error
        return False
    return True


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that commits at the end; leaving by an exception rolls back. Raises `TryLater` when locked or full."""
    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        raise TryLater(f"the database cannot write now ({_cause(error)})") from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view that writes nothing and waits for no writer."""
    try:
        with engine.connect().execution_options(heed_read_only=True) as connection:
            yield connection
    except OperationalError as error:
        raise TryLater(f"the database cannot be read now ({_cause(error)})") from error


def one_at_a_time(connection: Connection, name: str) -> None:
    """Until this transaction ends, no other one passes here under the same name. SQLite's writers queue anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def _cause(error: OperationalError) -> str:
    """The driver's own words, which never quote parameters."""
    return str(error.orig).splitlines()[0] if error.orig else type(error).__name__
