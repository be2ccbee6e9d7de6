"""kill -9 of each process at each step of the path: what was answered 250 is one case and one acknowledgement."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from heedtest.door import Conversation, hand_over
from heedtest.homes import Mailed
from heedtest.look import envelope, rows, settled
from heedtest.mails import Mail
from heedtest.sink import Mood
from heedtest.waiting import wait_until

pytestmark = pytest.mark.system

ROLES = ("smtp", "relay", "worker", "workers", "rules", "redis")


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody else is writing, and takes their time."""
    with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def accept(mailed: Mailed, mail: Mail) -> str:
    """Send until it is answered 250; the reference of the last answer."""

    def attempt() -> str:
        try:
            return hand_over(mailed.served.door, mail.raw, sender=mail.sender).reference
        except ConnectionError:
            return ""

    reference = wait_until(attempt, "the door to answer", seconds=30)
    mailed.accepted.append(mail.message_id)
    return reference


@contextmanager
def stopped(mailed: Mailed, name: str) -> Iterator[None]:
    """A role stands still; whoever of it lives afterwards goes on. It is idle before, and so holds no lock of a database."""
    for process in wait_until(lambda: mailed.served.find(name), f"{name} to run", seconds=20):
        process.send_signal(SIGSTOP)
    try:
        yield
    finally:
        mailed.served.signal(name, SIGCONT)


def in_data(mailed: Mailed, mail: Mail, name: str) -> None:
    """Killed while the mail's bytes are on their way."""
    middle = len(mail.raw) // 2
    try:
        with Conversation(mailed.served.door) as door:
            door.say(b"EHLO client.example")
            for line in (f"MAIL FROM:<{mail.sender}>", "RCPT TO:<hr@acme.example>", "DATA"):
                door.say(line.encode())
            door.send(mail.raw[:middle])
            mailed.served.kill(name)
            door.send(mail.raw[middle:] + b"\r\n.\r\n")
            if door.hear().code == 250:
                mailed.accepted.append(mail.message_id)
                return
    except ConnectionError:
        pass
    accept(mailed, mail)


def stored(mailed: Mailed, mail: Mail, name: str) -> None:
    """Killed after the 250, before anyone has looked at it."""
    with stopped(mailed, "relay"):
        accept(mailed, mail)
        mailed.served.kill(name)


def leased(mailed: Mailed, mail: Mail, name: str) -> None:
    """Killed when the job is in Redis, and no worker has begun."""
    with stopped(mailed, "workers"):
        reference = accept(mailed, mail)
        query = "SELECT batch FROM envelope WHERE reference = ? AND batch != ''"
        wait_until(lambda: rows(mailed.home / "inbox.db", query, reference), "the envelope to be leased", seconds=20)
        mailed.served.kill(name)


def being_written(mailed: Mailed, mail: Mail, name: str) -> None:
    """Killed when the attempt is counted, and the case is about to be committed."""
    with stopped(mailed, "relay"):
        reference = accept(mailed, mail)
    with stopped(mailed, "workers"):
        query = "SELECT batch FROM envelope WHERE reference = ? AND batch != ''"
        wait_until(lambda: rows(mailed.home / "inbox.db", query, reference), "the envelope to be leased", seconds=20)
        lock = locked(mailed.home / "record.db")
        lock.__enter__()
    try:
        wait_until(lambda: envelope(mailed.home, reference)[1] > 0, "the attempt to be counted", seconds=20)
        mailed.served.kill(name)
    finally:
        lock.__exit__(None, None, None)


def being_sent(mailed: Mailed, mail: Mail, name: str) -> None:
    """Killed when the case stands, and the acknowledgement is in the relay's hands, which has not answered."""
    mailed.sink.feel(Mood.HANG)
    offered = mailed.sink.offered()
    try:
        accept(mailed, mail)
        wait_until(lambda: mailed.sink.offered() > offered, "the acknowledgement to be under way", seconds=20)
        mailed.served.kill(name)
    finally:
        mailed.sink.feel(Mood.ACCEPT)


def not_written_down(mailed: Mailed, mail: Mail, name: str) -> None:
    """Killed when the relay has taken the acknowledgement, and we have not written that down."""
    mailed.sink.feel(Mood.SLOW)
    taken = mailed.sink.answers()
    try:
        accept(mailed, mail)
        wait_until(lambda: mailed.sink.answers() > taken, "the acknowledgement to be taken", seconds=20)
        with locked(mailed.home / "record.db"):
            mailed.sink.feel(Mood.ACCEPT)
            mailed.served.kill(name)
    finally:
        mailed.sink.feel(Mood.ACCEPT)


@pytest.mark.parametrize("step", [in_data, stored, leased, being_written, being_sent, not_written_down])
def test_kill_9_of_each_process_loses_and_doubles_nothing(mailed: Mailed, step) -> None:  # type: ignore[no-untyped-def]
    for name in ROLES:
        wait_until(lambda: settled(mailed.home), "nothing to be under way", seconds=60)
        wait_until(lambda name=name: mailed.served.find(name), f"{name} to run", seconds=30)  # type: ignore[misc]
        step(mailed, mailed.next_mail(step.__name__), name)
    mailed.settle(seconds=90)


def test_a_relay_that_drops_defers_or_hangs_up_gets_each_mail_in_the_end(mailed: Mailed) -> None:
    for mood in (Mood.LATER, Mood.DROP):
        mailed.sink.feel(mood, 1)
        accept(mailed, mailed.next_mail(f"mood-{mood}"))
    mailed.settle(seconds=90)


def test_a_refused_acknowledgement_is_blocked_with_its_cause_and_not_sent_again(mailed: Mailed) -> None:
    mailed.sink.feel(Mood.REFUSE, 1)
    mail = mailed.next_mail("refused")
    hand_over(mailed.served.door, mail.raw, sender=mail.sender)
    query = "SELECT error FROM outbox WHERE state = 'blocked'"
    found = wait_until(lambda: rows(mailed.home / "record.db", query), "the mail to be blocked", seconds=30)
    assert "550" in found[0][0]
    mailed.settle()
    assert mail.message_id not in {one.in_reply_to for one in mailed.sink.mails()}
