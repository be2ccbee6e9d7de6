"""Two machines that answer each other, and neither says that it is one, come to an end; people are all acknowledged."""

from email import message_from_bytes, policy

import pytest
from heedtest.worker import mail, rows

from cases.store import tables

ROBOT = "robot@elsewhere.example"


@pytest.fixture
def strict(bench):
    mail_settings = bench.shop.settings.mail.model_copy(update={"alike_an_hour": 3, "answers_an_hour": 6})
    bench.shop.settings = bench.shop.settings.model_copy(update={"mail": mail_settings})
    return bench


def answered(bench, *mails: bytes) -> int:
    """Who wrote these gets how many acknowledgements?"""
    for raw in mails:
        bench.deliver(raw, sender=ROBOT)
    bench.triage()
    return [one.to for one in bench.send()].count(ROBOT)


def test_a_responder_that_quotes_our_reference_is_answered_a_few_times_an_hour(strict) -> None:
    said = 0
    for number in range(5):
        reference = rows(strict.shop.record, tables.case)[-1].reference if number else "HR-0000-0000"
        subject = "Re: " * number + f"We got your mail [{reference}]"
        text = f"Your request #{number}1 is being processed.\n" + "We are on it.\n" * 30 + "You wrote to us.\n" * number
        raw = mail(sender=ROBOT, subject=subject, text=text)
        said += answered(strict, raw)
    assert said == 3
    assert len(rows(strict.shop.record, tables.case)) == 5
    strict.pass_time(minutes=61)
    assert answered(strict, mail(sender=ROBOT, subject="We got your mail [HR-0000-0000]")) == 1


def test_alike_mails_of_one_batch_are_counted_too(strict) -> None:
    assert answered(strict, *(mail(sender=ROBOT, text="Hello, robot here.") for _ in range(5))) == 3


def test_distinct_mails_of_one_sender_are_all_acknowledged_up_to_the_budget(strict) -> None:
    assert answered(strict, *(mail(sender=ROBOT, text=f"Question {number}.") for number in range(8))) == 6


def test_a_burst_of_distinct_mails_is_all_acknowledged_by_default(bench) -> None:
    assert answered(bench, *(mail(sender=ROBOT, text=f"Question {number}.") for number in range(45))) == 45


def test_beyond_the_budget_only_what_is_urgent_is_told(strict) -> None:
    harsh = [mail(sender=ROBOT, text="He keeps harassing me.") for _ in range(5)]
    for raw in harsh:
        strict.deliver(raw, sender=ROBOT)
    strict.triage()
    strict.pass_time(minutes=1)
    sent = [one.to for one in strict.send()]
    assert sent.count("cho@acme.example") == 5
    assert sum(to in {"erin@acme.example", "eli@acme.example"} for to in sent) == 3
    withheld = [row for row in rows(strict.shop.record, tables.event) if "withheld" in row.data]
    assert len(withheld) == 2


def test_what_is_remembered_of_alike_mails_tells_nobody_who_wrote_what(strict) -> None:
    answered(strict, mail(sender=ROBOT, text="Zanzibar"))
    (case,) = rows(strict.shop.record, tables.case)
    assert len(case.likeness) == 32
    assert int(case.likeness, 16)


def test_who_keeps_answering_what_we_sent_on_one_case_gets_no_more_automatic_mail(bench) -> None:
    """A machine that does not say that it is one, and answers into its case: joined mail is never acknowledged."""
    bench.deliver(mail(subject="Ticket", text="We have received your message.", sender="desk@other.example"))
    bench.triage()
    (first,) = [one for one in bench.send() if one.to == "desk@other.example"]
    message = message_from_bytes(first.content, policy=policy.default)
    for number in range(8):
        bench.deliver(
            mail(subject=f"Re: {message['Subject']}", text=f"We have received your message, ticket {number}.",
                 sender="desk@other.example", reply_to=str(message["Message-ID"])),
            sender="desk@other.example",
            to=(message["Reply-To"].addresses[0].addr_spec,),
        )  # fmt: skip
        bench.triage()
        bench.pass_time(seconds=20)
        assert [one for one in bench.send() if one.to == "desk@other.example"] == []
    assert len(rows(bench.shop.record, tables.case)) == 1
