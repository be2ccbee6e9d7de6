"""A deadline is met by what truly happened: a mail that comes back, is blocked, or was written by a machine meets nothing."""

from email import message_from_bytes

import pytest
from heedtest.worker import mail, rows

from cases.errors import Refused
from cases.store import tables


def acknowledged(bench) -> tuple[str, str]:
    """The bounce address and the Message-ID of an acknowledgement that left."""
    bench.deliver(mail(subject="My payslip", text="My overtime is missing."))
    bench.triage()
    sent = next(one for one in bench.send() if one.to == "sam@acme.example")
    return sent.envelope_from, str(message_from_bytes(sent.content)["Message-ID"])


def report(message_id: str) -> bytes:
    """A delivery report (RFC 3464) about one of our mails."""
    return (
        "From: Mail Delivery <mailer-daemon@mx.example>\r\nTo: hr@acme.example\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <report@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; sam@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def acknowledge(bench) -> str:
    return next(row.state for row in rows(bench.shop.record, tables.clock) if row.kind == "acknowledge")


def test_an_acknowledgement_that_comes_back_was_none_and_its_clock_runs_again(bench) -> None:
    bounce_address, message_id = acknowledged(bench)
    assert acknowledge(bench) == "met"
    bench.deliver(report(message_id), sender="<>", to=(bounce_address,))
    bench.triage()
    assert acknowledge(bench) == "running"
    assert "deadline.resumed" in {row.verb for row in rows(bench.shop.record, tables.event)}


def test_a_report_about_another_mail_changes_nothing(bench) -> None:
    bounce_address, message_id = acknowledged(bench)
    bench.deliver(report(f"<{'0' * 32}{message_id[33:]}"), sender="<>", to=(bounce_address,))
    bench.triage()
    assert acknowledge(bench) == "met"


@pytest.mark.parametrize("headers", [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}])
def test_a_machine_that_answers_meets_and_moves_nothing(bench, headers: dict[str, str]) -> None:
    _, message_id = acknowledged(bench)
    before = [(row.kind, row.state, row.due_at) for row in rows(bench.shop.record, tables.clock)]
    bench.deliver(mail(text="I am away.", reply_to=message_id, **headers))
    bench.triage()
    assert [(row.kind, row.state, row.due_at) for row in rows(bench.shop.record, tables.clock)] == before


def test_a_blocked_acknowledgement_meets_nothing(bench) -> None:
    bench.deliver(mail(text="My overtime is missing."))
    bench.triage()
    bench.transport.error = Refused("the mail relay answered 550")
    bench.send()
    assert acknowledge(bench) == "running"


def test_deadlines_count_from_receipt_however_long_a_mail_waited(bench) -> None:
    bench.deliver(mail(text="My overtime is missing."))
    received = bench.clock[0]
    bench.pass_time(hours=20)
    bench.triage()
    clock = next(row for row in rows(bench.shop.record, tables.clock) if row.kind == "acknowledge")
    assert clock.started_at == received
