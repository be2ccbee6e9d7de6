"""What of a colleague's mail reaches the reporter."""

from unicodedata import normalize

import pytest

from cases.errors import Refused
from cases.model.wording import LANGUAGES
from worker.mail.phrases import above
from worker.staff.answer import words_for_reporter

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
def test_no_words_are_no_answer(words: str) -> None:
    with pytest.raises(Refused, match="no words"):
        words_for_reporter(words, **PIA)
