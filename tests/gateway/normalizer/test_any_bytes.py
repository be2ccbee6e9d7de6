"""Whatever comes in, one submission comes out, and its JSON can be written."""

# ruff: noqa: E501 - tables of mails, one a line

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.model.words import AutomaticKind, Channel
from gateway.normalizer import is_encrypted, normalize_form, normalize_mail, submission_to_json

NOW = datetime(2025, 6, 1, tzinfo=UTC)
FAILED = "could not be read ("

HEADER_NAMES = [b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"References", b"In-Reply-To", b"Reply-To",
                b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition", b"Return-Path", b"Auto-Submitted",
                b"Authentication-Results", b"List-Id", b"Sender", b"X-Heed-Loop"]  # fmt: skip
CRUMBS = [b"=?utf-8?q?", b"=?iso-2022-jp?b?", b"?=", b"<", b">", b"@", b"\"", b"(", b")", b",", b";", b":", b"a@b.c", b"multipart/mixed", b"text/html",
          b"message/rfc822", b"multipart/report", b"message/delivery-status", b"application/ms-tnef", b"application/pkcs7-mime", b"text/calendar",
          b"; boundary=b", b"; charset=utf-7", b"; charset=hz", b"; charset=x", b"; name*0*=utf-8''%FC", b"; name*=", b"base64", b"quoted-printable",
          b"x-uuencode", b"\r\n", b"\n", b"\n ", b"\xff", b"\0", b"\x1b$B", b"Mon, 3 Mar 2025 10:00:00 +9999", b"99999", b"[", b"]", b"\\"]  # fmt: skip
BODY = [*CRUMBS, b"--b\n", b"--b--\n", b"\n\n", b"> ", b"On 3 Mar 2025 a@b.c wrote:\n", b"From: a@b.c\nSent: 2025\nTo: c\nSubject: d\n",
        b"-- \n", b"begin 644 x\n", b"<p>", b"<div>", b"</", b"<blockquote>", b"&amp;", b"-----BEGIN PGP SIGNED MESSAGE-----\n", b"words ",
        b"\x78\x9f\x3e\x22\x01\x00", b"\x30\x80", b"BEGIN:VEVENT\n", b"Action: failed\n", b"Final-Recipient: "]  # fmt: skip

header = st.builds(
    lambda name, pieces: name + b": " + b"".join(pieces),
    st.sampled_from(HEADER_NAMES),
    st.lists(st.sampled_from(CRUMBS) | st.binary(max_size=8), max_size=6),
)
mails = st.builds(
    lambda headers, pieces: b"\n".join(headers) + b"\n\n" + b"".join(pieces),
    st.lists(header, max_size=8),
    st.lists(st.sampled_from(BODY) | st.binary(max_size=12), max_size=20),
)


def check(raw):
    submission = normalize_mail(raw, now=NOW, trusted_authserv="mx.hr.example", own_domains=("hr.example",))
    assert not [problem for problem in submission.problems if FAILED in problem]
    assert submission.date is None or submission.date.tzinfo is not None
    json.dumps(submission_to_json(submission, "x"), ensure_ascii=False).encode("utf-8")
    return submission


@given(st.binary(max_size=2000))
def test_any_bytes(raw):
    check(raw)


@given(mails)
def test_bytes_that_look_like_mail(raw):
    check(raw)


@given(mails, st.integers(0, 400))
def test_a_truncated_mail(raw, at):
    check(raw[:at])


@given(st.text(max_size=500))
def test_nothing_of_a_plain_text_is_lost(text):
    raw = b"From: a@b.c\nContent-Type: text/plain; charset=utf-8\n\n" + text.encode("utf-8", "replace")
    submission = check(raw)
    assert set(submission.new_text.split()) <= set(submission.text.split()) | {
        word.lstrip("> ") for word in submission.text.split()
    }


def nested(depth):
    heads = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(depth)
    )
    return b"From: a@b.c\nSubject: deep\n" + heads + b"Content-Type: text/plain\n\ninner\n"


START = b"From: a@b.c\nSubject: s\n"
HTML = START + b"Content-Type: text/html\n\n"
LARGE = {
    "nothing": b"",
    "10 MB of NUL": b"\0" * 10_000_000,
    "a megabyte in one header": b"Subject: " + b"a" * 1_000_000 + b"\n\nx",
    "10,000 nested parts": nested(10_000),
    "one boundary nested": START + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' * 10_000,
    "100,000 parts": START + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 100_000,
    "many headers": b"a:\n" * 300_000,
    "many addresses": b"To: " + b"a@b.c, " * 20_000 + b"\n\nx",
    "dots in an address": b"From: " + b"a." * 50_000 + b"@@@\n\nx",
    "open tags": HTML + b"<div>" * 100_000 + b"words",
    "open scripts": HTML + b"<div>" * 300 + b"<script>" * 50_000,
    "open comments": HTML + b"<!--" * 100_000,
    "ampersands": HTML + b"<p>" + b"&" * 300_000,
    "nested quotes": HTML + b"<blockquote>" * 190 + b"x<br>" * 5_000,
    "attached mails in attached mails": b"Content-Type: message/rfc822\n\n" * 5_000 + b"x",
    "indefinite lengths": START + b"Content-Type: application/pkcs7-mime\n\n" + b"\x30\x80" * 100_000,
    "many blank lines": START + b"\n" + b"\n" * 1_000_000,
    "many uuencoded beginnings": START + b"\n" + b"begin 644 x\n" * 20_000,
    "lines of spaces": START + b"\n" + (b" " * 200_000 + b"x \n") * 3,
    "many names and dates": START + b"\n" + b"Pat Kim\n3/5/2001 08:00 AM\nTo: a\n" * 5_000,
    "many initials": START + b"In-Reply-To: <1@x>\n\n" + b"PK> x\nwrote:\n| y\n" * 10_000,
    "many rules": START + b"\n" + b"____________________________________________\nhttp://x.example\n" * 5_000,
    "angles without commas": b"To: " + b"<a@b> " * 20_000 + b"\n\nx",
    "long line": START + b"\n" + b"On 2020 10:00 " * 50_000 + b"wrote:",
}


@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in LARGE.items()])
def test_large_and_odd(raw):
    check(raw)


def test_words_survive_deep_html():
    assert check(LARGE["open tags"]).new_text == "words"


def test_a_large_attachment_is_kept_whole():
    content = bytes(range(256)) * 40_000
    import base64

    raw = (
        START
        + b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(content)
    )
    (attachment,) = check(raw).attachments
    assert attachment.content == content


def test_a_long_text_is_cut_and_attached_whole():
    raw = START + b"\n" + b"words of mine\n" * 100_000
    submission = check(raw)
    assert len(submission.text) <= 1_000_000
    assert submission.attachments[0].filename == "whole-text.txt"
    assert submission.attachments[0].size == 1_400_000


def test_encrypted_is_told():
    raw = START + b"\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"
    assert is_encrypted(check(raw))
    assert not is_encrypted(check(START + b"\nIs my mail encrypted?\n"))


def test_envelope():
    raw = b"From: a@b.c\n\nx"
    unknown = normalize_mail(raw, now=NOW)
    null = normalize_mail(raw, now=NOW, envelope_sender="<>", envelope_recipients=("hr@x.example",))
    assert unknown.automatic.kind is AutomaticKind.NONE
    assert null.automatic.kind is AutomaticKind.AUTO_REPLY
    assert (null.envelope_sender, null.envelope_recipients) == ("", ("hr@x.example",))
    assert normalize_mail(b"Subject: x\n\nx", now=NOW, envelope_sender="a@b.c").sender.address == "a@b.c"


def test_own_domain_chooses_the_message_id_of_a_bounce():
    raw = (
        b"Return-Path: <>\nFrom: mailer-daemon@x.example\nSubject: failure notice\n\nundeliverable\n<a@x.example>: 550 5.1.1\n\n"
        b"Message-ID: <relay@x.example>\nMessage-ID: <ours@hr.example>\n"
    )
    assert check(raw).automatic.bounce.original_message_id == "ours@hr.example"


def test_html_is_safe_and_loads_nothing():
    raw = (
        HTML
        + b'<p onclick="x()" style="background:url(http://t.example/)">Hi<script>x()</script><img src="http://t.example/p.gif">'
        b'<img src="cid:logo"><a href="javascript:x()">a</a><a href="https://x.example">b</a></p>'
    )
    html = check(raw).html
    assert "t.example" not in html
    assert "script" not in html
    assert "onclick" not in html
    assert 'src="cid:logo"' in html
    assert "https://x.example" in html


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
forms = st.dictionaries(
    st.sampled_from(["form", "name", "email", "subject", "text", "fields", "language", "files", "x"]),
    json_values,
    max_size=9,
)


@given(st.binary(max_size=300))
def test_any_bytes_as_a_form(payload):
    assert normalize_form(payload, channel=Channel.FORM, now=NOW).channel is Channel.FORM


@given(forms, st.sampled_from([Channel.FORM, Channel.ANONYMOUS, Channel.API]))
def test_any_form(given_form, channel):
    submission = normalize_form(json.dumps(given_form).encode(), channel=channel, now=NOW)
    json.dumps(submission_to_json(submission, "x"), ensure_ascii=False).encode("utf-8")


def test_a_form():
    payload = {"form": "payroll", "name": "Anna", "email": "a@x.example", "subject": "Pay", "text": "My pay is wrong.\r\nPlease help me with it.",
               "fields": {"month": "May", "days": 3}, "files": [{"filename": "../a.pdf", "content_type": "application/pdf", "content_base64": "eA=="}]}  # fmt: skip
    submission = normalize_form(json.dumps(payload).encode(), channel=Channel.FORM, now=NOW)
    assert submission.sender.address == "a@x.example"
    assert submission.new_text == "My pay is wrong.\nPlease help me with it."
    assert submission.language == "en"
    assert submission.fields == (("form", "payroll"), ("month", "May"), ("days", "3"))
    assert (submission.attachments[0].filename, submission.attachments[0].content) == ("a.pdf", b"x")
    assert submission.date == NOW


def test_an_anonymous_form_keeps_neither_name_nor_hour():
    now = NOW + timedelta(hours=7)
    submission = normalize_form(
        b'{"name": "Anna", "email": "a@x.example", "text": "x"}', channel=Channel.ANONYMOUS, now=now
    )
    assert submission.sender.address == ""
    assert submission.date == NOW
