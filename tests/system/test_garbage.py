"""Garbage in: a case or a held envelope, never a stuck queue, never a refusal that is not policy."""

from collections.abc import Callable

import pytest
from heedtest.door import hand_over
from heedtest.homes import ended, one_case
from heedtest.mails import make_mail
from heedtest.served import Served

pytestmark = pytest.mark.system


def nested(depth: int) -> bytes:
    """A multipart in a multipart, `depth` times."""
    head = b"From: a@people.example\r\nSubject: nested\r\nMIME-Version: 1.0\r\n"
    parts = [b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(depth)]
    return head + b"".join(parts) + b"Content-Type: text/plain\r\n\r\nat the bottom\r\n"


def many_parts(count: int) -> bytes:
    """Ten thousand parts beside one another."""
    head = b"From: a@people.example\r\nSubject: many\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"--b\r\nContent-Type: text/plain\r\n\r\npart\r\n" * count + b"--b--\r\n"


FROM = b"From: a@people.example\r\n"
TEXT = FROM + b"Content-Type: text/plain; charset="

GARBAGE: dict[str, Callable[[], bytes]] = {
    "an empty file": lambda: b"",
    "one line end": lambda: b"\r\n",
    "10 MB of NUL": lambda: b"\0" * 10_000_000,
    "10 MB of NUL as a body": lambda: FROM + b"Subject: nul\r\n\r\n" + b"\0" * 10_000_000,
    "a megabyte in one header": lambda: FROM + b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\nbody\r\n",
    "a megabyte of addresses": lambda: FROM + b"To: " + b"b@c.d, " * 150_000 + b"\r\n\r\nbody\r\n",
    "a megabyte of encoded words": lambda: FROM + b"Subject: " + b"=?utf-8?q?=41?= " * 60_000 + b"\r\n\r\nbody\r\n",
    "100,000 headers": lambda: FROM + b"X-A: b\r\n" * 100_000 + b"\r\nbody\r\n",
    "10,000 nested parts": lambda: nested(10_000),
    "10,000 parts beside one another": lambda: many_parts(10_000),
    "an unknown charset": lambda: TEXT + b"klingon-8\r\n\r\n\xff\xfe\xe4\r\n",
    "a charset that lies": lambda: TEXT + b"utf-8\r\n\r\n\xff\xfe\xe4\xf6\r\n",
    "half a surrogate": lambda: TEXT + b"utf-8\r\n\r\n\xed\xa0\x80 \xed\xbf\xbf\r\n",
    "base64 that breaks off": lambda: (
        TEXT + b"utf-7\r\nContent-Transfer-Encoding: base64\r\n\r\nK0FH\r\n=====\r\nK0FHU0\r\n"
    ),
    "no From": lambda: b"Subject: nobody\r\nMessage-ID: <nobody@people.example>\r\n\r\nWho am I?\r\n",
    "a From that is no address": lambda: b'From: "\r\nTo: (c):\r\nMessage-ID: <[x@y]>\r\nSubject: odd\r\n\r\nOdd.\r\n',
    "raw bytes in the headers": lambda: b"From: \xe4\xf6 <\xff@\xfe>\r\nSubject: \xff\xfe\x00\x01\r\n\r\n\x80\x81\r\n",
    "bare line feeds and returns": lambda: b"From: a@people.example\nSubject: bare\n\nline\rline\n\r\r\n",
    "every byte there is": lambda: bytes(range(256)) * 64,
    "no head at all": lambda: b"just words, and no header before them\r\n",
    "HTML nested 50,000 deep": lambda: FROM + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000 + b"deep\r\n",
    "a broken TNEF file": lambda: (
        FROM + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\neJ8+IgAAAAAAAAD//w==\r\n"
    ),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_becomes_a_case_or_is_held_and_the_next_mail_goes_on(local: Served, name: str) -> None:
    answer = hand_over(local.door, GARBAGE[name](), sender="a@people.example")
    assert answer.code == 250, answer.text
    state = ended(local, answer.reference, seconds=90)
    assert state in {"triaged", "held"}
    after = make_mail("after", list(GARBAGE).index(name))
    assert hand_over(local.door, after.raw, sender=after.sender).code == 250
    one_case(local, after.message_id)
