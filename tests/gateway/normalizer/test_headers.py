"""Header fields as they are sent: addresses, dates, ids."""

from datetime import UTC, datetime

import pytest

from gateway.normalizer import normalize_mail

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(head):
    return normalize_mail(f"{head}\n\nx".encode(), now=NOW)


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ('"Anna" <"anna berg"@x.example>', "Anna", '"anna berg"@x.example'),
        ("Anna <<anna@x.example>>", "Anna", "anna@x.example"),
        ("Anna anna@x.example>", "Anna", "anna@x.example"),
        ("Anna@Home <anna@x.example>", "Anna@Home", "anna@x.example"),
        ('"<anna@y.example>" <anna@x.example>', "<anna@y.example>", "anna@x.example"),
        ("Anna <@relay.example:anna@x.example>", "Anna", "anna@x.example"),
        ('"Berg, Anna" </O=ENRON/CN=ABERG@ENRON>', "Berg, Anna", "/O=ENRON/CN=ABERG@ENRON"),
    ],
)
def test_senders(value, name, address):
    sender = read(f"From: {value}").sender
    assert (sender.name, sender.address) == (name, address)


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ('"a" <a@x.example> "b" <b@x.example>', ["a@x.example", "b@x.example"]),
        ("<a@x.example> <b@x.example>", ["a@x.example", "b@x.example"]),
        ("unlisted-recipients:; (no To-header on input)", []),
        ("Berg, Anna <a@x.example>, Kim, Pat <p@x.example>", ["a@x.example", "p@x.example"]),
        ("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", ["pete@silly.test"]),
    ],
)
def test_recipients(value, addresses):
    assert [each.address for each in read(f"From: z@x.example\nTo: {value}").to] == addresses


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 3 Mar 2025 24:00:00 +0000", datetime(2025, 3, 4, tzinfo=UTC)),
        ("3/5/2001 9:40:00 PM", datetime(2001, 3, 5, 21, 40, tzinfo=UTC)),
        ("03/05/01 12:40AM", datetime(2001, 3, 5, 0, 40, tzinfo=UTC)),
        ("Mon, 3 Mar 2025", datetime(2025, 3, 3, tzinfo=UTC)),
        ("Mon, 31 Feb 2025 10:00:00 +0000", None),
    ],
)
def test_dates(value, moment):
    assert read(f"From: z@x.example\nDate: {value}").date == moment
