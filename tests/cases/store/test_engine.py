"""What every connection promises: errors quote no values, and all machines on one server go by its clock."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from cases.errors import TryLater
from cases.store import clock as module
from cases.store.clock import shared_clock
from cases.store.engine import reading, writing
from cases.store.tables import lease

MARKER = "sam@acme.example"
LATE = timedelta(minutes=5)


def test_an_error_quotes_no_values(opened: tuple[Engine, Engine]) -> None:
    record = opened[1]
    row = {"name": "x", "holder": MARKER, "until": datetime(2026, 1, 1, tzinfo=UTC)}
    with writing(record) as connection:
        connection.execute(lease.insert(), [row])
        with pytest.raises(IntegrityError) as told:
            connection.execute(lease.insert(), [row])
        connection.rollback()
    assert MARKER not in str(told.value)


def test_a_machine_whose_clock_is_wrong_goes_by_the_servers(opened: tuple[Engine, Engine]) -> None:
    record = opened[1]
    wrong = datetime.now(UTC) - LATE
    told = shared_clock(record, lambda: wrong)()
    if record.dialect.name == "sqlite":  # one machine, one clock
        assert told == wrong
        return
    with reading(record) as connection:
        server = connection.execute(text("SELECT now()")).scalar_one()
    assert abs(told - server) < LATE / 5


def test_a_clock_goes_on_while_the_server_is_away(opened: tuple[Engine, Engine], monkeypatch) -> None:
    record, moments = opened[1], [datetime.now(UTC) - LATE]
    clock = shared_clock(record, lambda: moments[0])
    before = clock()

    def away(_engine: Engine) -> None:
        raise TryLater("the server is away")

    monkeypatch.setattr(module, "reading", away)
    moments[0] += timedelta(hours=1)
    assert clock() - before == timedelta(hours=1)
