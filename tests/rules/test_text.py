"""Words, phrases and patterns in what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused
from cases.model.submission import Submission
from cases.model.words import Channel
from rules.conditions.support import matches
from rules.text.index import TextIndex, parts_of
from rules.text.lexicon import Lexicon, read_entry
from rules.text.words import fold

LANGUAGES = ("en", "de", "fr", "es")


def found(entries, text, language="", bound=()):
    lexicon = Lexicon([tuple(read_entry(entry, bound) for entry in entries)], LANGUAGES)
    index = TextIndex(Submission(Channel.MAIL, new_text=text), lexicon, language)
    return [index.words_at(hit) for hit in index.hits(0)]


@pytest.mark.parametrize(("entry", "text", "expected"), [
    ("harass", "Harassing! HARASSED; harassment", ["Harassing", "HARASSED", "harassment"]),
    ("belästigen", "belastigen belaestigen BELÄSTIGEN", ["belastigen", "belaestigen", "BELÄSTIGEN"]),
    ("Straße", "STRASSE strasse", ["STRASSE", "strasse"]),
    ("harcèlement", "le harcelement, l'harcèlements", ["harcelement", "harcèlements"]),
    ("sue the company", "I will sue\nthe company, suing the company", ["sue\nthe company"]),
    ("hostile environment", "hostile. Environment hostile work environment", []),
    ("anti-harassment", "Anti-Harassment, anti harassment", ["Anti-Harassment", "anti harassment"]),
    ("don't want to live", "I don’t want to live", ["don’t want to live"]),
    ("=sue", "sue sues Sue", ["sue", "Sue"]),
    ("harcel*", "harceleur, harcela, harem", ["harceleur", "harcela"]),
    ("re:/ord(er|re)s?\\b/", "Orders and ordres, border", ["Orders", "ordres", "order"]),
    ("dr house", "Dr. House", ["Dr. House"]),
    ("bully", "bullying bullet", ["bullying"]),
])  # fmt: skip
def test_entry(entry, text, expected):
    assert found([entry], text) == expected


def test_entries_of_one_language_take_only_its_endings_in_a_text_of_another():
    assert found(["herido", "dañado"], "here is a danado", "en", ("es",)) == ["danado"]
    assert found(["hablando"], "hablar", "en", ("es",)) == []
    assert found(["hablando"], "hablar", "es", ("es",)) == ["hablar"]
    assert found(["hablando"], "hablar", "", ("es",)) == ["hablar"]


@pytest.mark.parametrize(
    "entry",
    ["", "...", "ab*", "re:", "re:/", "re://", "re:/(/", "re:/a*/", "re:/.+/", "re:/(?=x)/", "re:/" + "x" * 600 + "/"],
)
def test_an_entry_that_could_never_be_meant_is_refused(entry):
    with pytest.raises(Refused):
        read_entry(entry)


def test_a_pattern_of_the_kind_that_hangs_others_is_linear_here():
    assert found(["re:/^(a|aa)+$/"], "a" * 50_000 + "!") == []


@given(st.text(max_size=400))
def test_any_text_can_be_read(text):
    for part in parts_of(Submission(Channel.MAIL, subject=text, new_text=text)):
        assert part.text in text
    for words in found(["harass", "hostile environment", "abc*", "re:/[0-9]+x/"], text):
        assert words in text


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(word):
    assert fold(fold(word)) == fold(word)


def test_memory_of_words_is_bounded(monkeypatch):
    from rules.text import lexicon as module

    monkeypatch.setattr(module, "MOST_REMEMBERED", 10)
    lexicon = Lexicon([(read_entry("harass"),)], LANGUAGES)
    for number in range(100):
        lexicon.units_of(f"word{number}")
    assert len(lexicon.remembered("")) <= 10
    assert lexicon.units_of("x" * 500) == ()
    assert "x" * 500 not in lexicon.remembered("")


@pytest.mark.parametrize(("value", "pattern", "expected"), [
    ("hr@acme.example", "HR@acme.example", True), ("hr@acme.example", "*@acme.example", True),
    ("hr@acme.example.evil", "*@acme.example", False),
    ("payroll@x", "payroll@*", True), ("note.PDF", "*.pdf", True), ("pdf", "*.pdf", False), ("abcabc", "a*b*c", True),
    ("ac", "a*c*c", False),
    ("José", "jose", True), ("", "*", True),
])  # fmt: skip
def test_star_stands_for_anything(value, pattern, expected):
    assert matches(value, pattern) is expected
