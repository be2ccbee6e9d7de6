"""Whoever comes back by receipt gets no mail, whenever it was promised."""

from heedtest.offices import Office
from sqlalchemy import update

from cases.model.acts import BY_RECEIPT
from cases.store import tables
from cases.store.engine import writing

PIA = "pia@acme.example"


def tag(office: Office, reference: str, tags: str) -> None:
    with writing(office.desk.record) as connection:
        connection.execute(update(tables.case).where(tables.case.c.reference == reference).values(tags=tags))


def test_a_reporter_by_receipt_gets_no_mail(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing.")
    office.send()
    tag(office, reference, BY_RECEIPT)
    pia = office.sign_in(PIA)
    assert "comes back by receipt" in pia.case(reference)
    assert pia.reply(reference, "Which week?").status_code == 303
    assert not [one for one in office.send() if one.to == "sam@acme.example"]


def test_an_answer_that_waits_for_the_relay_is_not_mailed_once_they_go_on_by_receipt(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing.")
    office.send()
    assert office.sign_in(PIA).reply(reference, "Which week?").status_code == 303
    tag(office, reference, BY_RECEIPT)
    assert not [one for one in office.send() if one.to == "sam@acme.example"]
    assert office.clocks(reference)["first_response"] == "met"
    assert "mail.withdrawn" in [verb for verb, _, _ in office.events(reference)]
