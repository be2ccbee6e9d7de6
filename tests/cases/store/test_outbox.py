"""Promised effects: leased once, attempted, done, put back with a growing wait, or blocked."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, select

from cases.errors import Unreachable
from cases.store import outbox, tables
from cases.store.engine import reading, writing

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def promise(record: Engine, *ids: str, due: datetime = NOW, urgent: bool = False, patient: bool = False) -> None:
    with writing(record) as connection:
        rows = [
            {
                "id": one,
                "key": f"k{one}",
                "kind": "mail",
                "urgent": urgent,
                "patient": patient,
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


def test_a_colleague_waits_while_somebody_outside_does(record: Engine) -> None:
    promise(record, "notice", due=NOW - timedelta(minutes=1), patient=True)
    promise(record, "first", "second")
    assert lease(record, "one") == ["first", "second", "notice"]
    assert [entry.id for entry in claim(record, "one", ["notice", "first", "second"])] == ["first", "second", "notice"]


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


def test_while_the_relay_is_away_no_attempt_counts_and_after_four_days_it_is_given_up(record: Engine) -> None:
    promise(record, "a")
    now, waits, blocked = NOW, [], False
    while not blocked:
        assert lease(record, str(now), now) == ["a"]
        (entry,) = claim(record, str(now), ["a"])
        assert entry.attempts == 1
        with writing(record) as connection:
            blocked = outbox.failed(connection, entry, now, Unreachable("the mail relay cannot be reached (timeout)"))
            row = connection.execute(select(tables.outbox.c.due_at, tables.outbox.c.error)).one()
        waits.append(row.due_at - now)
        now = max(now, row.due_at)
    assert waits[0] == outbox.SOONEST
    assert max(waits[:-1]) == outbox.LATEST
    assert outbox.GIVES_UP_AFTER <= now - NOW < outbox.GIVES_UP_AFTER + outbox.LATEST
    assert row.error == "gave up after 4 days: the mail relay cannot be reached (timeout)"


def test_what_kills_its_worker_five_times_is_blocked_and_takes_no_other_down_with_it(record: Engine) -> None:
    promise(record, "killer", "innocent")
    now, rounds = NOW, []
    for number in range(9):
        ids = lease(record, f"b{number}", now)
        rounds.append(ids)
        entries = claim(record, f"b{number}", ids)
        if "killer" not in ids:  # the worker lives
            with writing(record) as connection:
                outbox.mark_done(connection, [entry.id for entry in entries], now)
        now += timedelta(seconds=11)
    assert rounds[:2] == [["killer", "innocent"]] * 2 or rounds[:2] == [["innocent", "killer"]] * 2
    assert all(len(ids) <= 1 for ids in rounds[2:])
    assert states_of(record) == {"killer": "blocked", "innocent": "done"}
    with reading(record) as connection:
        (one,) = outbox.blocked(connection)
    assert "5 workers died" in one.error


def test_a_blocked_effect_is_tried_again_on_request_as_if_for_the_first_time(record: Engine) -> None:
    promise(record, "a", "b")
    with writing(record) as connection:
        outbox.block(connection, "a", NOW, "the mail relay answered 550")
        assert outbox.retry(connection, NOW, ["b"]) == []
        assert outbox.retry(connection, NOW) == ["a"]
    assert states_of(record) == {"a": "pending", "b": "pending"}


def test_a_thing_is_promised_once_ever(record: Engine) -> None:
    with writing(record) as connection:
        assert outbox.promise_to_attend(connection, [("soon:x:1", None, False), ("soon:x:1", None, False)], NOW) == 1
        assert outbox.promise_to_attend(connection, [("soon:x:1", None, False), ("soon:y:1", None, True)], NOW) == 1


def states_of(record: Engine) -> dict[str, str]:
    with reading(record) as connection:
        return {row.id: row.state for row in connection.execute(select(tables.outbox.c.id, tables.outbox.c.state))}
