"""Classed data is found in four languages and taken out; what only looks like it stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.privacy.classes import FIELDS, DataClass
from cases.privacy.finding import find, mark, redact, redact_field

SEEDED = {
    DataClass.IDENTIFIERS: (
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "4111 1111 1111 1111",
        "86 095 742 719",
        "219-09-9999",
        "AB 12 34 56 C",
        "12345678Z",
        "X1234567L",
        "RSSMRA85T10A562S",
        "65 170839 J 008",
        "1 84 12 76 451 089 46",
    ),
    DataClass.CONTACT: (
        "sam.o'neil@people.example",
        "+49 30 1234567",
        "0171 2345678",
        "(555) 123-4567",
        "06 12 34 56 78",
    ),
    DataClass.PAY: ("€ 4.250,00", "52,000 euros", "$85k", "CHF 6'500", "3 200 €"),
}
SENTENCES = {
    DataClass.MEDICAL: (
        "I was diagnosed with something last week",
        "Ich bin wegen einer Depression in Behandlung",
        "Je suis enceinte de trois mois",
        "Tengo una enfermedad que nadie conoce",
    ),
    DataClass.IDENTIFIERS: (
        "She was born on 3 May 1984",
        "Geburtsdatum: 03.05.1984",
        "né le 3 mai 1984",
        "nacida el 3 de mayo de 1984",
    ),
    DataClass.PAY: ("My salary is 4250 a month", "Mein Gehalt beträgt 4250 im Monat"),
}


@pytest.mark.parametrize(("of", "value"), [(of, one) for of, some in SEEDED.items() for one in some])
def test_seeded_data_is_gone(of: DataClass, value: str) -> None:
    text = f"Please note that {value} is what I mean, thank you."
    assert value not in redact(text, [of])
    assert mark(of) in redact(text, [of])
    assert redact(text, [one for one in DataClass if one is not of]).count(mark(of)) == 0


@pytest.mark.parametrize(("of", "said"), [(of, one) for of, some in SENTENCES.items() for one in some])
def test_what_words_tell_is_gone(of: DataClass, said: str) -> None:
    text = f"First things first. {said}. And then the rest."
    cleaned = redact(text, [of])
    assert mark(of) in cleaned
    assert said not in cleaned
    assert cleaned.startswith("First things first.")
    assert cleaned.endswith("And then the rest.")


@pytest.mark.parametrize(
    "text",
    [
        "The meeting is on 2026-11-22 at 10:30 in room 204.",
        "See HR-7K3M-9QXD and paragraph 12.3.4 of the handbook.",
        "DE12 3456 7891 2345 6789 11 has wrong check digits",
        "4111 1111 1111 1112 is no card",
        "We were 12 people in 3 rooms for 45 minutes.",
        "Meine Abrechnung für März fehlt noch.",
        "El informe llega el lunes.",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redact(text, list(DataClass)) == text


def test_a_field_of_a_class_goes_whole() -> None:
    assert redact_field("hurt", "my left arm", [DataClass.MEDICAL]) == "[medical]"
    assert redact_field("hurt", "my left arm", [DataClass.PAY]) == "my left arm"
    assert redact_field("subject", "call 0171 2345678", [DataClass.CONTACT]) == "call [contact]"


def test_the_fields_named_exist() -> None:
    from webforms.forms import all_forms

    known = {name for form in all_forms().values() for section in form.sections for name in section.fields}
    assert set(FIELDS) <= known


@given(st.text(max_size=300))
def test_any_text_survives(text: str) -> None:
    for one in find(text):
        assert 0 <= one.start < one.end <= len(text)
    assert isinstance(redact(text, list(DataClass)), str)


@pytest.mark.parametrize("part", ["1 ", "+1", "a@", "DE00 ", "born ", "1.", "€1", "krank ", "pay 1"])
def test_no_text_makes_it_slow(part: str) -> None:
    text = part * (100_000 // len(part))
    began = time.process_time()
    find(text)
    assert time.process_time() - began < 10
