"""What both databases promise, with the same words: leases, unique cases, the chain, migrations with data in them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from cases.audit.trail import NewEvent, append, chain_heads
from cases.audit.verifying import verify
from cases.keys.sealing import KeyPair, Opener
from cases.model.words import Channel
from cases.store import leases, migrate, outbox, tables
from cases.store.engine import reading, writing
from gateway.inbox import states
from gateway.inbox import tables as inbox_tables
from gateway.inbox.envelope import Delivery, open_delivery
from gateway.inbox.inbox import Inbox
from gateway.inbox.tables import envelope
from gateway.serve.home import INBOX_MIGRATIONS

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TRIAGE = KeyPair.generate()
Opened = tuple[Engine, Engine]


def fill(engine: Engine, count: int) -> list[str]:
    """Deliveries through a real inbox; gives their references."""
    inbox = Inbox(engine, TRIAGE.public, now=lambda: NOW)
    stored = [inbox.put(Delivery(Channel.MAIL, f"mail {number}".encode())) for number in range(count)]
    references = [one.result(20) for one in stored]
    inbox._waiting.put(None)
    inbox._thread.join()
    return references


def test_migrations_lead_to_the_tables_in_code_and_back(opened: Opened) -> None:
    inbox, record = opened
    assert migrate.differences(inbox, inbox_tables.metadata) == []
    assert migrate.differences(record, tables.metadata) == []
    migrate.downgrade(record)
    assert set(inspect(record).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(record, schema="heed_record")
    migrate.downgrade(inbox, INBOX_MIGRATIONS)
    migrate.upgrade(inbox, INBOX_MIGRATIONS, schema="heed_inbox")
    assert migrate.differences(record, tables.metadata) == []


def test_what_was_stored_opens_again_with_times_to_the_microsecond(opened: Opened) -> None:
    inbox, _ = opened
    (reference,) = fill(inbox, 1)
    with reading(inbox) as connection:
        row = connection.execute(select(envelope)).one()
    assert (row.reference, row.state, row.received_at) == (reference, "new", NOW)
    assert open_delivery(row.id, Channel.MAIL, row.sealed, Opener(TRIAGE)).raw == b"mail 0"


def test_many_relays_lease_every_envelope_once(opened: Opened, stores) -> None:
    inbox, _ = opened
    fill(inbox, 120)

    def lease(number: int) -> list[str]:
        engine, _record = stores.open()
        taken: list[str] = []
        for turn in range(20):
            with writing(engine) as connection:
                batch = f"{number}-{turn}"
                taken += states.lease_new(connection, batch=batch, now=NOW, seconds=60, most=10)
        engine.dispose()
        _record.dispose()
        return taken

    with ThreadPoolExecutor(4) as pool:
        leased = [one for part in pool.map(lease, range(4)) for one in part]
    assert len(leased) == len(set(leased)) == 120


def test_a_taken_lease_is_worked_by_its_last_holder_only(opened: Opened) -> None:
    inbox, _ = opened
    fill(inbox, 3)
    with writing(inbox) as connection:
        ids = states.lease_new(connection, batch="one", now=NOW, seconds=5, most=10)
    later = NOW + timedelta(seconds=6)
    with writing(inbox) as connection:
        assert sorted(states.lease_new(connection, batch="two", now=later, seconds=5, most=10)) == sorted(ids)
    with writing(inbox) as connection:
        assert states.claim(connection, "one", ids) == []
        assert len(states.claim(connection, "two", ids)) == 3


def test_many_relays_lease_every_effect_once(opened: Opened, stores) -> None:
    _, record = opened
    with writing(record) as connection:
        rows = [
            {"id": f"e{n}", "key": f"k{n}", "kind": "mail", "created_at": NOW, "due_at": NOW, "payload": b"x"}
            for n in range(100)
        ]
        connection.execute(insert(tables.outbox), rows)

    def lease(number: int) -> list[str]:
        _inbox, engine = stores.open()
        taken: list[str] = []
        for turn in range(15):
            with writing(engine) as connection:
                leased = outbox.lease_due(
                    connection, batch=f"{number}-{turn}", now=NOW, seconds=60, most=10, urgent=False
                )
            taken += leased.get("mail", [])
        _inbox.dispose()
        engine.dispose()
        return taken

    with ThreadPoolExecutor(4) as pool:
        leased = [one for part in pool.map(lease, range(4)) for one in part]
    assert len(leased) == len(set(leased)) == 100


def test_an_effect_can_be_promised_only_once(opened: Opened) -> None:
    _, record = opened
    row = {"key": "ack:1", "kind": "mail", "created_at": NOW, "due_at": NOW}
    with writing(record) as connection:
        connection.execute(insert(tables.outbox).values(id="a", **row))
    with pytest.raises(IntegrityError), writing(record) as connection:
        connection.execute(insert(tables.outbox).values(id="b", **row))


def test_one_relay_ticks(opened: Opened) -> None:
    _, record = opened
    with writing(record) as connection:
        assert leases.take(connection, "tick", "one", NOW, 5)
        assert not leases.take(connection, "tick", "two", NOW, 5)
        assert leases.take(connection, "tick", "one", NOW + timedelta(seconds=3), 5)
        assert leases.take(connection, "tick", "two", NOW + timedelta(seconds=9), 5)


def test_events_written_at_the_same_time_stay_one_chain(opened: Opened, stores) -> None:
    barrier = threading.Barrier(4)
    with writing(opened[1]) as connection:
        append(connection, [NewEvent("c1", "case.opened", "triage", NOW, {})])

    def write(number: int) -> None:
        _inbox, engine = stores.open()
        barrier.wait(10)
        for turn in range(10):
            with writing(engine) as connection:
                append(connection, [NewEvent("c1", "case.read", f"p{number}", NOW, {"turn": turn})])
                chain_heads(connection, NOW)
        _inbox.dispose()
        engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with reading(opened[1]) as connection:
        found = verify(connection)
    assert found.broken is None
    assert found.events == 41


def test_leaving_a_transaction_by_an_error_writes_nothing(opened: Opened) -> None:
    def fail() -> None:
        with writing(opened[1]) as connection:
            append(connection, [NewEvent("c1", "case.opened", "triage", NOW, {})])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with reading(opened[1]) as connection:
        assert verify(connection).events == 0


def test_migrating_down_and_up_is_possible_with_data_in_it(opened: Opened) -> None:
    inbox, record = opened
    fill(inbox, 3)
    with writing(record) as connection:
        append(connection, [NewEvent("c1", "case.opened", "triage", NOW, {})])
    migrate.upgrade(inbox, INBOX_MIGRATIONS, schema="heed_inbox")
    migrate.downgrade(inbox, INBOX_MIGRATIONS)
    migrate.downgrade(record)
    migrate.upgrade(inbox, INBOX_MIGRATIONS, schema="heed_inbox")
    migrate.upgrade(record, schema="heed_record")
    with reading(inbox) as connection:
        assert states.counts(connection) == {}
