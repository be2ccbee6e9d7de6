"""Several messages for one case at once: nothing that one of them changed is lost to another."""

from email import message_from_bytes, policy

import pytest
from heedtest.worker import mail, rows

from cases.store import rulesets, tables
from cases.store.engine import writing
from gateway.inbox.tables import envelope
from rules import load

PAYSLIP = mail(subject="My payslip", text="My overtime is missing.")
RULES_ADDED = """
  - id: danger
    phase: assess
    when: {mentions: [gun]}
    then: {raise_risk_to: critical, tag: danger}
  - id: lawyer
    phase: assess
    when: {mentions: [attorney]}
    then: {raise_risk_to: high, tag: lawyer}
"""


@pytest.fixture
def known(bench):
    """A case, and the Message-ID of its acknowledgement."""
    with writing(bench.shop.record) as connection:
        text = rulesets.published(connection) + RULES_ADDED
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=bench.shop.now())
    bench.deliver(PAYSLIP)
    bench.triage()
    sent = next(one for one in bench.send() if one.to == "sam@acme.example")
    return message_from_bytes(sent.content, policy=policy.default)["Message-ID"]


def test_two_replies_at_once_never_lower_the_risk_and_keep_each_others_tags(bench, known) -> None:
    bench.deliver(mail(text="He has a gun.", reply_to=known))
    bench.pass_time(seconds=1)
    bench.deliver(mail(text="My attorney knows.", reply_to=known))
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    assert case.risk == "critical"
    assert set(case.tags.split()) == {"danger", "lawyer"}


def test_a_reply_wakes_a_case_that_is_closed_while_it_is_read(bench, known, monkeypatch) -> None:
    assess = bench.shop.model.assess_many

    def closing(messages):
        with writing(bench.shop.record) as connection:
            connection.execute(tables.case.update().values(status="closed", closed_at=bench.shop.now()))
        return assess(messages)

    monkeypatch.setattr(bench.shop.model, "assess_many", closing)
    bench.deliver(mail(text="One more thing.", reply_to=known))
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    assert (case.status, case.closed_at) == ("reopened", None)


def test_a_reply_to_a_mail_of_the_same_batch_waits_for_its_case(bench) -> None:
    first = mail(subject="My payslip", text="My overtime is missing.")
    bench.deliver(first)
    bench.pass_time(seconds=1)
    parent = message_from_bytes(first)["Message-ID"]
    bench.deliver(mail(subject="Re: My payslip", text="I forgot the night shift.", reply_to=parent))
    bench.triage()
    bench.pass_time(seconds=5)
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    assert len(rows(bench.shop.record, tables.message)) == 2


def test_mails_that_answer_each_other_or_themselves_wait_for_nobody_for_ever(bench) -> None:
    one, two, own = "<one@acme.example>", "<two@acme.example>", "<own@acme.example>"
    bench.deliver(mail(text="a", message_id=one, reply_to=two))
    bench.pass_time(seconds=1)
    bench.deliver(mail(text="b", message_id=two, reply_to=one))
    bench.deliver(mail(text="c", message_id=own, reply_to=own))
    for _ in range(3):
        bench.triage()
        bench.pass_time(seconds=5)
    assert {row.state for row in rows(bench.shop.inbox, envelope)} == {"triaged"}
    assert len(rows(bench.shop.record, tables.case)) == 2
