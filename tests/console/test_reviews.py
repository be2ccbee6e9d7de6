"""The case load is reviewed: one person looks it through, another signs, and who leads is reminded until then."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from heedtest.clockwork import Clockwork
from heedtest.offices import Office
from heedtest.year import case_row
from sqlalchemy import insert

from cases.store import tables
from cases.store.engine import writing
from gateway.settings.time import Reminders

LENA, GUS = "lena@acme.example", "gus@acme.example"


@pytest.fixture
def clockwork(office: Office) -> Clockwork:
    """Reviews alone are on, and there is one case, without an owner."""
    with writing(office.desk.record) as connection:
        connection.execute(insert(tables.case).values(case_row("c" * 32, office.clock[0]) | {"owner": ""}))
    off = dict.fromkeys(Reminders.model_fields, 0)
    return Clockwork(office.shop, Reminders.model_validate({**off, "review_days": 30}))


def days(office: Office, clockwork: Clockwork, number: int) -> list[tuple[str, str]]:
    """Let days pass; who was told what of reviews."""
    told = []
    for _ in range(number * 2):
        office.clock[0] += timedelta(hours=12)
        for mail in clockwork.run():
            message = message_from_bytes(mail.content, policy=policy.default)
            if message["Subject"] == "The review of the cases":
                told.append((mail.to, message.get_body(("plain",)).get_content().partition("\n")[0]))
    return told


def test_a_review_is_opened_looked_through_and_signed_by_a_second_person(office: Office, clockwork: Clockwork) -> None:
    assert days(office, clockwork, 29) == []
    ((to, line),) = days(office, clockwork, 2)
    assert to == LENA
    assert "are to be reviewed by" in line
    lena, gus = office.sign_in(LENA), office.sign_in(GUS)
    page = lena.get("/reviews").text
    (review,) = set(re.findall(r"/reviews/(\w+)/look", page))
    assert re.search(r"Without owner</dt><dd>1<", page)
    assert gus.post(f"/reviews/{review}/sign").status_code == 409  # nobody has looked it through
    assert lena.post(f"/reviews/{review}/look", words=" ").status_code == 409
    assert lena.post(f"/reviews/{review}/look", words="Payroll is slow on Mondays.").status_code == 303
    assert lena.post(f"/reviews/{review}/sign").status_code == 409  # not by the same person
    assert "Payroll is slow on Mondays." in gus.get("/reviews").text
    assert gus.post(f"/reviews/{review}/sign").status_code == 303
    assert gus.post(f"/reviews/{review}/sign").status_code == 409
    assert lena.post(f"/reviews/{review}/look", words="Too late.").status_code == 409
    assert days(office, clockwork, 25) == []
    assert len(days(office, clockwork, 6)) == 1  # the next one


def test_who_leads_is_reminded_before_its_day_and_the_guardian_hears_after_it(
    office: Office, clockwork: Clockwork
) -> None:
    days(office, clockwork, 31)
    assert days(office, clockwork, 4) == []
    ((to, line),) = days(office, clockwork, 2)
    assert (to, "is to be done and signed by" in line) == (LENA, True)
    assert {to for to, line in days(office, clockwork, 3) if "should have been signed by" in line} == {LENA, GUS}
    assert days(office, clockwork, 4) == []
    assert {to for to, _ in days(office, clockwork, 4)} == {LENA, GUS}


def test_who_does_not_lead_neither_looks_nor_signs(office: Office, clockwork: Clockwork) -> None:
    days(office, clockwork, 31)
    (review,) = set(re.findall(r"/reviews/(\w+)/look", office.sign_in(LENA).get("/reviews").text))
    auditor = office.sign_in("aud@acme.example")
    assert "/look" not in auditor.get("/reviews").text
    assert auditor.post(f"/reviews/{review}/look", words="x").status_code == 409
    assert office.sign_in("pia@acme.example").get("/reviews").status_code == 404
