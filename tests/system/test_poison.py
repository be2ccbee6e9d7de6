"""A mail that kills its worker: held after five attempts, the last two alone, and everything else goes on."""

import sqlite3
from contextlib import closing
from functools import partial

import pytest
from heedtest.door import hand_over
from heedtest.homes import Mailed
from heedtest.look import envelope, rows
from heedtest.served import heed
from heedtest.waiting import wait_until

pytestmark = pytest.mark.system


def test_a_mail_that_kills_its_worker_five_times_is_held_and_the_rest_goes_on(mailed: Mailed) -> None:
    """The test is the killer: while somebody holds the record's write lock no case can be committed, so that whoever
    has counted an attempt for the poison is caught before it is done, and killed."""
    poison = mailed.next_mail("poison")
    others = [mailed.next_mail("beside-poison") for _ in range(4)]
    mailed.settle()
    with closing(sqlite3.connect(mailed.home / "record.db", timeout=30, isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        reference = hand_over(mailed.served.door, poison.raw, sender=poison.sender).reference
        for mail in others:
            assert hand_over(mailed.served.door, mail.raw, sender=mail.sender).code == 250
            mailed.accepted.append(mail.message_id)

        def attempted(times: int) -> bool:
            if others_are_under_way(mailed, reference):
                lock.execute("ROLLBACK")  # a batch without the poison: let it through
                wait_until(lambda: not others_are_under_way(mailed, reference), "the others to be done", seconds=30)
                lock.execute("BEGIN IMMEDIATE")
            return bool(envelope(mailed.home, reference)[1] >= times)

        for deaths in range(1, 6):
            wait_until(partial(attempted, deaths), f"attempt {deaths} at the poison", seconds=120, every=0.002)
            mailed.served.kill("workers")
        lock.execute("ROLLBACK")
    wait_until(lambda: envelope(mailed.home, reference)[0] != "new", "the poison to be held", seconds=30)
    state, attempts, error = envelope(mailed.home, reference)
    assert (state, attempts) == ("held", 5)
    assert error
    assert reference in {one["reference"] for one in heed(mailed.home, "held", "list")}
    mailed.settle()
    heed(mailed.home, "held", "retry", reference)
    mailed.accepted.append(poison.message_id)
    wait_until(lambda: envelope(mailed.home, reference)[0] == "triaged", "the mail to be triaged at last", seconds=30)
    mailed.settle()


def others_are_under_way(mailed: Mailed, reference: str) -> bool:
    """Whether some other envelope is in a worker's hands, and the poison is not."""
    query = "SELECT reference FROM envelope WHERE state = 'new' AND batch != '' AND leased_until > datetime('now')"
    held = {row[0] for row in rows(mailed.home / "inbox.db", query)}
    return bool(held) and reference not in held
