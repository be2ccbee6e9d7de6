"""Which mails a machine wrote, and which only look so."""

from datetime import UTC, datetime

import pytest

from gateway.normalizer import normalize_mail

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def kind(head="X-A: b", *, subject="x", sender="Anna Berg <anna@b.example>", body="Hello there."):
    raw = f"From: {sender}\nTo: hr@a.example\nSubject: {subject}\n{head}\n\n{body}\n".encode()
    return normalize_mail(raw, now=NOW).automatic.kind.value


@pytest.mark.parametrize(
    "subject",
    [
        "AUTO: Anna Berg is out of the office (returning 03/03/2025)",
        "Anna Berg is out of the office.",
        "Anna Berg ist außer Haus.",
        "Out of Office Re: Leave",
        "[Auto-Reply] Leave",
        "Out of Office AutoReply: Leave",
        "Out-of-Office: Leave",
        "Automatic Response: Leave",
        "Automatisches Antwort: Urlaub",
    ],
)
def test_absence_subjects_that_programs_write(subject):
    assert kind(subject=subject) == "auto-reply"


@pytest.mark.parametrize(
    "subject",
    [
        "My manager is out of the office",
        "Auto: Schaden am Dienstwagen",
        "Automatic deduction wrong",
        "Out of office request",
        "Out of office next week",
        "Vacation response from my manager is missing",
        "Undeliverable",
    ],
)
def test_subjects_that_people_write_to_hr(subject):
    assert kind(subject=subject) == "none"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("List-Id: <a.b>\nPrecedence: list\nAuto-Submitted: auto-generated", "list"),
        ("Precedence: bulk", "list"),
        ("Precedence: first-class", "none"),
        ("Precedence: normal", "none"),
        ("X-Auto-Response-Suppress: None", "none"),
        ("X-Auto-Response-Suppress: OOF, AutoReply", "auto-reply"),
        ("X-POST-MessageClass: 9; Autoresponder", "auto-reply"),
        ("Auto-Submitted: no", "none"),
        ("Return-Path: <>", "auto-reply"),
    ],
)
def test_headers(head, expected):
    assert kind(head) == expected


def test_a_postmaster_who_answers_a_mail_is_a_person():
    sender, body = "Postmaster <postmaster@b.example>", "550 5.1.1 user unknown is what I see in the log."
    assert kind(subject="Re: my mail does not arrive", sender=sender, body=body) == "none"
    assert kind("List-Id: <a.b>", subject="Undeliverable mail", sender=sender, body=body) == "list"
    assert kind(subject="Undeliverable mail", sender=sender, body=body) == "bounce"


def test_a_bounce_marked_bulk_is_a_bounce():
    body = "550 5.1.1 <kim@b.example>... User unknown"
    assert kind("Precedence: bulk", subject="Returned mail", sender="MAILER-DAEMON@b.example", body=body) == "bounce"
