"""Which Authentication-Results are believed, and what they amount to."""

# ruff: noqa: E501 - tables of mails, one a line

from datetime import UTC, datetime

import pytest

from cases.model.words import Authenticity
from gateway.normalizer import normalize_mail

NOW = datetime(2025, 6, 1, tzinfo=UTC)
PASS, FAIL, NONE = Authenticity.PASS, Authenticity.FAIL, Authenticity.NONE


def authenticity(heads, trusted="mx.hr.example", sender="anna@x.example"):
    raw = f"{heads}\nFrom: {sender}\nSubject: x\n\nHello\n".encode()
    return normalize_mail(raw, now=NOW, trusted_authserv=trusted).authenticity


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("dmarc=pass header.from=x.example", PASS),
        ("dmarc=fail (p=reject) header.from=x.example", FAIL),
        ("dmarc=fail header.from=x.example; spf=pass smtp.mailfrom=y.example", FAIL),
        ("dmarc=none header.from=x.example", NONE),
        ("dmarc=none header.from=x.example; dkim=pass header.d=x.example", PASS),
        ("dkim=pass header.d=x.example", PASS),
        ("dkim=pass header.i=@mail.x.example", PASS),
        ("dkim=pass header.d=other.example", NONE),
        ("spf=pass smtp.mailfrom=bounce@x.example", PASS),
        ("spf=pass smtp.mailfrom=x.example", PASS),
        ("spf=pass smtp.mailfrom=mailer.example", NONE),
        ("spf=fail smtp.mailfrom=anna@x.example", FAIL),
        ("spf=softfail smtp.mailfrom=anna@x.example", NONE),
        ("dkim=fail header.d=x.example; spf=pass smtp.mailfrom=x.example", PASS),
        ("dkim=fail header.d=x.example", FAIL),
        ("none", NONE),
        ("dkim=temperror", NONE),
        ("garbage ((( ===", NONE),
        (
            "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.example; dkim=pass (signature was verified) header.d=x.example;dmarc=pass action=none header.from=x.example;compauth=pass reason=100",
            PASS,
        ),
    ],
)
def test_results(results, expected):
    assert authenticity(f"Authentication-Results: mx.hr.example; {results}") is expected


def test_other_servers_are_not_believed():
    head = "Authentication-Results: mx.evil.example; dmarc=pass header.from=x.example"
    assert authenticity(head) is NONE
    assert authenticity(head, trusted="") is NONE


def test_forged_below_the_second_received_is_not_believed():
    heads = (
        "Received: from a by mx.hr.example; Mon, 3 Mar 2025 10:00:00 +0000\n"
        "Received: from evil by a; Mon, 3 Mar 2025 10:00:00 +0000\n"
        "Authentication-Results: mx.hr.example; dmarc=pass header.from=x.example"
    )
    assert authenticity(heads) is NONE


def test_a_forged_pass_below_our_own_header_is_not_believed():
    heads = (
        "Authentication-Results: mx.hr.example; dmarc=fail header.from=x.example\n"
        "Received: from a by mx.hr.example; Mon, 3 Mar 2025 10:00:00 +0000\n"
        "Authentication-Results: mx.hr.example; dmarc=pass header.from=x.example"
    )
    assert authenticity(heads) is FAIL


def test_related_domains_below_a_shared_suffix():
    assert authenticity("Authentication-Results: mx.hr.example; dkim=pass header.d=b.co.uk", sender="a@c.co.uk") is NONE
    assert (
        authenticity("Authentication-Results: mx.hr.example; dkim=pass header.d=m.b.co.uk", sender="a@n.b.co.uk")
        is PASS
    )


OURS = "Authentication-Results: mx.hr.example; "


def test_a_verdict_on_another_domain_says_nothing_of_the_sender():
    assert authenticity(f"{OURS}dmarc=pass header.from=evil.example") is NONE
    assert authenticity(f"{OURS}dmarc=pass (oddly) header.from=evil.example; b=(") is NONE
    assert authenticity(f"{OURS}dmarc=fail header.from=evil.example; dkim=pass header.d=x.example") is PASS
    assert authenticity(f"{OURS}dmarc=pass header.from=X.example.") is PASS
    assert authenticity(f"{OURS}dmarc=pass") is PASS


def test_a_mail_that_names_several_authors_proves_none():
    proof = f"{OURS}dmarc=pass header.from=x.example"
    assert authenticity(proof, sender="anna@x.example, eve@evil.example") is NONE
    assert authenticity(f"{proof}\nFrom: eve@evil.example") is NONE
    assert authenticity(proof, sender="Berg, Anna <anna@x.example>") is PASS


def test_of_our_servers_headers_the_topmost_that_stand_together_count():
    passed, failed = f"{OURS}dmarc=pass header.from=x.example", f"{OURS}dmarc=fail header.from=x.example"
    nothing = f"{OURS}dmarc=none header.from=x.example"
    signed = f"{OURS}dkim=pass header.d=x.example"
    assert authenticity(f"{failed}\n{passed}") is FAIL
    assert authenticity(f"{passed}\n{failed}") is FAIL
    assert authenticity(f"{nothing}\n{passed}") is NONE
    assert authenticity(f"{nothing}\nDKIM-Filter: v2\n{signed}") is PASS
    assert authenticity(f"{nothing}\nComments: x\n{signed}") is NONE
