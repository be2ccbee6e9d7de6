"""A directory file as HR systems write it, and every slip with its line and column."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.directory.reading import read_people
from cases.errors import Refused

GOOD = """E-mail;Name;Reports to;Department;Site;Country;Job title;Preferred language;Other addresses;Known as
Erin.Hall@acme.example;Erin Hall;cho@acme.example;People;Leeds;GB;Head of HR;en-GB;e.hall@acme.example|erin@acme.example;Ernie
cho@acme.example;"Tanaka; Cho";;Board;London;GB;Chief;;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_of_a_spreadsheet_is_read(encoding) -> None:
    found = read_people(GOOD.encode(encoding))
    assert found.problems == found.warnings == ()
    erin, cho = found.people
    assert (erin.address, erin.manager, erin.location, erin.job_title) == (
        "erin.hall@acme.example", "cho@acme.example", "Leeds", "Head of HR",
    )  # fmt: skip
    assert (erin.language, erin.aliases, erin.nicknames) == (
        "en",
        ("e.hall@acme.example", "erin@acme.example"),
        ("Ernie",),
    )
    assert cho.name == "Tanaka; Cho"


def test_windows_letters_are_read() -> None:
    assert read_people("mail,name\njn@x.example,José Núñez\n".encode("cp1252")).people[0].name == "José Núñez"


@pytest.mark.parametrize(("lines", "said"), [
    (["anna.example,Anna,"], "line 2, address: “anna.example” is no mail address"),
    ([",Anna,"], "line 2, address: is empty"),
    (["a@x.example,Anna,a@x.example"], "line 2, manager: is the person's own address"),
    (["a@x.example,Anna,", "", "A@X.example,Bo,"], "line 4, address: a@x.example stands in line 2 already"),
    (["a@x.example,Anna,b@x.example", "b@x.example,Bo,a@x.example"],
     "line 2, manager: the reporting line runs in a circle: a@x.example → b@x.example → a@x.example"),
    (["a@x.example,Smith, Anna,b@x.example"],
     "line 2: has 4 cells where the heading has 3: a separator in a value needs quotes"),
    (["a@x.example," + "n" * 201 + ","], "line 2, name: is longer than 200 characters"),
])  # fmt: skip
def test_a_slip_is_told_with_its_place(lines, said) -> None:
    found = read_people("\n".join(["address,name,manager", *lines]).encode())
    assert [str(one) for one in found.problems] == [said]


@pytest.mark.parametrize(("raw", "said"), [
    (b"", "the file is empty"),
    (b"address,nmae\na@x.example,A\n", "line 1: the column “nmae” is not known; did you mean “name”?"),
    (b"name\nAnna\n", "line 1: no column holds the address"),
    (b"address,mail\na@x.example,b@x.example\n", "line 1: two columns are address"),
    (b'address,name\na@x.example,"Anna\n', "a quote is not closed"),
    (b"address,name\n", "there is nobody in the file"),
])  # fmt: skip
def test_what_is_no_table_of_people_is_refused(raw, said) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        read_people(raw)


def test_what_is_odd_is_said_and_taken() -> None:
    found = read_people(b"address,name,manager\na@x.example,,boss@holding.example\n")
    assert [str(one) for one in found.warnings] == [
        "line 2, manager: boss@holding.example is not in the file", "line 2, name: is empty: nobody can be recognised by it",
    ]  # fmt: skip
    assert len(found.people) == 1


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: ("address,name\n" + text).encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused_in_words(raw) -> None:
    try:
        found = read_people(raw)
    except Refused as error:
        assert str(error)  # noqa: PT017  the words are the promise
    else:
        assert found.people or found.problems
