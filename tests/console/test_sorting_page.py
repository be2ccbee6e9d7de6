"""Sorting a case anew, what becomes of it as a correction, and the look at what the classifier was wary of."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from heedtest.offices import Office, once_in, open_office
from sqlalchemy import select

from cases.handling import levels
from cases.model.assessment import Assessment
from cases.model.words import Access
from cases.store import corrections
from cases.store.engine import reading, writing
from cases.store.learning_tables import correction

RULES = (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")
SAM = "Sam Zwiebel <sam@acme.example>"
TEXT = "My payslip of 1,234.50 is wrong, call 0151 2345678.\nSam Zwiebel"


@dataclass
class Wary:
    """A model that is wary of everything, and not sure of anything."""

    category: str = ""

    def assess_many(self, messages):
        scores = (("payroll", 0.4), ("harassment", 0.3), ("leave", 0.2))
        one = Assessment(self.category, 0.4, scores, 0.4, ("payroll", "harassment", "leave"), model="w", caution=True)
        return [one for _ in messages]


def learned(office: Office) -> list[corrections.StoredCorrection]:
    with reading(office.shop.record) as connection:
        return corrections.every(connection, office.shop.keys.service)


def test_a_changed_category_becomes_a_masked_sealed_correction(office):
    reference = office.mail(SAM, "Help", TEXT.replace("payslip", "bonus"))
    fay = office.sign_in("fay@acme.example")
    assert fay.post(f"/cases/{reference}/category", category="payroll").status_code == 303
    (one,) = learned(office)
    assert (one.category, one.risk, office.row(reference).category) == ("payroll", "moderate", "payroll")
    for gone in ("zwiebel", "sam", "2345678", "1,234"):
        assert gone not in one.words.lower()
    assert "bonus" in one.words
    assert ("category.changed", "fay@acme.example") in [event[:2] for event in office.events(reference)]
    with reading(office.shop.record) as connection:
        assert b"bonus" not in connection.execute(select(correction.c.content)).scalar_one()


def test_nothing_is_learned_of_an_anonymous_case_or_one_that_is_sealed_later(office):
    office.anonymous("They harass me about my payslip")
    reference = office.mail(SAM, "Help", "What is this about?")
    lena = office.sign_in("lena@acme.example")
    assert lena.post(f"/cases/{reference}/category", category="payroll").status_code == 303
    assert len(learned(office)) == 1
    with writing(office.shop.record) as connection:
        levels.raise_access(connection, reference, office.hand("fay@acme.example"), Access.SEALED)
    with reading(office.shop.record) as connection:
        assert connection.execute(select(correction.c.id)).all() == []


def test_a_lower_risk_takes_a_reason_and_from_high_on_a_second_person(office):
    reference = office.mail(SAM, "Help", "They harass me")
    erin = office.sign_in("erin@acme.example")

    def ask(reason: str):
        once = once_in(erin.case(reference), "risk")
        return erin.post(f"/cases/{reference}/risk", risk="low", reason=reason, once=once)

    assert ask("").status_code == 409
    assert ask("it was a drill").status_code == 303
    assert office.row(reference).risk == "high"
    assert erin.post(f"/cases/{reference}/risk", do="agree").status_code == 409
    lena = office.sign_in("lena@acme.example")
    assert "asks for the risk to be low" in lena.case(reference)
    assert lena.post(f"/cases/{reference}/risk", do="agree").status_code == 303
    assert office.row(reference).risk == "low"
    assert [one.risk for one in learned(office)] == ["low"]


def test_what_the_classifier_is_wary_of_is_not_quoted_until_a_triager_has_looked(office):
    office.mail(SAM, "One", "My payslip is mauve")
    office.pass_time(minutes=5)
    assert any(b"mauve" in one.content for one in office.send())
    office.shop.model = Wary("payroll")
    reference = office.mail(SAM, "Two", "My payslip is crimson")
    assert office.row(reference).needs_look
    office.pass_time(minutes=5)
    sent = office.send()
    assert any(reference.encode() in one.content and one.to == "pia@acme.example" for one in sent)
    assert not any(b"crimson" in one.content for one in sent)
    pia, tria = office.sign_in("pia@acme.example"), office.sign_in("tria@acme.example")
    assert pia.post(f"/cases/{reference}/looked").status_code == 404
    assert reference in tria.get("/cases?view=look").text
    assert "I have looked" in tria.case(reference)
    assert tria.post(f"/cases/{reference}/looked", do="keep").status_code == 303
    assert not office.row(reference).needs_look
    assert reference not in tria.get("/cases?view=look").text
    assert "case.looked_at" in [verb for verb, _, _ in office.events(reference)]


def test_an_outside_team_gets_what_the_classifier_is_wary_of_only_after_a_look(tmp_path, monkeypatch):
    team = (
        "outside: {members: [omar@acme.example], organisation: Payco, families: [administrative], hand_over: frontdesk}"
    )
    rules = RULES.replace("teams:\n", f"teams:\n  {team}\n").replace(
        "{en: Payroll}, team: payroll", "{en: Payroll}, team: outside"
    )
    rules = rules.replace("category: payroll, team: payroll}", "category: payroll, team: outside}")
    with open_office(tmp_path, rules) as office:
        office.shop.model = Wary("payroll")
        reference = office.mail(SAM, "Two", "My payslip is crimson")
        row = office.row(reference)
        assert (row.team, row.meant_for, row.owner) == ("frontdesk", "outside", "fay@acme.example")
        tria = office.sign_in("tria@acme.example")
        assert tria.post(f"/cases/{reference}/looked", do="send").status_code == 303
        row = office.row(reference)
        assert (row.team, row.meant_for, row.owner) == ("outside", "", "omar@acme.example")


def test_three_suggestions_are_one_click_away_where_nobody_was_sure(office):
    office.shop.model = Wary()
    reference = office.mail(SAM, "Hello", "Something is odd")
    fay = office.sign_in("fay@acme.example")
    page = fay.case(reference)
    assert "The classifier was not sure. Its likeliest:" in page
    assert '<button class="quiet small" name="category" value="payroll"' in page
    assert fay.post(f"/cases/{reference}/category", category="payroll").status_code == 303
    assert "Its likeliest:" not in fay.case(reference)


@pytest.mark.parametrize(
    ("who", "status"), [("hana@acme.example", 200), ("lena@acme.example", 200), ("fay@acme.example", 404)]
)
def test_the_model_page_is_for_hr_ops_and_leads(office, who, status):
    assert office.sign_in(who).get("/model").status_code == status
