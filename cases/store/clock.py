"""One clock for all machines: leases are compared between them, and their own clocks differ."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from cases.errors import TryLater
from cases.store.engine import reading

LOOK_AGAIN = timedelta(minutes=1)

Clock = Callable[[], datetime]


def shared_clock(engine: Engine, own: Clock = lambda: datetime.now(UTC)) -> Clock:
    """A clock that goes by the database server's, looked at once a minute; on SQLite, one machine's, its own clock.

    While the server is away the difference last seen counts on.
    """
    if engine.dialect.name == "sqlite":
        return own
    seen: list[tuple[datetime, timedelta]] = []

    def now() -> datetime:
        here = own()
        if not seen or abs(here - seen[-1][0]) >= LOOK_AGAIN:
            try:
                with reading(engine) as connection:
                    there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
                seen[:] = [(here, there.astimezone(UTC) - here)]
            except TryLater:
                seen[:] = [(here, seen[-1][1] if seen else timedelta())]
        return here + seen[-1][1]

    return now
