"""Two transactions at once: one is open and has written, another begins beside it, and the first commits while it waits."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Engine, text

from cases.store.engine import reading, writing

WAITS = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def side_by_side(record: Engine, first: Callable[[Connection], Any], second: Callable[[Connection], Any]) -> Any:
    """What `second` gives when its transaction begins while that of `first` has not committed.

    On PostgreSQL the first commits only when the second waits for it, or is done. SQLite lets one writer in at a time.
    """

    def beside() -> Any:
        with writing(record) as connection:
            return second(connection)

    with ThreadPoolExecutor(1) as pool:
        with writing(record) as connection:
            first(connection)
            other = pool.submit(beside)
            while record.dialect.name == "postgresql" and not _waits(record, other):
                pass
        return other.result(60)


def _waits(record: Engine, other: Future[Any]) -> bool:
    if other.done():
        return True
    with reading(record) as connection:
        return connection.execute(WAITS).first() is not None
