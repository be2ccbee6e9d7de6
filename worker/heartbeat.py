"""Keeping a lease while its job runs: a worker that lives is never overtaken, one that dies is, within seconds."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine, Table, update

from cases.errors import TryLater
from cases.store.engine import writing
from cases.store.leases import claimed

LONGEST_JOB = timedelta(minutes=5)
"""A job that takes longer hangs: its lease is no longer kept, and somebody else gets it."""


@contextmanager
def keeping(engine: Engine, table: Table, batch: str, seconds: float, now: Callable[[], datetime]) -> Iterator[None]:
    """While the block runs, move the lease of everything in `batch` ahead by `seconds`, each third of that time."""
    ended = threading.Event()
    started = now()

    def renew() -> None:
        while not ended.wait(seconds / 3) and now() - started < LONGEST_JOB:
            try:
                with writing(engine) as connection:
                    mine = update(table).where(table.c.batch == claimed(batch))
                    connection.execute(mine.values(leased_until=now() + timedelta(seconds=seconds)))
            except TryLater:
                continue  # the next beat comes before the lease ends

    thread = threading.Thread(target=renew, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
