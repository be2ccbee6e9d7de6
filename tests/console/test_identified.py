"""An anonymous reporter says later who they are: for the custodians, apart from the words; nobody else sees more than that."""

import re

from flask.testing import FlaskClient
from heedtest.fronts import visit
from heedtest.offices import Office
from werkzeug.test import TestResponse

from cases.access.identity import keeping
from cases.store.engine import writing

GUS = "gus@acme.example"
NAME = "Ada Byron 4711"


def say_who(public: FlaskClient, receipt: str, **fields: str) -> TestResponse:
    token = re.search(r'name="token" value="(\w+)"', visit(public, receipt).text)
    assert token
    return visit(public, receipt, token=token[1], do="identify", **fields)


def test_who_they_are_lies_apart_and_is_read_by_grant_alone(office: Office, public: FlaskClient) -> None:
    reference, receipt = office.anonymous("The books are cooked.")
    assert "only what you have said" not in visit(public, receipt).text
    said = say_who(public, receipt, who=NAME, reach="room 12")
    assert "It is kept apart" in said.text
    office.triage()
    shown = visit(public, receipt)
    assert "You have said who you are" in shown.text
    assert NAME not in shown.text
    assert 'value="identify"' not in shown.text
    gus = office.sign_in(GUS)
    assert NAME not in gus.case(reference)
    assert "identity.given" in [verb for verb, _, _ in office.events(reference)]
    assert gus.post(f"/cases/{reference}/identity", reason="To ask a witness.").status_code == 303
    with writing(office.desk.record) as connection:
        assert keeping.is_known(connection, office.row(reference).id)


def test_said_twice_it_is_kept_once_and_nothing_said_keeps_nothing(office: Office, public: FlaskClient) -> None:
    reference, receipt = office.anonymous("The books are cooked.")
    empty = say_who(public, receipt, who="  ", reach="")
    assert empty.status_code == 422
    assert "Write your name" in empty.text
    token = re.search(r'name="token" value="(\w+)"', visit(public, receipt).text)
    assert token
    for _ in range(2):
        visit(public, receipt, token=token[1], do="identify", who=NAME)
        office.triage()
    assert [verb for verb, _, _ in office.events(reference)].count("identity.given") == 1


def test_what_was_typed_stays_when_the_page_is_too_old(office: Office, public: FlaskClient) -> None:
    _, receipt = office.anonymous("The books are cooked.")
    late = visit(public, receipt, token="x", do="identify", who=NAME)
    assert late.status_code == 409
    assert f'value="{NAME}"' in late.text
