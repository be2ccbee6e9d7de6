"""Which mails of a batch are verified by ourselves, and what their submissions then say."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from heedtest.dns import LocalDns

from cases.model.submission import Submission
from cases.model.words import Authenticity, Channel
from gateway.inbox.envelope import Delivery
from gateway.reading import read_delivery
from gateway.settings.mail import Mail
from worker.verifying import open_verifier, verify_batch

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ZONE = {("x.example", "TXT"): ['"v=spf1 ip4:11.0.0.1 -all"'], ("_dmarc.x.example", "TXT"): ['"v=DMARC1; p=reject"']}
MAIL = b"From: Anna <anna@x.example>\r\nSubject: Leave\r\n\r\nMay I?\r\n"
JUDGED = b"Authentication-Results: mx.hr.example; dmarc=none\r\n"
FORGED = b"Authentication-Results: mx.evil.example; dmarc=pass header.from=x.example\r\n"


@dataclass
class Item:
    delivery: Delivery
    submission: Submission


def outcome(mail, raw, *, channel=Channel.MAIL, peer="11.0.0.1"):
    delivery = Delivery(channel, raw, "anna@x.example", ("hr@hr.example",), peer, "x.example")
    item = Item(delivery, read_delivery(delivery, now=NOW, trusted_authserv=mail.authserv_id))
    verify_batch([item], mail, open_verifier(mail))
    return item.submission.authenticity


@pytest.mark.parametrize(
    ("verify", "raw", "peer", "expected"),
    [
        ("all", MAIL, "11.0.0.1", Authenticity.PASS),
        ("all", MAIL, "11.0.0.9", Authenticity.FAIL),
        ("all", FORGED + MAIL, "11.0.0.9", Authenticity.FAIL),
        ("all", JUDGED + MAIL, "11.0.0.1", Authenticity.NONE),
        ("all", b"From: x@y.example\r\n" + MAIL, "11.0.0.1", Authenticity.NONE),
        ("signatures", MAIL, "11.0.0.1", Authenticity.NONE),
        ("signatures", MAIL, "11.0.0.9", Authenticity.NONE),
        ("no", MAIL, "11.0.0.1", Authenticity.NONE),
    ],
)
def test_mail(verify, raw, peer, expected):
    with LocalDns(ZONE) as dns:
        mail = Mail(verify=verify, authserv_id="mx.hr.example", dns_servers=(dns.address,))
        assert outcome(mail, raw, peer=peer) is expected
        assert bool(dns.asked) == (expected is not Authenticity.NONE or (verify == "signatures"))


def test_a_form_is_nobodys_mail():
    with LocalDns(ZONE) as dns:
        mail = Mail(verify="all", dns_servers=(dns.address,))
        assert outcome(mail, b'{"email": "anna@x.example"}', channel=Channel.FORM) is Authenticity.NONE
        assert not dns.asked
