"""The console's work on both databases: sign-in, list, read, answer, hand on a sealed case, close, reopen, publish."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from heedtest.offices import Office, once_in, open_office

from cases.audit.verifying import verify
from cases.store.engine import reading

RULES = (Path(__file__).parents[1] / "console" / "rules.yaml").read_text(encoding="utf-8")


@pytest.fixture
def office(stores, tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, RULES, stores=stores) as opened:
        yield opened


def test_a_day_at_the_desk(office: Office) -> None:
    payslip = office.mail("sam@acme.example", "My payslip", "The overtime is missing")
    office.mail("ben@acme.example", "Please help", "They harass me, Erin does")
    browser = office.sign_in("pia@acme.example")
    assert "1 case" in browser.get("/cases?view=team").text
    assert browser.reply(payslip, "In the next run.").status_code == 303
    once = once_in(browser.case(payslip), "note")
    assert browser.post(f"/cases/{payslip}/note", text="Checked.", once=once).status_code == 303
    assert browser.post(f"/cases/{payslip}/assign", person=office.ids["omar@acme.example"]).status_code == 303
    assert browser.post(f"/cases/{payslip}/close", outcome="answered").status_code == 303
    assert browser.post(f"/cases/{payslip}/reopen").status_code == 303
    row = office.row(payslip)
    assert (row.owner, row.status, row.outcome, row.closed_at) == ("omar@acme.example", "reopened", "", None)
    assert any(b"In the next run." in mail.content for mail in office.send())
    page = browser.case(payslip)
    assert page.index("In the next run.") < page.index("Checked.")
    with reading(office.desk.record) as connection:
        assert verify(connection).broken is None


def test_a_sealed_case_is_opened_by_a_vault_and_handed_on(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    gus, erin = office.sign_in("gus@acme.example"), office.sign_in("erin@acme.example")
    assert "The books are cooked." in gus.case(reference)
    assert erin.get(f"/cases/{reference}").status_code == 404
    assert gus.post(f"/cases/{reference}/assign", person=office.ids["erin@acme.example"]).status_code == 303
    assert "The books are cooked." in erin.case(reference)
