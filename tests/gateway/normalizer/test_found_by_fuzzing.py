"""Mails that once broke the normaliser, each cut down to what broke it and named for what went wrong."""

from datetime import UTC, datetime

import pytest

from cases.model.words import AutomaticKind
from gateway.normalizer import normalize_mail

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FAILED = "could not be read ("


def read(raw):
    submission = normalize_mail(raw, now=NOW)
    assert not [problem for problem in submission.problems if FAILED in problem]
    return submission


def test_a_bounce_that_returns_only_blank_lines_is_still_a_bounce():
    raw = (
        b"From: mailer-daemon@x.example\nContent-Type: multipart/report; boundary=b\n\n"
        b"--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; anna@x.example\nAction: failed\n\n"
        b"--b\nContent-Type: message/rfc822\n\n\n\n--b--\n"
    )
    automatic = read(raw).automatic
    assert automatic.kind is AutomaticKind.BOUNCE
    assert automatic.bounce.recipient == "anna@x.example"


@pytest.mark.parametrize(
    ("sent", "content"),
    [(b"aGk=x", b"hi"), (b"aGk=eQ", b"hiy"), (b"aGk=eW91", b"hiyou"), (b"aGk=e=", b"hi"), (b"aGlp=====", b"hii")],
)
def test_base64_padding_just_before_the_end_loses_no_attachment(sent, content):
    raw = (
        b"From: a@b.c\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + sent + b"\n"
    )
    assert read(raw).attachments[0].content == content


@pytest.mark.parametrize("empty", [b"\x30\x00", b"\x30\x80\x00\x00", b"\x41\x00rest"])
def test_an_smime_blob_with_nothing_inside_is_kept_as_an_attachment(empty):
    raw = b"From: a@b.c\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\n" + empty
    assert read(raw).attachments[0].content == empty


def test_letters_that_grow_when_lowered_do_not_cost_the_words_after_a_script() -> None:
    html = "<div>" * 201 + "\u0130" * 20 + "<script>x</script>Kept words"
    raw = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    assert "Kept words" in normalize_mail(raw, now=NOW).text
