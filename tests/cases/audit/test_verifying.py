"""Any change, removal, insertion, swap or truncation of any event is found; a chain written anew, by an anchor."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, select, update

from cases.audit import anchoring
from cases.audit.anchor import Anchor, public_of, read
from cases.audit.chain import GENESIS, link
from cases.audit.trail import NewEvent, append, chain_heads
from cases.audit.verifying import verify
from cases.errors import Refused
from cases.store import migrate, tables
from cases.store.engine import open_database, reading, sqlite_url, writing

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SEED = b"s" * 32
KNOWN = [public_of(SEED)]
PER_STREAM = 5


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Three streams of events, a head each round, two anchors."""
    engine = open_database(sqlite_url(tmp_path_factory.mktemp("trail") / "record.db"))
    migrate.upgrade(engine)
    for number in range(PER_STREAM):
        at = NOW + timedelta(seconds=number)
        with writing(engine) as connection:
            facts = [NewEvent(name, "case.read", "ada", at, {"n": number}) for name in ("c1", "c2", "c3")]
            append(connection, facts)
            chain_heads(connection, at)
            if number in {1, 3}:
                anchoring.make(connection, SEED, by="test", now=at)
    yield engine
    engine.dispose()


def test_what_nobody_touched_is_whole(filled: Engine) -> None:
    with reading(filled) as connection:
        found = verify(connection, known=KNOWN, elsewhere=anchoring.kept(connection))
    assert (found.broken, found.events, found.anchors) == (None, 3 * PER_STREAM + 2, 2)


def change(connection: Connection, stream: str, seq: int, name: str) -> None:
    value = {"verb": "x", "actor": "x", "data": "{}", "at": NOW - timedelta(days=1), "hash": "f" * 64}[name]
    where = (tables.event.c.stream_id == stream, tables.event.c.seq == seq)
    connection.execute(update(tables.event).where(*where).values(**{name: value}))


def remove(connection: Connection, stream: str, seq: int, _name: str) -> None:
    connection.execute(delete(tables.event).where(tables.event.c.stream_id == stream, tables.event.c.seq == seq))


def insert_one(connection: Connection, stream: str, seq: int, _name: str) -> None:
    rows = connection.execute(select(tables.event).where(tables.event.c.stream_id == stream)).all()
    connection.execute(delete(tables.event).where(tables.event.c.stream_id == stream))
    kept = [dict(row._mapping) for row in rows if row.seq < seq]
    forged = dict(rows[seq - 1]._mapping) | {"actor": "intruder"}
    moved = [dict(row._mapping) | {"seq": row.seq + 1} for row in rows if row.seq >= seq]
    connection.execute(insert(tables.event), [*kept, forged, *moved])


def swap(connection: Connection, stream: str, seq: int, _name: str) -> None:
    other = seq + 1 if seq < PER_STREAM else 1
    table = tables.event
    for now, then in ((seq, 99), (other, seq), (99, other)):
        connection.execute(update(table).where(table.c.stream_id == stream, table.c.seq == now).values(seq=then))


def truncate(connection: Connection, stream: str, seq: int, _name: str) -> None:
    """Everything from there on, and the stream says that it ends there."""
    table = tables.event
    connection.execute(delete(table).where(table.c.stream_id == stream, table.c.seq >= seq))
    last = connection.execute(
        select(table.c.hash).where(table.c.stream_id == stream).order_by(table.c.seq.desc()).limit(1)
    ).scalar()
    values = {"seq": seq - 1, "head": last or GENESIS, "chained_seq": seq - 1}
    connection.execute(update(tables.stream).where(tables.stream.c.id == stream).values(**values))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tamper=st.sampled_from([change, remove, insert_one, swap, truncate]),
    stream=st.sampled_from(["c1", "c2", "c3"]),
    seq=st.integers(1, PER_STREAM),
    name=st.sampled_from(["verb", "actor", "data", "at", "hash"]),
)
def test_tampering_with_any_event_is_found(filled: Engine, tamper, stream: str, seq: int, name: str) -> None:  # type: ignore[no-untyped-def]
    with filled.connect() as connection, connection.begin() as transaction:
        tamper(connection, stream, seq, name)
        broken = verify(connection, known=KNOWN).broken
        transaction.rollback()
    assert broken is not None
    assert broken.stream == stream
    assert broken.seq >= min(seq, 1)


def rewrite_from(connection: Connection, seq: int) -> None:
    """Whoever owns the database cuts the deployment's chain short and makes everything before agree."""
    head, event = tables.chain_head, tables.event
    connection.execute(delete(head).where(head.c.seq >= seq))
    known: dict[str, int] = {}
    import json

    for row in connection.execute(select(head.c.entries).order_by(head.c.seq)):
        known |= {stream: number for stream, number, _ in json.loads(row.entries)}
    for row in connection.execute(select(tables.stream)).all():
        upto = known.get(row.id, 0)
        connection.execute(delete(event).where(event.c.stream_id == row.id, event.c.seq > upto))
        last = connection.execute(
            select(event.c.hash).where(event.c.stream_id == row.id).order_by(event.c.seq.desc()).limit(1)
        ).scalar()
        values = {"seq": upto, "head": last or GENESIS, "chained_seq": upto}
        connection.execute(update(tables.stream).where(tables.stream.c.id == row.id).values(**values))
    connection.execute(delete(tables.trail_tables.anchor).where(tables.trail_tables.anchor.c.seq >= seq))


def test_a_chain_cut_short_everywhere_is_found_by_an_anchor_kept_elsewhere(filled: Engine) -> None:
    with filled.connect() as connection, connection.begin() as transaction:
        mailed = anchoring.kept(connection)[-1]
        rewrite_from(connection, mailed.seq)
        alone = verify(connection, known=KNOWN).broken
        broken = verify(connection, known=KNOWN, elsewhere=[mailed]).broken
        transaction.rollback()
    assert alone is None, "inside the database nothing shows"
    assert broken is not None
    assert "cut short" in broken.problem


def test_a_head_written_anew_is_found_by_an_anchor(filled: Engine) -> None:
    with filled.connect() as connection, connection.begin() as transaction:
        head = tables.chain_head
        rows = connection.execute(select(head).order_by(head.c.seq)).all()
        previous = GENESIS
        for row in rows:
            at = row.at - timedelta(hours=1)
            previous = link(previous, row.seq, at, row.entries)
            connection.execute(update(head).where(head.c.seq == row.seq).values(at=at, hash=previous))
        broken = verify(connection, known=KNOWN).broken
        transaction.rollback()
    assert broken is not None
    assert "written anew" in broken.problem


def test_an_anchor_of_another_key_or_an_altered_one_is_refused(filled: Engine) -> None:
    with reading(filled) as connection:
        good = anchoring.kept(connection)[0]
        foreign = verify(connection, known=[public_of(b"t" * 32)]).broken
        altered = Anchor(good.number, good.at, good.seq, "0" * 64, good.key, good.signature)
        forged = verify(connection, known=KNOWN, elsewhere=[altered]).broken
    assert foreign is not None
    assert "none of this deployment's" in foreign.problem
    assert forged is not None
    assert "not signed" in forged.problem


def test_an_anchor_is_read_from_a_mail_that_quotes_it(filled: Engine) -> None:
    with reading(filled) as connection:
        one = anchoring.newest(connection)
    assert one is not None
    quoted = "Hello\n\n" + "".join(f"> {line}\n" for line in one.written().splitlines()) + "\nregards"
    assert read(quoted) == one
    with pytest.raises(Refused):
        read("nothing of the kind")
