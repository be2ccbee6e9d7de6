"""A door that names its envelopes may put the same one twice: one row, one reference, whatever comes between."""

import pytest
from sqlalchemy import create_engine, select

from cases.errors import Refused
from cases.keys.sealing import KeyPair
from cases.model.words import Channel
from cases.store.engine import open_database, sqlite_url
from gateway.inbox import tables
from gateway.inbox.envelope import Delivery
from gateway.inbox.inbox import Inbox
from gateway.inbox.pending import pending

ONE, TWO = "a" * 32, "b" * 32


@pytest.fixture
def inbox(tmp_path):
    engine = open_database(sqlite_url(tmp_path / "inbox.db"))
    tables.metadata.create_all(engine)
    made = Inbox(engine, KeyPair.generate().public)
    yield made
    made.close()


def form(raw: bytes = b"x") -> Delivery:
    return Delivery(Channel.FORM, raw)


def rows(tmp_path):
    engine = create_engine(sqlite_url(tmp_path / "inbox.db"))
    with engine.connect() as connection:
        found = connection.execute(select(tables.envelope)).all()
    engine.dispose()
    return found


def test_put_again_gives_the_same_reference(inbox, tmp_path):
    first = inbox.put(form(), envelope_id=ONE).result(10)
    assert inbox.put(form(b"other"), envelope_id=ONE).result(10) == first
    assert [row.reference for row in rows(tmp_path)] == [first]


def test_put_twice_in_one_commit(inbox, tmp_path):
    waiting = [inbox.put(form(), envelope_id=one) for one in (ONE, TWO, ONE, ONE, TWO)]
    waiting += [inbox.put(form()) for _ in range(5)]
    references = [one.result(10) for one in waiting]
    assert references[0] == references[2] == references[3]
    assert references[1] == references[4]
    assert len(rows(tmp_path)) == len(set(references)) == 7


def test_neighbours_of_a_repeated_envelope_are_stored(inbox, tmp_path):
    inbox.put(form(), envelope_id=ONE).result(10)
    waiting = [inbox.put(form()), inbox.put(form(), envelope_id=ONE), inbox.put(form())]
    assert len({one.result(10) for one in waiting}) == 3
    assert len(rows(tmp_path)) == 3


def test_a_taken_reference_is_drawn_anew_for_other_envelopes(tmp_path):
    drawn = iter([1, 7, 2, 7, 8, 3, 8, 9])
    engine = open_database(sqlite_url(tmp_path / "inbox.db"))
    tables.metadata.create_all(engine)
    inbox = Inbox(engine, KeyPair.generate().public, random_bits=lambda _bits: next(drawn))
    references = [inbox.put(form()).result(10) for _ in range(3)]
    inbox.close()
    assert len(set(references)) == 3


def test_pending_tells_by_prefix_and_state(inbox, tmp_path):
    front = "c" * 16
    for number in range(3):
        inbox.put(form(), envelope_id=front + f"{number:016x}").result(10)
    inbox.put(form(), envelope_id="d" * 32).result(10)
    engine = create_engine(sqlite_url(tmp_path / "inbox.db"))
    with engine.begin() as connection:
        table = tables.envelope
        assert pending(connection, front) == (Channel.FORM,) * 3
        connection.execute(table.update().where(table.c.id == front + "0" * 16).values(state="triaged"))
        connection.execute(table.update().where(table.c.id == front + f"{1:016x}").values(state="held"))
        assert pending(connection, front) == (Channel.FORM,) * 2
        assert pending(connection, "e" * 16) == ()
        for wrong in ("", "c" * 15, "c" * 17, "%" * 16, "C" * 16):
            with pytest.raises(Refused):
                pending(connection, wrong)
    engine.dispose()
