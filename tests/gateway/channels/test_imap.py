"""The mailbox door on a real Dovecot: stored before moved, nothing lost, nothing twice, nobody else's mail touched."""

import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from heedtest.dovecot import Dovecot, dovecot, find_dovecot
from heedtest.mailrooms import Mailroom, letter, mailbox_settings, mailroom
from heedtest.waiting import wait_until

from cases.errors import TryLater
from cases.store.engine import reading
from gateway.channels.imap import door
from gateway.inbox import mailboxes
from gateway.inbox.tables import unfetched

pytestmark = pytest.mark.skipif(find_dovecot() is None, reason="Dovecot is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def user() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def room(server: Dovecot, user: str, tmp_path: Path) -> Iterator[Mailroom]:
    with mailroom(tmp_path, mailbox_settings(server, user), poll_seconds=1) as made:
        yield made


def test_mail_is_stored_as_it_is_and_moved_to_the_done_folder(server: Dovecot, user: str, room: Mailroom) -> None:
    letters = [letter(number) for number in range(70)]
    server.deliver(user, *letters)
    with room.open():
        stored = room.wait_for(70)
        wait_until(lambda: server.count(user, "Heed/Done") == 70, "all to be done")
        wait_until(lambda: (state := room.state()) and state.good_at, "the good fetch to be written down")
    assert sorted(one.raw for one in stored) == sorted(letters)
    assert {(one.alias, one.junk) for one in stored} == {("hr@acme.example", False)}
    assert server.count(user, "INBOX") == 0
    state = room.state()
    assert state is not None
    assert state.trouble == ""
    assert not state.stale(room.now(), 1)


def test_a_mail_that_comes_while_waiting_is_heard_of_at_once(server: Dovecot, user: str, tmp_path: Path) -> None:
    with mailroom(tmp_path, mailbox_settings(server, user), poll_seconds=1000) as room, room.open():
        for number in range(3):
            server.deliver(user, letter(number))
            room.wait_for(number + 1, seconds=10)


def test_junk_is_read_too_and_marked(server: Dovecot, user: str, room: Mailroom) -> None:
    server.deliver(user, letter(1), folder="Rubbish")
    with room.open():
        (stored,) = room.wait_for(1)
    assert stored.junk


def test_the_same_mail_again_is_the_same_envelope(server: Dovecot, user: str, room: Mailroom) -> None:
    server.deliver(user, letter(1))
    with room.open():
        room.wait_for(1)
        server.deliver(user, letter(1), letter(2))
        wait_until(lambda: server.count(user, "Heed/Done") == 3, "all to be done")
    assert len(room.stored()) == 2


def test_nothing_is_moved_that_is_not_on_disk(
    server: Dovecot, user: str, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> "Future[str]":
        future: Future[str] = Future()
        future.set_exception(TryLater("the inbox cannot store now (OperationalError)"))
        return future

    server.deliver(user, letter(1))
    with monkeypatch.context() as patched:
        patched.setattr(room.inbox, "put", full)
        with room.open():
            wait_until(lambda: (state := room.state()) and state.trouble, "the trouble to be written down")
    assert server.count(user, "INBOX") == 1
    client = server.client(user)
    client.select("INBOX", readonly=True)
    assert b"Seen" not in client.fetch("1", "(FLAGS)")[1][0]  # type: ignore[operator]
    client.logout()
    with room.open():
        room.wait_for(1)


def test_what_cannot_be_fetched_or_is_too_large_stops_nothing_else(
    server: Dovecot, user: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "FIRST_WAIT", 0.02)
    server.deliver(user, letter(1), letter(2, size=200_000), letter(3), letter(4))
    unreadable = sorted((server.folder / "mail" / user / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    next(path for path in unreadable if b"Question 3" in path.read_bytes()).chmod(0)
    with mailroom(tmp_path, mailbox_settings(server, user), poll_seconds=0.2, max_bytes=100_000) as room:
        with room.open():
            room.wait_for(2)
            wait_until(lambda: server.count(user, "Heed/Held") == 2, "both to be held", seconds=60)
            wait_until(lambda: (state := room.state()) and state.set_aside == 2, "both to be counted")
        with reading(room.states) as connection:
            rows = connection.execute(unfetched.select()).all()
        assert {row.set_aside for row in rows} == {1}
        assert len(room.stored()) == 2


def test_the_server_is_killed_again_and_again(user: str, tmp_path: Path) -> None:
    letters = [letter(number, size=300_000) for number in range(60)]
    with dovecot() as server, mailroom(tmp_path, mailbox_settings(server, user), poll_seconds=0.5) as room:
        server.deliver(user, *letters)
        with room.open():
            for reached in (1, 20, 40):
                room.wait_for(reached, seconds=60)
                server.kill()
                server.start()
            stored = room.wait_for(60, seconds=60)
            wait_until(lambda: server.count(user, "INBOX") == 0, "all to be moved")
    assert sorted(one.raw for one in stored) == sorted(letters)


def test_a_new_uidvalidity_brings_nothing_twice_and_loses_nothing(user: str, tmp_path: Path) -> None:
    with dovecot() as server, mailroom(tmp_path, mailbox_settings(server, user), poll_seconds=0.5) as room:
        server.deliver(user, letter(1))
        with room.open():
            room.wait_for(1)
            server.kill()
            for path in (server.folder / "mail" / user).rglob("dovecot*"):
                path.unlink()
            server.start()
            server.deliver(user, letter(1), letter(2))
            room.wait_for(2)
            wait_until(lambda: server.count(user, "INBOX") == 0, "all to be moved")
    assert sorted(one.raw for one in room.stored()) == [letter(1), letter(2)]


def test_the_done_folder_is_emptied_when_its_time_is_over(server: Dovecot, user: str, room: Mailroom) -> None:
    server.deliver(user, letter(1))
    with room.open():  # the mail is moved first, and the mark made after: both, before the door ends
        wait_until(lambda: server.count(user, "Heed/Done") == 1, "it to be done")
        wait_until(lambda: _marks(room) == 1, "a mark")
    room.days = 0.1
    with room.open():  # an hour later a mark is made, which the mail is below
        wait_until(lambda: _marks(room) == 2, "another mark")
    room.days = 6
    server.deliver(user, letter(2))
    with room.open():
        wait_until(lambda: server.count(user, "Heed/Done") == 2, "it to be done")
        wait_until(lambda: _marks(room) == 3, "another mark")
    assert server.count(user, "Heed/Done") == 2
    room.days = 7.2
    with room.open():
        wait_until(lambda: server.count(user, "Heed/Done") == 1, "the older one to go")


def test_what_others_marked_as_deleted_stays(server: Dovecot, user: str, room: Mailroom) -> None:
    server.deliver(user, letter(1))
    client = server.client(user)
    client.select("INBOX")
    client.store("1", "+FLAGS", r"(\Deleted)")
    server.deliver(user, letter(2))
    with room.open():
        wait_until(lambda: server.count(user, "Heed/Done") == 1, "the other one to be done")
    assert server.count(user, "INBOX") == 1
    client.logout()


def test_a_wrong_password_is_said_and_not_insisted_on(server: Dovecot, user: str, tmp_path: Path) -> None:
    mailbox = mailbox_settings(server, user, password="wrong")
    with mailroom(tmp_path, mailbox) as room:
        with room.open():
            wait_until(lambda: room.state(), "the trouble to be written down")
        state = room.state()
        assert state is not None
        assert "AUTHENTICATIONFAILED" in state.trouble
        assert state.stale(room.now(), 15)
        assert "wrong" not in state.trouble


def _marks(room: Mailroom) -> int:
    with reading(room.states) as connection:
        return len(connection.execute(mailboxes.mailbox_mark.select()).all())
