"""The trail in a database: appended in order, chained per deployment, and every kind of tampering is named."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from heedtest.side_by_side import side_by_side
from sqlalchemy import Connection, Engine, delete, text, update

from cases.audit.trail import NewEvent, append, chain_heads
from cases.audit.verifying import verify
from cases.store import tables
from cases.store.engine import reading, writing

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def fill(record: Engine) -> None:
    for number in range(4):
        at = NOW + timedelta(seconds=number)
        with writing(record) as connection:
            append(connection, [NewEvent(stream, "case.read", "a", at, {"n": number}) for stream in ("c1", "c2")])
            chain_heads(connection, at)


def test_a_filled_trail_verifies(record: Engine) -> None:
    fill(record)
    with reading(record) as connection:
        found = verify(connection)
    assert (found.broken, found.events, found.streams, found.heads) == (None, 8, 2, 4)


def test_heads_move_only_when_something_happened(record: Engine) -> None:
    fill(record)
    with writing(record) as connection:
        assert chain_heads(connection, NOW) == 0


def test_two_who_chain_heads_at_once_queue_for_the_next_number(opened: tuple[Engine, Engine]) -> None:
    _, record = opened

    def chained(connection: Connection) -> None:
        append(connection, [NewEvent(secrets.token_hex(4), "case.read", "a", NOW, {})])
        chain_heads(connection, NOW)

    side_by_side(record, chained, chained)
    with reading(record) as connection:
        found = verify(connection)
    assert (found.broken, found.heads) == (None, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'x' WHERE stream_id = 'c1' AND seq = 2",
        "DELETE FROM event WHERE stream_id = 'c1' AND seq = 2",
        "DELETE FROM event WHERE stream_id = 'c1' AND seq = 4",
        "DELETE FROM event WHERE stream_id = 'c1'",
        "UPDATE chain_head SET entries = '[]' WHERE seq = 2",
        "DELETE FROM chain_head WHERE seq = 1",
    ],
)
def test_tampering_in_the_database_is_found(record: Engine, statement: str) -> None:
    fill(record)
    with writing(record) as connection:
        connection.execute(text(statement))
    with reading(record) as connection:
        assert verify(connection).broken is not None


def test_a_stream_cut_short_with_its_head_is_betrayed_by_the_deployments_chain(record: Engine) -> None:
    fill(record)
    with writing(record) as connection:
        connection.execute(delete(tables.event).where(tables.event.c.stream_id == "c1", tables.event.c.seq == 4))
        kept = connection.execute(text("SELECT hash FROM event WHERE stream_id = 'c1' AND seq = 3")).scalar_one()
        connection.execute(
            update(tables.stream).where(tables.stream.c.id == "c1").values(seq=3, head=kept, chained_seq=3)
        )
    with reading(record) as connection:
        broken = verify(connection).broken
    assert broken is not None
    assert (broken.stream, broken.seq) == ("c1", 4)


def test_a_stream_removed_without_a_trace_is_missed(record: Engine) -> None:
    fill(record)
    with writing(record) as connection:
        connection.execute(delete(tables.event).where(tables.event.c.stream_id == "c1"))
        connection.execute(delete(tables.stream).where(tables.stream.c.id == "c1"))
    with reading(record) as connection:
        assert verify(connection).broken is not None
