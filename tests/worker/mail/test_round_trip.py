"""`heed doctor --mail`: a mail goes out and comes back, says how long it took, and is never a case."""

import pytest
from heedtest.worker import mail, rows

from cases.errors import TryLater
from cases.store import tables
from worker.mail.probes import SUBJECT
from worker.mail.round_trip import round_trip


def trip(bench, *, wait=3.0, comes_back=lambda probe: probe.content):
    """The findings; meanwhile a mail server brings back what `comes_back` makes of the probe, and workers read it."""

    def pause(_seconds):
        while bench.transport.sent:
            probe = bench.transport.sent.pop()
            bench.pass_time(seconds=2)
            if raw := comes_back(probe):
                bench.deliver(raw, sender=probe.envelope_from, to=(probe.to,))
                bench.triage()

    found = round_trip(
        bench.shop.settings,
        bench.shop.inbox,
        bench.shop.record,
        "",
        wait,
        transport=bench.transport,
        now=bench.shop.now,
        pause=pause,
    )
    return [(one.check, one.state, one.words) for one in found]


def test_it_comes_back_and_is_no_case(bench):
    out, back = trip(bench)
    assert out == ("mail out", "green", "the relay took a mail to hr@acme.example in 0.0 seconds")
    assert back == (
        "mail back",
        "green",
        "it was in the inbox after 2.0 seconds, and known for what it is after 2.0 seconds",
    )
    assert rows(bench.shop.record, tables.case) == []
    assert bench.send() == []


def test_the_relay_does_not_take_it(bench):
    bench.transport.error = TryLater("the mail relay cannot be reached (timeout)")
    assert trip(bench) == [("mail out", "red", "nothing was sent: the mail relay cannot be reached (timeout)")]


def test_it_does_not_come_back(bench):
    *_, (check, state, words) = trip(bench, comes_back=lambda _: b"")
    assert (check, state) == ("mail back", "red")
    assert "did not come in within 3 seconds" in words


def test_it_comes_in_and_nobody_reads_it(bench):
    def unread(probe):
        bench.deliver(probe.content)
        return b""

    assert "no worker has read" in trip(bench, comes_back=unread)[-1][2]


def test_it_is_returned(bench):
    def returned(probe):
        return (
            b"From: MAILER-DAEMON@mx.acme.example\r\nTo: hr@acme.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nNo.\r\n"
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
            b"Final-Recipient: rfc822; hr@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + probe.content + b"\r\n--b--\r\n"
        )

    *_, (_, state, words) = trip(bench, comes_back=returned)
    assert state == "red"
    assert "status 5.1.1" in words
    assert rows(bench.shop.record, tables.case) == []


@pytest.mark.parametrize("sender", ["sam@acme.example", "hr@acme.example"])
def test_a_person_who_answers_it_is_heard(bench, sender):
    sent = []
    trip(bench, wait=1.0, comes_back=lambda probe: sent.append(probe) or b"")
    subject = next(line for line in sent[0].content.decode().splitlines() if SUBJECT in line)
    bench.deliver(mail(subject=f"Re: {subject[9:]}", sender=sender, reply_to=f"<{sent[0].message_id}>"))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
