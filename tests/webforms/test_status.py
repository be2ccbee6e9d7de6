"""The status link: GET looks nothing up and is the same for everybody; its button opens the request."""

import re

import pytest
from heedtest.sites import changed

from cases.keys.links import status_reader
from cases.model.codes import new_receipt, read_receipt, show_receipt
from cases.model.submission import Submission
from cases.model.words import Access, Channel, Status
from webforms.app import create_app

CODE = read_receipt(new_receipt(lambda _bits: 987654321))
OTHER = read_receipt(new_receipt(lambda _bits: 5))


@pytest.fixture
def case(world):
    made = world.add_case(
        "HR-3F8V-11TP", channel=Channel.MAIL, category="payroll", access=Access.MANAGED, status=Status.IN_PROGRESS
    )
    world.link(*made, status_reader(CODE))
    world.add_message(*made, Submission(channel=Channel.MAIL, subject="Overtime", new_text="Six hours are missing."))
    return made


@pytest.mark.parametrize("path", ["/s/{}", "/de/s/{}"])
def test_following_the_link_looks_nothing_up(world, case, helpers, path):
    class Untouchable:
        def __getattr__(self, name):
            raise AssertionError(name)

        ruleset = str

    person = helpers.person(create_app(changed(world, record=Untouchable())).test_client())
    right, wrong = (person.look(path.format(code)) for code in (CODE, OTHER))
    assert right.status_code == wrong.status_code == 200
    assert right.text.replace(CODE, "") == wrong.text.replace(OTHER, "")


def test_the_button_opens_the_request_and_no_address_carries_the_code(case, person, helpers):
    page = person.look(f"/en/s/{CODE}")
    page = person.post("/en/status", receipt=helpers.receipt(page))
    words = helpers.words(page)
    for expected in ("Your request", "HR-3F8V-11TP", "It is being worked on.", "Six hours are missing."):
        assert expected in words
    addresses = re.findall(r'(?:href|action|formaction|src)="([^"]*)"', page.text)
    assert addresses
    assert not [one for one in addresses if CODE in one or "/s/" in one]


def test_a_hyphenated_code_is_read_too(case, person):
    assert "Six hours" in person.post("/en/status", receipt=show_receipt(CODE).lower()).text


def test_a_further_message_comes_by_the_form_door(world, case, person, helpers):
    page = person.post("/en/status", receipt=CODE)
    person.post("/en/status", receipt=CODE, do="add", token=helpers.token(page), text="It was the 11th.")
    (row,) = world.envelopes()
    assert row["channel"] == "form"
    assert row["payload"]["case_link"] == {"kind": "status", "lookup": status_reader(CODE).lookup}
    assert "One message is still being added" in helpers.words(person.post("/en/status", receipt=CODE))


def test_wrong_codes_get_one_answer_and_share_the_limit(person):
    pages = [person.post("/en/status", receipt=code) for code in (OTHER, "x", "", "A" * 5_000_000)]
    assert {(page.status_code, page.data) for page in pages} == {(403, pages[0].data)}
    answers = [person.open("x").status_code for _ in range(70)]
    assert answers.count(403) == 56
    assert person.post("/en/status", receipt=OTHER).status_code == 429


def test_a_status_code_is_no_receipt_nor_the_other_way_round(case, person):
    assert person.open(CODE).status_code == 403


@pytest.mark.parametrize("link", ["%22%3E%3Cscript%3E", "a%0d%0aSet-Cookie:x=1", "A" * 4000, "%00", "%F0%28%8C%28"])
def test_a_hostile_link_is_just_a_wrong_one(person, link):
    page = person.look(f"/en/s/{link}")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert len(page.data) < 5000
