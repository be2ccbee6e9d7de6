"""A mail four times as long may cost about four times the processor's time, whatever it repeats."""

# ruff: noqa: E501 - tables of what is repeated

import time
from datetime import UTC, datetime

import pytest

from gateway.normalizer import normalize_mail

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SMALL = 5_000
"""Bytes of the shorter mail: enough for what grows with the square to show in the longer one."""
MOST_TIMES = 9
"""Between 4 (linear) and 16 (square)."""
LEAST_SECONDS = 0.02
"""What is quicker is too short to compare."""

PLAIN = [
    *("-- \nabc def ghi jkl.\n", "--\nab\n", "-- \n", "-- \n\n\n\n", "-----\nabc def\n", "_" * 44 + "\n", "\n", "word "),
    *("> abc\n", "abc\n> abc\n", "abc:\n\n> abc\n", "> > > > abc\n", "AB> abc\n", "X wrote:\n| abc\n", ">>> a 1/1/2020 1:00 >>>\n"),
    *("On Mon, 3 Mar 2025 at 10:00, Team <hr@example.com> wrote:\n", "Team wrote:\n", "Team wrote:\n> a\nb\n", "a:\n"),
    *("From: a@b.c\nSent: today\nTo: b@c.d\nSubject: x\n\n", "From: Leeds\nTo: London\nSubject: x\n", "To: a,\n", "cc: x\n"),
    *("Anna\n03/03/2025 10:00\nTo: Peter\nSubject: x\n", "          x            To \n", "-----Original Message-----\n"),
    *("---------- Forwarded message ---------\n", "----- Forwarded by x\n", "---- On x wrote ", "> Begin forwarded message:\n"),
    *("Sent from my iPhone\n", "Sent from my house to the market\n", "Disclaimer: this mail\n\n", "intended recipient "),
    *("This message is confidential and intended\n", "Regards\nAnna\n+49 30 1234567\n\n", "-- \nstaff mailing list\n"),
    *("CAUTION: mail\n\n", "CAUTION: This email originated from outside of the organization.\n\n", "[EXTERNAL]\n", "a@b.c\n"),
    *("-----\nget yahoo! http://x.example\n\n", "-" * 20 + "\nabc www.x.example\n", "PS: abc\n", "on a "),
]  # fmt: skip
PROSE = ["Message-ID:\n", "a@b.c:\n", "your message could not be ", "--- original "]
HTML = [
    *("<div>", "<p>a</p>", "<blockquote>", "<blockquote>a</blockquote>", "<br>", "<a href='https://x.example'>a</a>", "<", "&"),
    *("<!--", "<script>", "<table><tr><td>a", "<div class=gmail_quote>a</div>", "<div class=gmail_signature>a</div>", "<ul><li>a"),
]  # fmt: skip
HEAD = "From: a@b.example\nTo: hr@acme.example\nDate: Mon, 03 Mar 2025 10:15:00 +0100\nMessage-ID: <x@y>\n"


BELOW_A_DELIMITER = ["a ", "I ", "我", "a@", "message ", "q: "]


def mail(kind, repeated, size):
    more = {
        "first": "Subject: x\n",
        "reply": "Subject: Re: x\nIn-Reply-To: <a@b>\n",
        "bounce": "Subject: failure notice\nReturn-Path: <>\n",
        "signed": "Subject: x\n\nHello\n-- \n",
        "html": "Subject: x\nContent-Type: text/html\n",
    }[kind]
    return f"{HEAD}{more}\n{repeated * (size // len(repeated))}".encode()


def seconds(raw):
    before = time.process_time()
    normalize_mail(raw, now=NOW)
    return time.process_time() - before


def grows_with_the_square(kind, repeated):
    for _ in range(3):
        short, long = (seconds(mail(kind, repeated, size)) for size in (SMALL, 4 * SMALL))
        if long <= MOST_TIMES * max(short, LEAST_SECONDS):
            return False
    return True


@pytest.mark.parametrize(
    ("kind", "table"),
    [("first", PLAIN), ("reply", PLAIN), ("bounce", PROSE), ("html", HTML)],
    ids=["first", "reply", "bounce", "html"],
)
def test_time_is_linear_in_what_a_mail_repeats(kind, table):
    normalize_mail(mail(kind, "a", 10), now=NOW)
    assert not [repeated for repeated in table if grows_with_the_square(kind, repeated)]


def test_capitals_above_an_address_are_read_once() -> None:
    above, address = "È" * 60 + " words.\n", "<t@x.example> writes:\n> a\n"
    plain, capitals = (
        seconds(mail("reply", f"{line}{address}", len(line + address))) for line in (above.lower(), above)
    )
    assert capitals <= MOST_TIMES * max(plain, LEAST_SECONDS)
