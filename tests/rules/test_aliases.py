"""The address that a mail was written to says what holds where nothing else does."""

from datetime import UTC, datetime

import pytest

import rules
from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.submission import Address, Submission
from cases.model.words import Channel
from rules.language.problems import RulesetInvalid
from rules.reference import ReferenceEngine

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
ALIASES = """
aliases:
  Payroll@Acme.example: {category: payroll, language: de}
  desk@provider.example: {team: outside, organisation: provider}
  people@acme.example: {team: payroll}
  plain@acme.example:
"""
OUTSIDE = "  outside: {members: [o@provider.example], organisation: provider, families: [administrative], hand_over: frontdesk}\n"


@pytest.fixture
def decide(small):
    text = small.replace("people:\n", f"{OUTSIDE}people:\n", 1).replace("\nslas:\n", f"{ALIASES}slas:\n", 1)
    text = text.split("\nrules:\n")[0] + "\nrules:\n  - {id: a, phase: route, when: {channel: form}, then: {tag: x}}\n"
    ruleset = rules.load(text)

    def run(*to, envelope=(), model="", confidence=0.9, **said):
        submission = Submission(
            channel=Channel.MAIL,
            sender=Address("", "sam@acme.example"),
            to=tuple(Address("", one) for one in to),
            envelope_recipients=tuple(envelope),
            subject="s",
            **said,
        )
        assessment = Assessment(category=model, confidence=confidence, scores=(), risk=0.0, model="m")
        decided = rules.decide(ruleset, submission, assessment, Context(), ReferenceEngine(ruleset.program), NOW)
        return decided.category, decided.team

    run.ruleset = ruleset
    return run


def test_a_default_category_holds_where_the_model_is_unsure(decide) -> None:
    assert decide("payroll@acme.example") == ("payroll", "payroll")
    assert decide("payroll@acme.example", model="leave", confidence=0.3) == ("payroll", "payroll")
    assert decide("payroll@acme.example", model="leave") == ("leave", "frontdesk")
    assert decide("hr@acme.example") == decide("plain@acme.example") == ("unsorted", "frontdesk")


def test_a_token_a_blind_copy_and_a_second_alias_are_understood(decide) -> None:
    assert decide("PAYROLL+abc234@acme.example")[0] == "payroll"
    assert decide("hr@acme.example", envelope=["payroll@acme.example"])[0] == "payroll"
    both = {"envelope": ["payroll@acme.example"]}, {"envelope": ["people@acme.example"]}
    assert len({decide("people@acme.example", "payroll@acme.example", **one) for one in both}) == 1


def test_a_team_takes_what_is_open_and_never_what_is_grave(decide) -> None:
    assert decide("people@acme.example", model="leave") == ("leave", "payroll")
    assert decide("people@acme.example", model="harassment_discrimination") == ("harassment", "er")
    assert decide("desk@provider.example", model="leave") == ("leave", "outside")
    assert decide("desk@provider.example", model="harassment_discrimination") == ("harassment", "er")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("payroll@acme.example: {category: pyroll}", "payroll"),
        ("payroll: {category: payroll}", "no mail address"),
        ("payroll@acme.example: {catgory: payroll}", "category"),
        ("payroll@acme.example: {team: nobody}", "nobody"),
    ],
)
def test_a_mistake_is_found_before_it_takes_effect(small, line, said) -> None:
    with pytest.raises(RulesetInvalid, match=said):
        rules.load(small.replace("\nslas:\n", f"\naliases:\n  {line}\nslas:\n", 1))
