"""The corpus as it stands, and what a reader of rows refuses."""

import json

import pytest

from cases.errors import Refused
from classifier import corpus
from classifier.duplicates import near_duplicates
from classifier.taxonomy import CLASSES

GOOD = {
    "id": "x1",
    "persona": "p",
    "language": "en",
    "subject": "",
    "text": "my pay is short",
    "category": "payroll",
    "also": ["leave"],
    "risk": "low",
    "kind": "report",
}


def line(**changes):
    return json.dumps(GOOD | changes)


def test_the_corpus_is_valid_and_covers_every_category():
    rows = corpus.load()
    assert {row.category for row in rows} == set(CLASSES)


def test_no_two_messages_of_the_corpus_say_nearly_the_same():
    assert near_duplicates((*corpus.load(), *corpus.frozen())) == []


def test_frozen_rows_are_not_in_the_corpus_and_cover_every_language():
    frozen, rows = corpus.frozen(), corpus.load()
    assert {row.language for row in frozen} == {"en", "de", "fr", "es"}
    assert not {row.id for row in frozen} & {row.id for row in rows}
    assert {row.category for row in frozen if row.language == "en"} == set(CLASSES)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"category": "nonsense"}, "nonsense"),
        ({"also": ["nonsense"]}, "nonsense"),
        ({"also": "leave"}, "not a list"),
        ({"also": ["payroll"]}, "repeats"),
        ({"risk": "huge"}, "huge"),
        ({"kind": "song"}, "song"),
        ({"language": "it"}, "'it'"),
        ({"persona": ""}, "persona"),
        ({"text": " "}, "neither subject nor text"),
        ({"text": 3}, "'text' is not a string"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(changes, words):
    with pytest.raises(Refused, match="file, line 4") as caught:
        corpus.parse(line(**changes), where="file, line 4")
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", '{"id": "x"}'])
def test_what_is_no_row_at_all_is_refused(text):
    with pytest.raises(Refused, match="here"):
        corpus.parse(text, where="here")


def test_an_id_used_twice_is_refused(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "payroll.jsonl").write_text(line() + "\n" + line() + "\n")
    with pytest.raises(Refused, match="twice"):
        corpus.load(tmp_path)


def test_a_row_in_another_languages_folder_is_refused(tmp_path):
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "payroll.jsonl").write_text(line() + "\n")
    with pytest.raises(Refused, match="folder"):
        corpus.load(tmp_path)


def test_the_hash_knows_contents_and_not_order_or_file(tmp_path):
    first, second = corpus.parse(line(), where=""), corpus.parse(line(id="x2", text="another"), where="")
    assert corpus.digest([first, second]) == corpus.digest([second, first])
    assert corpus.digest([first]) != corpus.digest([corpus.parse(line(risk="moderate"), where="")])


def test_near_duplicates_are_found_and_different_messages_are_not():
    one = corpus.parse(
        line(text="I have not been paid for the three night shifts that I worked in the bakery"), where=""
    )
    two = corpus.parse(
        line(id="x2", text="I have not been paid for the four night shifts that I worked in the bakery"), where=""
    )
    three = corpus.parse(
        line(id="x3", text="The printer on my floor eats every second page, could somebody look?"), where=""
    )
    found = near_duplicates([one, two, three])
    assert [(first, second) for first, second, _ in found] == [("x1", "x2")]
    assert found[0][2] > 0.7
