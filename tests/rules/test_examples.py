"""Every example of the reference page does what the page says."""

import pytest

import rules
from rules.language.reader import Reader
from rules.language.testlines import EXPECT
from rules.language.tree import parse
from rules.registry import actions, conditions
from rules.testing import _failures

PHASED = {"category", "family", "risk", "access", "team", "history", "tagged"}


@pytest.mark.parametrize("definition", conditions().values(), ids=lambda definition: definition.name)
def test_condition(with_rules, decided, definition):
    phase = "assess" if definition.name in PHASED else "classify"
    ruleset = with_rules(f"- {{id: tried, phase: {phase}, when: {definition.example.yaml}, then: {{tag: yes}}}}")
    assert decided(ruleset, definition.example.given).trace[0].fired
    assert not decided(ruleset, definition.example.otherwise).trace[0].fired


@pytest.mark.parametrize("definition", actions().values(), ids=lambda definition: definition.name)
def test_action(with_rules, decided, definition):
    phase = definition.phases[0]
    ruleset = with_rules(
        f"- {{id: tried, phase: {phase}, when: {{mentions: [gizmo]}}, then: {definition.example.yaml}}}"
    )
    given = "{text: gizmo, language: de, from: bob@acme.example}"
    reader = Reader((definition.example.expect,), zone="Europe/London", risk_levels=ruleset.risk_levels,
                    names={section: dict.fromkeys(getattr(ruleset, section)) for section in ("categories",)})  # fmt: skip
    expect = EXPECT.read(parse(definition.example.expect), reader)
    assert expect is not None, reader.problems
    assert list(_failures(expect, decided(ruleset, given), ruleset)) == []
    assert list(_failures(expect, decided(ruleset, given.replace("gizmo", "widget")), ruleset)) != []


@pytest.mark.parametrize(
    "definition", [*conditions().values(), *actions().values()], ids=lambda definition: definition.name
)
def test_said(definition):
    assert definition.about.endswith(".")
    assert definition.name.islower()


def test_the_starter_passes_its_own_tests_and_tries_every_rule():
    from rules.testing import run_tests

    ruleset = rules.load(rules.starter_text())
    report = run_tests(ruleset)
    assert [(result.test.name, result.failures) for result in report.results if not result.passed] == []
    assert report.untested == ()
    assert ruleset.warnings == ()
