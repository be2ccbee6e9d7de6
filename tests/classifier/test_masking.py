"""Nothing that names a person or counts money survives into what is learned."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.masking import ACCOUNT, ADDRESS, DATE, LINK, MASKS, MONEY, NAME, NUMBER, SWEARING, TIME, mask
from classifier.text import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to jo.smith+x@example.com please", f"write to {ADDRESS} please"),
        ("see https://example.com/a?b=c now", f"see {LINK} now"),
        ("to DE89 3704 0044 0532 0130 00 please", f"to {ACCOUNT} please"),
        ("owes me $1,200.50 still", f"owes me {MONEY} still"),
        ("noch 1.200 € offen", f"noch {MONEY} offen"),
        ("about 412 euros too", f"about {MONEY} too"),
        ("on 12/03/2024 it", f"on {DATE} it"),
        ("on 2024-11-08 it", f"on {DATE} it"),
        ("the 5 June thing", f"the {DATE} thing"),
        ("at 17:30 he", f"at {TIME} he"),
        ("at 9am he", f"at {TIME} he"),
        ("um 18 Uhr kam", f"um {TIME} kam"),
        ("employee 4711 here", f"employee {NUMBER} here"),
        ("this f***ing place", f"this {SWEARING} place"),
        ("Mr Blofeld shouted", f"mr {NAME} shouted"),
        ("Frau Özdemir schrie", f"frau {NAME} schrie"),
        ("karen shouted", f"{NAME} shouted"),
        ("Hi Xanthippe,\nwhere is it", f"hi {NAME} where is it"),
        ("see you\nXanthippe Blofeld", f"see you {NAME}"),
        ("my name is Xanthippe Blofeld ok", f"my name is {NAME} ok"),
    ],
)
def test_what_names_or_counts_is_masked(text, expected):
    assert " ".join(words("", text).counted) == expected


@pytest.mark.parametrize(
    ("text", "word"), [("my 401(k) match", "pensionplan"), ("the W-2 form", "taxform"), ("the I-9", "workpermitform")]
)
def test_schemes_whose_name_is_a_number_are_kept_as_words(text, word):
    assert word in words("", text).counted


def test_ordinary_words_at_a_lines_start_are_not_names():
    assert words("", "Hi Team,\nWork was fine").counted == ("hi", "team", "work", "was", "fine")


@given(st.text(alphabet=string.printable + "äöüßéèñ€£’", max_size=400))
def test_no_digit_but_a_mask_survives(text):
    assert not any(
        char.isascii() and char.isdigit() for word in words("", text).counted if word not in MASKS for char in word
    )


@given(st.text(max_size=300))
def test_any_text_can_be_masked_twice_without_harm(text):
    assert isinstance(mask(mask(text)), str)


@pytest.mark.parametrize("piece", ["a", "1", "@", " ", "\n", "*", "1,", "a@", "Hi A", "\n ", "(", "Mr ", "'"])
def test_no_pattern_is_slow_on_repetition(piece):
    # A pattern that backtracks would not come back from this at all.
    assert isinstance(words("", piece * 20_000).counted, tuple)
