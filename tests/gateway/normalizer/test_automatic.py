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
        "Out of Office Re: Leave",
        "[Auto-Reply] Leave",
        "Out of Office AutoReply: Leave",
        "Automatic Response: Leave",
        "Automatisches Antwort: Urlaub",
    ],
)
def test_absence_subjects_that_programs_write(subject):
    assert kind(subject=subject) == "auto-reply"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Out-of-Office: Leave", "I am out of the office until Monday."),
        ("Anna Berg is out of the office.", "I will answer when I am back."),
        ("Anna Berg ist außer Haus.", "Ich bin ab Montag wieder erreichbar."),
        ("Absence du bureau : Congés", "Je vous répondrai à mon retour."),
        ("Fravær: Sag", "Tak for din mail. Jeg svarer, når jeg er tilbage."),
        ("On annual leave Re: Your case", "x"),
        ("Ich bin im Urlaub AW: Ihre Anfrage", "x"),
    ],
)
def test_absence_subjects_with_a_second_sign(subject, body):
    assert kind(subject=subject, body=body) == "auto-reply"


def test_an_absence_subject_on_an_answer_is_a_programs():
    assert kind("In-Reply-To: <1@a.example>", subject="Fuori ufficio: Richiesta") == "auto-reply"
    assert kind("In-Reply-To: <1@a.example>", subject="AW: Abwesenheit: Krankmeldung") == "none"
    assert kind("Return-Path: <>", subject="Abwesenheit: Krankmeldung") == "auto-reply"


def test_no_program_attaches_files_to_an_absence_notice():
    head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b"
    parts = "--b\n\nI am away until Monday.\n--b\n"
    parts += "Content-Type: application/pdf\nContent-Disposition: {}; filename=a.pdf\n\nx\n--b--"
    assert kind(head, subject="Out of office", body=parts.format("attachment")) == "none"
    assert kind(head, subject="Out of office", body=parts.format("inline")) == "auto-reply"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Abwesenheit: Krankmeldung", "Ich bin krank und komme bis Freitag nicht."),
        ("Nicht im Büro wegen Krankheit", "Ich bin krankgeschrieben, weil mein Teamleiter mich belästigt."),
        ("Fravær: sygemelding", "Jeg er syg i dag."),
        ("Nieobecność: zwolnienie lekarskie", "Jestem chora."),
        ("Frånvaro: vård av barn", "Mitt barn är sjukt idag."),
        ("Afwezig: ziek vandaag", "Ik ben vandaag ziek."),
        ("Absent du bureau : accident de trajet", "J'ai eu un accident ce matin."),
        ("Fuera de la oficina por accidente laboral", "Tuve un accidente hoy."),
        ("Poza biurem - praca zdalna", "Proszę o zgodę na pracę zdalną."),
        ("Fuori sede dal 3 al 7 marzo", "Chiedo il rimborso della trasferta."),
        ("Außer Haus: Reisekosten", "Bitte erstatten Sie die Kosten."),
        ("OOO: please approve 3-7 March", "I would like to take these days off."),
        ("Out of office", "Please approve my leave for next week."),
        ("Out of office: sick", "I am ill, I will be back on Monday."),
        ("Annual leave", "When I am back from leave I need a new badge."),
        ("Automatic reply of our hotline insults customers", "I complain."),
        ("Re: Automatic reply: Your case", "I am not away, that was a mistake. Please go on."),
    ],
)
def test_people_who_write_about_an_absence_are_people(subject, body):
    assert kind(subject=subject, body=body) == "none"


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


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: We received your message", "I no longer work here. This account has been disabled and is not read."),
        ("Thank you for your e-mail", "I am away. If my mailbox is full, try again."),
        ("Return to sender?", "Your letter came back: user unknown was written on it."),
    ],
)
def test_what_somebodys_own_notice_says_of_a_mailbox_is_no_bounce(subject, body):
    assert kind("Return-Path: <>\nAuto-Submitted: auto-replied", subject=subject, body=body) == "auto-reply"
    assert kind("Return-Path: <>", subject=subject, body=body) == "auto-reply"


def test_a_failure_is_told_by_the_subject_by_a_code_or_by_who_sends_it():
    head, told = "Return-Path: <>", "Your message could not be delivered: user unknown."
    assert kind(head, subject="Undeliverable: Your case", body=told) == "bounce"
    assert kind(head, subject="Your case", body="Remote host said: 550 5.1.1 no such user") == "bounce"
    assert kind(head, subject="Your case", sender="Mail <noreply@b.example>", body=told) == "bounce"
    assert kind(f"{head}\nX-Failed-Recipients: kim@b.example", subject="Your case", body=told) == "bounce"
    assert kind(head, subject="Your case", body=told) == "auto-reply"


def test_a_postmaster_who_tells_of_something_else_is_a_person():
    sender = "Postmaster Team <postmaster@b.example>"
    body = "My boss groped me. The message could not be delivered to HR earlier: user unknown."
    assert kind(subject="Harassment in IT", sender=sender, body=body) == "none"
    assert kind("Return-Path: <>", subject="Your case", sender=sender, body=body) == "bounce"


def test_a_receipt_that_quotes_a_subject_about_a_full_mailbox_is_a_receipt():
    head = "Return-Path: <>\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b"
    body = (
        "--b\n\nYour message\n\nTo: Anna\n{}: Mailbox full? how to request storage\n\nwas deleted without being read.\n"
        "--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; a@b.example\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n--b--"
    )
    assert kind(head, subject="Not read: x", body=body.format("Subject")) == "auto-reply"
    assert kind(head, subject="Nicht gelesen: x", body=body.format("Betreff")) == "auto-reply"
    assert kind(head, subject="x", body=body.format("Because")) == "bounce"
