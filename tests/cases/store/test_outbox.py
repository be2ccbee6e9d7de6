"""Promised effects: leased once, attempted, done, put back with a growing wait, or blocked."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, select

from cases.store import outbox, tables
from cases.store.engine import reading, writing

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def promise(record: Engine, *ids: str, due: datetime = NOW, urgent: bool = False) -> None:
    with writing(record) as connection:
        rows = [
            {
                "id": one,
                "key": f"k{one}",
                "kind": "mail",
                "urgent": urgent,
                "created_at": NOW,
                "due_at": due,
                "payload": b"x",
            }
            for one in ids
        ]
        connection.execute(insert(tables.outbox), rows)


def lease(record: Engine, batch: str, now: datetime = NOW, *, urgent: bool = False) -> list[str]:
    with writing(record) as connection:
        return outbox.lease_due(connection, batch=batch, now=now, seconds=10, most=50, urgent=urgent).get("mail", [])


def claim(record: Engine, batch: str, ids: list[str]) -> list[outbox.OutboxEntry]:
    with writing(record) as connection:
        return outbox.claim(connection, batch, ids)


def test_a_lease_is_had_by_one_batch_until_it_runs_out(record: Engine) -> None:
    promise(record, "a", "b")
    assert lease(record, "one") == ["a", "b"]
    assert lease(record, "two") == []
    assert lease(record, "three", NOW + timedelta(seconds=11)) == ["a", "b"]
    assert claim(record, "one", ["a", "b"]) == []
    assert [entry.attempts for entry in claim(record, "three", ["a", "b"])] == [1, 1]


def test_what_is_not_due_waits_and_urgent_entries_are_apart(record: Engine) -> None:
    promise(record, "later", due=NOW + timedelta(minutes=1))
    promise(record, "urgent", urgent=True)
    assert lease(record, "one") == []
    assert lease(record, "two", urgent=True) == ["urgent"]


def test_done_entries_lose_what_they_carried_and_are_never_leased_again(record: Engine) -> None:
    promise(record, "a")
    lease(record, "one")
    with writing(record) as connection:
        assert outbox.mark_done(connection, ["a"], NOW) == ["a"]
        assert outbox.mark_done(connection, ["a"], NOW) == []
    with reading(record) as connection:
        assert connection.execute(select(tables.outbox.c.payload)).scalar_one() is None
    assert lease(record, "two", NOW + timedelta(days=1)) == []


def test_a_temporary_failure_waits_longer_each_time_and_blocks_at_last(record: Engine) -> None:
    promise(record, "a")
    now, waits = NOW, []
    for number in range(outbox.MOST_ATTEMPTS):
        assert lease(record, str(number), now) == ["a"]
        (entry,) = claim(record, str(number), ["a"])
        with writing(record) as connection:
            blocked = outbox.try_later(connection, entry, now, "the relay said 451")
            due = connection.execute(select(tables.outbox.c.due_at)).scalar_one()
        waits.append(due - now)
        now = max(now, due)
    assert blocked
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] == timedelta(seconds=5)
    assert max(waits) <= outbox.LONGEST_BACKOFF
    with reading(record) as connection:
        assert outbox.counts(connection) == {"blocked": 1}
