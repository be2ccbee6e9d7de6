"""Handing mail over: what is sent is written down soon, whatever the mail relay, a signal or another worker does."""

from dataclasses import dataclass, field

import pytest
from heedtest.worker import mail, rows
from sqlalchemy import select

from cases.errors import Refused, TryLater
from cases.store import outbox, tables
from cases.store.engine import reading, writing
from worker.jobs import mail as module
from worker.jobs.mail import SendMail
from worker.mail.compose import Mail
from worker.mail.transport import MaildirTransport, _judged


@dataclass
class SlowRelay:
    """Takes twenty seconds for each mail, and notes how many were written down as done when it came."""

    bench: object
    done: list[int] = field(default_factory=list)

    def send(self, _mail: Mail) -> None:
        self.bench.pass_time(seconds=20)
        self.done.append(states(self.bench).count("done"))

    def finish(self) -> None:
        """Nothing is held."""


def states(bench) -> list[str]:
    with reading(bench.shop.record) as connection:
        return list(connection.execute(select(tables.outbox.c.state)).scalars())


def promised(bench, number: int) -> list[str]:
    """So many acknowledgements are leased for batch `m`; their ids."""
    for one in range(number):
        bench.deliver(mail(text=f"Question {one}."))
    bench.triage()
    with writing(bench.shop.record) as connection:
        return outbox.lease_due(connection, batch="m", now=bench.shop.now(), seconds=10, most=50, urgent=False)["mail"]


def test_what_was_sent_is_written_down_before_a_slow_relay_takes_the_rest(bench) -> None:
    ids = promised(bench, 3)
    bench.shop.transport = SlowRelay(bench)
    SendMail(bench.shop)("m", ids)
    assert bench.shop.transport.done == [0, 1, 2]


def test_a_job_ends_long_before_it_is_ended_and_gives_back_what_it_did_not_send(bench) -> None:
    ids = promised(bench, 8)
    bench.shop.transport = SlowRelay(bench)
    SendMail(bench.shop)("m", ids)
    left = [row for row in rows(bench.shop.record, tables.outbox) if row.id in ids and row.state == "pending"]
    assert len(left) == 5
    assert {(row.attempts, row.batch, row.leased_until) for row in left} == {(0, "", None)}


def test_a_worker_that_is_told_to_stop_gives_back_what_it_did_not_send(bench) -> None:
    ids = promised(bench, 4)
    SendMail(bench.shop, stopping=lambda: bool(bench.transport.sent))("m", ids)
    assert len(bench.transport.sent) == 1
    assert states(bench).count("done") == 1


def test_a_job_that_comes_twice_is_done_once(bench) -> None:
    ids = promised(bench, 2)
    with writing(bench.shop.record) as connection:
        assert len(outbox.claim(connection, "m", ids)) == 2  # another worker was quicker
    SendMail(bench.shop)("m", ids)
    assert bench.transport.sent == []


def test_a_lock_while_it_is_written_down_sends_nothing_twice(bench, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = promised(bench, 2)
    locked = [TryLater("deadlock detected")]
    meet = module.meet_by_mail

    def meeting(*given) -> None:
        if locked:
            raise locked.pop()
        meet(*given)

    monkeypatch.setattr(module, "meet_by_mail", meeting)
    SendMail(bench.shop)("m", ids)
    assert states(bench).count("done") == 2


def test_what_a_relay_says_about_an_address_is_not_kept() -> None:
    assert str(_judged(550, b"5.1.1<sam@acme.example>: no such user")) == "the mail relay answered 550 5.1.1"
    assert str(_judged(550, b"5.sam@acme.example is gone")) == "the mail relay answered 550"


def test_the_payload_of_a_sealed_case_does_not_outlive_a_mail_that_can_never_be_sent(bench) -> None:
    ids = promised(bench, 2)
    with writing(bench.shop.record) as connection:
        entries = outbox.claim(connection, "m", ids)
        connection.execute(tables.case.update().where(tables.case.c.id == entries[0].case_id).values(access="sealed"))
        for entry in entries:
            outbox.block(connection, entry.id, bench.shop.now(), "the mail relay answered 550")
    kept = {row.id: row.payload is not None for row in rows(bench.shop.record, tables.outbox) if row.id in ids}
    assert kept == {entries[0].id: False, entries[1].id: True}


def test_a_refusal_of_one_mail_sends_the_others(bench) -> None:
    ids = promised(bench, 2)
    bench.transport.error = Refused("the mail relay answered 550")
    SendMail(bench.shop)("m", ids)
    assert states(bench).count("blocked") == 2


def test_the_maildir_is_for_its_owner_alone(tmp_path) -> None:
    import os

    before = os.umask(0o022)
    try:
        MaildirTransport(tmp_path / "outgoing").send(Mail("e", "m", "", "sam@acme.example", b"x\r\n"))
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "outgoing").rglob("*")} == {0}
    assert (tmp_path / "outgoing").stat().st_mode & 0o077 == 0
