"""Which envelopes are leased together: oldest first, and who has failed often travels alone and starves nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update

from cases.store.engine import open_database, sqlite_url, writing
from gateway.inbox import states
from gateway.inbox.tables import envelope, metadata

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=10)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(sqlite_url(tmp_path / "inbox.db"))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def store(inbox: Engine, number: int, *, attempts: int = 0) -> str:
    """An envelope that came `number` seconds after the first, and failed `attempts` times."""
    name = f"{number:032x}"
    row = {
        "id": name,
        "reference": f"R{number}",
        "channel": "mail",
        "state": "new",
        "size": 1,
        "quiet": 0,
        "attempts": attempts,
    }
    with writing(inbox) as connection:
        connection.execute(
            insert(envelope).values(**row, received_at=NOW + timedelta(seconds=number), batch="", error="")
        )
    return name


def lease(inbox: Engine, batch: str, *, now: datetime = LATER) -> list[str]:
    with writing(inbox) as connection:
        return states.lease_new(connection, batch=batch, now=now, seconds=5, most=50)


def test_a_batch_takes_the_oldest_first(inbox: Engine) -> None:
    names = [store(inbox, number) for number in (2, 0, 1)]
    assert lease(inbox, "a") == sorted(names)


def test_one_that_failed_three_times_travels_alone(inbox: Engine) -> None:
    fresh, often = store(inbox, 0), store(inbox, 1, attempts=states.ALONE_AFTER)
    assert lease(inbox, "a") == [fresh]
    assert lease(inbox, "b") == [often]


def test_a_stream_of_new_mail_does_not_starve_who_travels_alone(inbox: Engine) -> None:
    often = store(inbox, 0, attempts=states.ALONE_AFTER)
    fresh = [store(inbox, number) for number in (1, 2)]
    assert lease(inbox, "a") == [often]
    assert lease(inbox, "b") == fresh


def test_nobody_takes_what_is_leased_before_the_lease_has_run_out(inbox: Engine) -> None:
    name = store(inbox, 0)
    assert lease(inbox, "a") == [name]
    assert lease(inbox, "b", now=LATER + timedelta(seconds=4)) == []
    assert lease(inbox, "c", now=LATER + timedelta(seconds=6)) == [name]


def test_a_batch_whose_lease_has_passed_on_claims_nothing(inbox: Engine) -> None:
    name = store(inbox, 0)
    lease(inbox, "a")
    lease(inbox, "b", now=LATER + timedelta(seconds=6))
    with writing(inbox) as connection:
        assert states.claim(connection, "a", [name]) == []
        assert [one.attempts for one in states.claim(connection, "b", [name])] == [1]


def test_five_attempts_and_a_lease_that_ran_out_hold_it(inbox: Engine) -> None:
    name = store(inbox, 0, attempts=states.MOST_ATTEMPTS)
    with writing(inbox) as connection:
        connection.execute(update(envelope).values(leased_until=LATER))
        assert states.hold_exhausted(connection, LATER - timedelta(seconds=1)) == []
        assert states.hold_exhausted(connection, LATER + timedelta(seconds=1)) == [name]
        assert states.counts(connection) == {"held": 1}


def test_large_mails_are_leased_few_at_a_time(inbox: Engine) -> None:
    names = [store(inbox, number) for number in range(4)]
    with writing(inbox) as connection:
        connection.execute(update(envelope).values(size=states.MOST_BYTES // 2))
        connection.execute(update(envelope).where(envelope.c.id == names[3]).values(size=states.MOST_BYTES + 1))
    assert lease(inbox, "a") == names[:2]
    assert lease(inbox, "b") == [names[2]]
    assert lease(inbox, "c") == [names[3]]
