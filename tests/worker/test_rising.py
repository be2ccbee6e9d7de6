"""What a reply raises in its case: access, a legal hold, a second closer, its hands. It never lowers, nor moves it otherwise."""

from email import message_from_bytes, policy

import pytest
from heedtest.worker import mail, rows
from sqlalchemy import update

from cases.model.acts import CLOSED_BY_TWO, SEALING_ASKED
from cases.store import rulesets, tables
from cases.store.engine import writing
from rules import load
from rules.demands import demands_of

RULES = """
  - id: pay
    phase: classify
    when: {mentions: [overtime]}
    then: {category: payroll}
  - id: danger
    phase: assess
    when: {mentions: [gun]}
    then: {raise_risk_to: critical, access: restricted, review_before_close: true}
  - id: claim
    phase: assess
    when: {mentions: [tribunal]}
    then: {legal_hold: true}
  - id: secret
    phase: assess
    when: {mentions: [bribe]}
    then: {access: sealed}
  - id: third
    phase: assess
    when: {history: {same: [sender, category], at_least: 2, within: 90 days}}
    then: {tag: again}
  - id: pattern
    phase: assess
    when: {history: {same: [party], at_least: 2, within: 90 days}}
    then: {tag: pattern}
"""
OUTSIDE = """teams:
  outside: {members: [agent@provider.example], organisation: provider, families: [administrative], hand_over: payroll}
"""


@pytest.fixture
def office(bench):
    with writing(bench.shop.record) as connection:
        text = (rulesets.published(connection) + RULES).replace("teams:\n", OUTSIDE)
        text = text.replace(
            "payroll:    {label: {en: Payroll}, team: payroll", "payroll:    {label: {en: Payroll}, team: outside"
        )
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=bench.shop.now())
    return bench


def asked(office, text: str = "My overtime is missing.", subject: str = "My payslip") -> str:
    """A case; the Message-ID of its acknowledgement."""
    office.deliver(mail(subject=subject, text=text))
    office.triage()
    sent = next(one for one in office.send() if one.to == "sam@acme.example")
    return message_from_bytes(sent.content, policy=policy.default)["Message-ID"]


def after(office, text: str):
    """The one case after a reply."""
    known = asked(office)
    office.deliver(mail(text=text, reply_to=known))
    office.triage()
    (case,) = rows(office.shop.record, tables.case)
    return case


def put(office, **values) -> None:
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).values(**values))


def test_a_reply_that_asks_for_it_restricts_the_case_and_takes_two_to_close(office):
    case = after(office, "He has a gun.")
    assert (case.risk, case.access) == ("critical", "restricted")
    assert CLOSED_BY_TWO in case.tags.split()
    with writing(office.shop.record) as connection:
        ruleset = load(rulesets.published(connection))
    assert demands_of(ruleset, case.category, None, ()).second_person  # nobody without a key can tell
    bare = demands_of(ruleset, case.category, FakeDecision, case.tags.split())
    assert bare.second_person
    assert not demands_of(ruleset, case.category, FakeDecision, ()).second_person


class FakeDecision:
    """What the opening decision asked for: nothing."""

    category = checklist = ""
    review_before_close = False


def test_a_reply_sets_a_legal_hold(office):
    assert after(office, "See you at the tribunal.").legal_hold


def test_a_reply_that_would_seal_restricts_at_once_and_says_so(office):
    case = after(office, "She takes a bribe.")
    assert case.access == "restricted"
    assert SEALING_ASKED in case.tags.split()


def test_a_calm_reply_changes_nothing(office):
    before = asked(office)
    put(office, access="restricted", legal_hold=True, risk="critical", tags=CLOSED_BY_TWO, team="payroll")
    office.deliver(mail(text="Thank you.", reply_to=before))
    office.triage()
    (case,) = rows(office.shop.record, tables.case)
    assert (case.access, case.legal_hold, case.risk, case.tags) == ("restricted", True, "critical", CLOSED_BY_TWO)
    assert case.team == "payroll"


def test_a_reply_that_a_provider_may_not_have_goes_inside_at_once(office):
    put_there = asked(office)
    (case,) = rows(office.shop.record, tables.case)
    assert (case.team, case.owner) == ("outside", "agent@provider.example")
    office.deliver(mail(text="He has a gun.", reply_to=put_there))
    office.triage()
    (case,) = rows(office.shop.record, tables.case)
    assert (case.team, case.owner) == ("payroll", "pia@acme.example")
    (left,) = rows(office.shop.record, tables.hand_over)
    assert left.from_team == "outside"
    office.pass_time(seconds=5)
    told = {one.to for one in office.send()}
    assert "pia@acme.example" in told
    assert "agent@provider.example" not in told


def test_a_reply_is_no_earlier_case_of_its_own(office):
    assert "again" not in after(office, "Any news?").tags.split()
    asked(office, "The overtime of May is missing too.", "May")
    assert sorted("again" in case.tags.split() for case in rows(office.shop.record, tables.case)) == [False, True]


def test_cases_about_one_person_are_counted_whoever_writes(office):
    about = "He gropes me: {} I mean cho@acme.example."
    office.deliver(mail(sender="sue@acme.example", subject="Help", text=about.format("Monday.")))
    office.triage()
    office.deliver(mail(sender="tom@acme.example", subject="Help", text=about.format("Tuesday.")))
    office.triage()
    first, second = sorted(rows(office.shop.record, tables.case), key=lambda case: case.opened_at)
    assert ("pattern" in first.tags.split(), "pattern" in second.tags.split()) == (False, True)
