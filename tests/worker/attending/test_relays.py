"""Several relays, stuck ones, and clocks that differ: a thing is promised once, and somebody always ticks."""

from collections import Counter
from datetime import timedelta

from heedtest.clockwork import Clockwork
from heedtest.worker import mail, rows
from sqlalchemy import update

from cases.store import leases, outbox, tables
from cases.store.engine import reading, writing
from cases.store.tick import take_steps, tick


def opened(office) -> None:
    office.deliver(mail(text="My overtime is missing."))
    office.triage()
    office.pass_time(seconds=10)
    office.clockwork.run()


def test_relays_whose_clocks_are_five_minutes_apart_promise_a_step_once(office) -> None:
    opened(office)
    now = office.clock[0] + timedelta(hours=8.1)
    for skew in (0, 5, -5, 5):
        with writing(office.shop.record) as connection:
            tick(connection, now + timedelta(minutes=skew))
            take_steps(connection, now + timedelta(minutes=skew))
    keys = Counter(row.key for row in rows(office.shop.record, tables.outbox) if row.key.startswith("rung:"))
    assert list(keys.values()) == [1]


def test_two_lookouts_promise_what_they_find_once(office) -> None:
    opened(office)
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).values(owner=""))
    office.pass_time(hours=2)
    for one in (Clockwork(office.shop), Clockwork(office.shop)):
        one.look()
    found = [row for row in rows(office.shop.record, tables.outbox) if row.key.startswith("unowned:")]
    assert len(found) == 1


def test_another_relay_ticks_when_the_one_that_did_is_stuck(office) -> None:
    record, now = office.shop.record, office.clock[0]
    with writing(record) as connection:
        assert leases.take(connection, "tick", "one", now, 5)
        assert not leases.take(connection, "tick", "two", now + timedelta(seconds=4), 5)
        assert leases.take(connection, "tick", "two", now + timedelta(seconds=6), 5)
        assert not leases.take(connection, "tick", "one", now + timedelta(seconds=7), 5)


def test_what_a_worker_held_when_it_died_is_done_by_another_and_only_once(office) -> None:
    opened(office)
    office.pass_time(hours=8.1)
    office.clockwork.look()
    with writing(office.shop.record) as connection:
        due = {"batch": "dead", "now": office.clock[0], "seconds": 10.0, "most": 50, "urgent": False}
        leased = outbox.lease_due(connection, **due)
        outbox.claim(connection, "dead", leased["attend"])  # and here it dies
    assert office.clockwork.work() == []
    office.pass_time(seconds=11)
    office.clockwork.work()
    office.pass_time(minutes=2)
    assert [one.to for one in office.clockwork.work()] == ["pia@acme.example"]
    office.clockwork.jobs["attend"]("dead", leased["attend"])  # it was not dead after all
    office.pass_time(minutes=2)
    assert office.clockwork.work() == []
    with reading(office.shop.record) as connection:
        assert "blocked" not in outbox.counts(connection)
