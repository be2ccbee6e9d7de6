"""What of a colleague's mail reaches the reporter."""

from hashlib import sha256
from unicodedata import normalize

import pytest

from cases.errors import Refused
from cases.model.submission import Attachment
from cases.model.wording import LANGUAGES
from worker.mail.phrases import above
from worker.staff.answer import files_for_reporter, words_for_reporter

PIA = {
    "name": "Pia Lindqvist",
    "addresses": ("pia@acme.example", "p.lind@acme.example"),
    "hr_address": "hr@acme.example",
}
ABOVE = above("en")


@pytest.mark.parametrize(
    "quote",
    [
        f"\n\nOn Mon, 23 Nov 2026 at 09:10, Acme HR wrote:\n> {ABOVE}\n> Case HR-1 is now yours.",
        f"\n\nAm 23.11.2026 um 09:10 schrieb Acme HR:\n{ABOVE}\nCase HR-1 is now yours.",
        f"\n\n________________________________\n{ABOVE}\nCase HR-1 is now yours.",
        f"\n\nFrom: Acme HR <hr@acme.example>\nSent: Monday\nSubject: Case HR-1\n\n{ABOVE}\nCase HR-1 is now yours.",
        f"\n\nLe lun. 23 nov. 2026 à 09:10, Acme HR a écrit :\n| {ABOVE}\n| Case HR-1 is now yours.",
    ],
)
def test_our_notice_is_cut_however_it_is_quoted(quote: str) -> None:
    assert words_for_reporter(f"Your payslip is corrected.{quote}", **PIA) == "Your payslip is corrected."


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_notice_is_cut_in_every_language(language: str) -> None:
    line = above(language)
    for shown in (line, normalize("NFD", line), line.replace(" ", "\u00a0"), "\n> ".join(line.rsplit(" ", 3))):
        quote = f"\n\nOn Mon, 23 Nov 2026 at 09:10, Acme HR wrote:\n> {shown}\n> HR-1"
        assert words_for_reporter(f"Your payslip is corrected.{quote}", **PIA) == "Your payslip is corrected."


def test_a_signature_with_their_address_goes_and_their_greeting_stays() -> None:
    words = (
        "Your payslip is corrected.\n\nKind regards,\nPia Lindqvist\nPayroll | Acme\nT +44 20 1234\npia@acme.example"
    )
    assert words_for_reporter(words, **PIA) == "Your payslip is corrected.\n\nKind regards,"


@pytest.mark.parametrize("called", ["Pia Lindqvist", "Lindqvist, Pia", "LINDQVIST Pia"])
@pytest.mark.parametrize("below", ["", "\nPayroll\n+44 20 5550 1234", "\n\nPayroll | Acme Ltd\nTel. +44 20 5550 1234"])
def test_a_signature_goes_by_their_name_in_either_order(called: str, below: str) -> None:
    assert words_for_reporter(f"Your payslip is corrected.\n\n{called}{below}", **PIA) == "Your payslip is corrected."


@pytest.mark.parametrize(
    "words",
    [
        "You reach me here:\nPia Lindqvist\n+44 20 5550 1234",
        "Ask one of them.\nPia Lindqvist\nFay Moss",
        "It is paid.\nPia Lindqvist\n+44 20 5550 1234\n\nPS bring your badge to room 4",
        "It is paid.\nPia Lindqvist\n+44 20 5550 1234\n\nThe form is in the intranet, too.",
    ],
)
def test_a_name_that_they_wrote_on_purpose_stays(words: str) -> None:
    assert words_for_reporter(words, **PIA) == words


def test_an_address_that_they_wrote_on_purpose_becomes_ours() -> None:
    words = "Please send the form to P.Lind@acme.example by Friday, so that I can change it. " * 3 + "Thank you!"
    said = words_for_reporter(words, **PIA)
    assert "lind@" not in said.casefold()
    assert "hr@acme.example by Friday" in said


def test_what_may_still_hold_our_notice_does_not_go_out() -> None:
    token = "a" * 37
    with pytest.raises(Refused, match="our notice"):
        words_for_reporter(f"Done.\nReply-To: hr+{token}@acme.example\nCase HR-1 is now yours", **PIA)


@pytest.mark.parametrize("words", ["", f"> {ABOVE}\n> Case HR-1", "pia@acme.example"])
def test_what_holds_nothing_of_theirs_leaves_no_words(words: str) -> None:
    assert words_for_reporter(words, **PIA) == ""


def a_file(name: str, kind: str, content: bytes) -> Attachment:
    return Attachment(name, kind, content, sha256(content).hexdigest())


NOTICE = b"From: HR\nReply-To: hr+" + b"a" * 37 + b"@acme.example\n\nSam Doe wrote"


@pytest.mark.parametrize(
    "file",
    [
        a_file("pia.vcf", "text/x-vcard", b"BEGIN:VCARD\nEMAIL:Pia@acme.example\nEND:VCARD"),
        a_file("OpenPGP_0x12.asc", "application/pgp-keys", b"-----BEGIN PGP PUBLIC KEY BLOCK-----"),
        a_file("key.txt", "text/plain", b"-----BEGIN PGP PUBLIC KEY BLOCK-----"),
        a_file("Case.eml", "message/rfc822", NOTICE),
        a_file("Case.msg", "application/vnd.ms-outlook", NOTICE.decode().encode("utf-16-le")),
        a_file("mail", "text/plain", b"Subject: Case\nX-Heed-Loop: acme.example\n\nSam Doe wrote"),
    ],
)
def test_files_that_nobody_meant_for_the_reporter_stay(file: Attachment) -> None:
    form = a_file("form.vcf", "text/vcard", b"BEGIN:VCARD\nEMAIL:helpline@acme.example\nEND:VCARD")
    kept = files_for_reporter((file, form), PIA["addresses"])
    assert [one.inline for one in kept] == [True, False]
