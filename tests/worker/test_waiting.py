"""A reply and the mail it answers, in the hands of two workers: one case, whoever is faster."""

import pytest
from heedtest.worker import mail, rows

from cases.store import tables
from cases.store.engine import reading, writing
from gateway.inbox import states
from worker.jobs.triage import Triage

FIRST = mail(text="My overtime is missing.", message_id="<first@acme.example>")
REPLY = mail(text="It was 14 hours.", message_id="<second@acme.example>", reply_to="<first@acme.example>")


def lease(bench, batch: str) -> list[str]:
    """One worker takes the next envelope."""
    with writing(bench.shop.inbox) as connection:
        return states.lease_new(connection, batch=batch, now=bench.shop.now(), seconds=10, most=1)


@pytest.fixture
def apart(bench) -> tuple[list[str], list[str]]:
    """The mail in one worker's hands, its reply in another's."""
    bench.deliver(FIRST)
    bench.pass_time(milliseconds=5)
    bench.deliver(REPLY)
    return lease(bench, "a"), lease(bench, "b")


def test_a_reply_waits_while_its_parent_is_new(bench, apart) -> None:
    first, reply = apart
    Triage(bench.shop)("b", reply)
    assert rows(bench.shop.record, tables.case) == []
    Triage(bench.shop)("a", first)
    bench.pass_time(seconds=3)
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    assert [message.case_id for message in rows(bench.shop.record, tables.message)] == [case.id] * 2


def test_a_parent_that_becomes_a_case_meanwhile_is_seen(bench, apart, monkeypatch) -> None:
    first, reply = apart
    decide = Triage._decide
    monkeypatch.setattr(states, "oldest_mail_elsewhere", lambda *_: None)  # the parent was triaged between two looks

    def slower(self, *asked):
        decided = decide(self, *asked)
        monkeypatch.setattr(Triage, "_decide", decide)
        Triage(bench.shop)("a", first)
        return decided

    monkeypatch.setattr(Triage, "_decide", slower)
    Triage(bench.shop)("b", reply)
    bench.pass_time(seconds=3)
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    assert len(rows(bench.shop.record, tables.message)) == 2


@pytest.fixture
def held(bench, monkeypatch) -> list[str]:
    """The mail is held, for a fault that somebody has to mend; its reply has come."""
    bench.deliver(FIRST)
    with monkeypatch.context() as patch:
        patch.setattr("worker.jobs.triage.is_encrypted", lambda _: True)
        bench.triage()
    bench.pass_time(minutes=1)
    bench.deliver(REPLY)
    bench.triage()
    assert rows(bench.shop.record, tables.case) == []
    with reading(bench.shop.inbox) as connection:
        return [one.reference for one in states.held(connection)]


def test_a_reply_waits_for_a_held_parent_and_joins_its_case(bench, held) -> None:
    with writing(bench.shop.inbox) as connection:
        states.retry(connection, held)
    bench.triage()
    bench.pass_time(minutes=2)
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    assert case.reference == held[0]
    assert [message.case_id for message in rows(bench.shop.record, tables.message)] == [case.id] * 2


def test_it_does_not_wait_for_ever_and_nobody_waits_for_it(bench, held) -> None:
    bench.deliver(mail(text="To another.", sender="kim@acme.example", reply_to="<unknown@acme.example>"))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    bench.pass_time(hours=3)
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    bench.pass_time(hours=1, minutes=1)
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 2


def test_somebody_else_does_not_wait(bench, held) -> None:
    bench.deliver(mail(text="Me too.", sender="kim@acme.example", reply_to="<first@acme.example>"))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1


def test_nobody_waits_for_what_came_later_or_for_itself(bench) -> None:
    bench.deliver(REPLY)
    bench.pass_time(milliseconds=5)
    bench.deliver(mail(text="Something else.", sender="kim@acme.example"))
    Triage(bench.shop)("b", lease(bench, "b"))
    assert len(rows(bench.shop.record, tables.case)) == 1
