"""Who gets a case, by each way of choosing, and what happens to those who are away."""

from datetime import UTC, datetime, timedelta

import pytest

import rules
from cases.model.assessment import Assessment
from cases.model.context import Context, NoDirectory, Person
from cases.model.submission import Address, Submission
from cases.model.words import Authenticity, Channel
from rules.language.problems import RulesetInvalid
from rules.reference import ReferenceEngine


class Known:
    """A history with these open cases and this number of the next turn."""

    def __init__(self, loads=None, turn=0):
        self.loads, self.number = loads or {}, turn

    def count(self, alike):
        return 0

    def open_by_owner(self):
        return self.loads

    def turn(self, team):
        return self.number


@pytest.fixture
def owner(small):
    def choose(
        team,
        *,
        loads=None,
        turn=0,
        absent=(),
        now=datetime(2026, 3, 4, 10, tzinfo=UTC),
        language="en",
        then="",
        **around,
    ):
        before, after = small.split("\nrules:\n")[0].split("  er: {members", 1)
        text = f"{before}  er: {team}\n{after.split(chr(10), 1)[1]}"
        text += f"\nrules:\n  - {{id: a, phase: route, when: {{channel: mail}}, then: {{route_to: er{then}}}}}\n"
        ruleset = rules.load(text)
        submission = Submission(
            Channel.MAIL, sender=Address("", "bob@acme.example"), authenticity=Authenticity.PASS, language=language
        )
        context = Context(history=Known(loads, turn), absent=frozenset(absent), **around)
        return rules.decide(
            ruleset, submission, Assessment("", 0, (), 0), context, ReferenceEngine(ruleset.program), now
        )

    return choose


THREE = "members: [a@x.example, b@x.example, c@x.example]"


def test_least_open_takes_the_freest_then_the_first(owner):
    team = f"{{{THREE}, assign: least_open}}"
    assert owner(team).owner == "a@x.example"
    assert owner(team, loads={"A@x.example": 2, "b@x.example": 1, "c@x.example": 1}).owner == "b@x.example"
    assert owner(team, absent=["a@x.example", "B@X.example"]).owner == "c@x.example"


def test_load_spares_who_has_enough_unless_all_have(owner):
    team = f"{{{THREE}, assign: first, load: {{a@x.example: 2, b@x.example: 1, c@x.example: 1}}}}"
    assert owner(team, loads={"a@x.example": 2}).owner == "b@x.example"
    assert owner(team, loads={"a@x.example": 9, "b@x.example": 9, "c@x.example": 9}).owner == "a@x.example"


@pytest.mark.parametrize(("turn", "who"), [(0, "a"), (1, "b"), (2, "c"), (3, "a"), (7, "b")])
def test_round_robin_takes_whose_turn_it_is(owner, turn, who):
    assert owner(f"{{{THREE}, assign: round_robin}}", turn=turn).owner == f"{who}@x.example"


def test_round_robin_passes_over_who_is_away(owner):
    team = f"{{{THREE}, assign: round_robin}}"
    assert [owner(team, turn=turn, absent=["b@x.example"]).owner[0] for turn in range(4)] == ["a", "c", "a", "c"]


@pytest.mark.parametrize(("weeks", "who"), [(0, "a"), (1, "b"), (2, "c"), (3, "a"), (-1, "c")])
def test_on_call_turns_weekly(owner, weeks, who):
    team = f"{{{THREE}, assign: on_call, on_call_from: 2026-01-05}}"
    moment = datetime(2026, 1, 7, 10, tzinfo=UTC) + timedelta(weeks=weeks)
    assert owner(team, now=moment).owner == f"{who}@x.example"


def test_skill_is_preferred_where_someone_has_it(owner):
    team = f"{{{THREE}, assign: first, skills: {{de: [c@x.example]}}}}"
    assert owner(team, language="de", then=", assign_to_skill: language").owner == "c@x.example"
    assert owner(team, language="fr", then=", assign_to_skill: language").owner == "a@x.example"
    assert owner(team, language="de", absent=["c@x.example"], then=", assign_to_skill: de").owner == "a@x.example"


def test_all_away_the_backup_takes_over_and_without_one_somebody_of_the_team(owner):
    away = ["a@x.example", "b@x.example", "c@x.example"]
    assert owner(f"{{{THREE}, backup: d@x.example}}", absent=away).owner == "d@x.example"
    assert owner(f"{{{THREE}}}", absent=away).owner == "a@x.example"


def test_excluded_the_whole_team_the_backup_takes_over_before_the_guardian(owner):
    assert owner(f"{{{THREE}, backup: d@x.example}}", then=", exclude: er").owner == "d@x.example"
    assert owner(f"{{{THREE}, backup: d@x.example}}", then=", exclude: [er, d@x.example]").owner == "chair@acme.example"


def test_a_group_in_conflict_is_stood_in_for_by_its_backup(with_rules, decided):
    rule = "- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {escalate_to: GROUP, exclude: [cho@acme.example, counsel]}}"
    assert decided(with_rules(rule.replace("GROUP", "hr_leadership")), "{text: gizmo}").escalated_to == (
        "coo@acme.example",
    )
    told = decided(with_rules(rule.replace("GROUP", "counsel")), "{text: gizmo}").escalated_to
    assert told == ("chair@acme.example", "audit@acme.example")
    away = decided(with_rules(rule.replace("GROUP", "guardian")), "{text: gizmo, absent: [chair@acme.example]}")
    assert away.escalated_to == ("audit@acme.example",)


def test_urgent_and_critical_notices_say_so(with_rules, decided):
    rule = "- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {escalate_to: counsel, FLAG}}"
    for flag, urgent in (("tag: x", False), ("urgent: true", True), ("raise_risk_to: critical", True)):
        notices = decided(with_rules(rule.replace("FLAG", flag)), "{text: gizmo}").notices
        assert notices[0].kind == "escalation"
        assert notices[0].urgent is urgent


OUTSIDE = "  out: {members: [agent@provider.example], organisation: provider, families: [administrative], hand_over: frontdesk}\n"


@pytest.mark.parametrize(("then", "team"), [
    ("tag: x", "out"), ("raise_risk_to: moderate", "out"), ("raise_risk_to: high", "frontdesk"),
    ("access: restricted", "frontdesk"),
])  # fmt: skip
def test_an_outside_team_hands_over_what_it_may_not_take(small, decided, then, team):
    text = small.replace("teams:\n", f"teams:\n{OUTSIDE}").replace(
        "  training: {team: frontdesk", "  training: {team: out"
    )
    text = (
        text.split("\nrules:\n")[0]
        + f"\nrules:\n  - {{id: a, phase: assess, when: {{mentions: [gizmo]}}, then: {{{then}}}}}\n"
    )
    decision = decided(rules.load(text), "{text: gizmo, model: {training: 0.9}}")
    assert decision.team == team
    assert ("agent@provider.example" in decision.readers) == (team == "out")


def test_an_outsider_is_told_nothing_of_what_goes_inside(small, decided):
    text = small.replace("teams:\n", f"teams:\n{OUTSIDE}").split("\nrules:\n")[0]
    text += "\nrules:\n  - {id: a, phase: assess, when: {mentions: [gizmo]}, then: {notify: out, access: restricted}}\n"
    text += "  - {id: b, phase: assess, when: {mentions: [widget]}, then: {notify: out}}\n"
    ruleset = rules.load(text)
    told = [one for notice in decided(ruleset, "{text: gizmo}").notices for one in notice.recipients]
    assert "agent@provider.example" not in told
    open_case = decided(ruleset, "{text: widget, model: {training: 0.9}}")
    assert "agent@provider.example" in [one for notice in open_case.notices for one in notice.recipients]


@pytest.mark.parametrize(("old", "new", "message"), [
    ("families: [administrative]", "families: [unsorted]", "may not take this family in category training"),
    (", families: [administrative]", "", "a team of another organisation says what it may take in team out"),
    ("hand_over: frontdesk", "hand_over: out", "a team of another organisation hands over to one of your own in team out"),
    ("training: {team: out", "training: {access: restricted, team: out", "never sees restricted cases"),
    ("unsorted: {team: frontdesk", "unsorted: {family: administrative, team: out", "may not take this family"),
])  # fmt: skip
def test_an_outside_team_takes_only_what_it_lists(small, old, new, message):
    text = small.replace("teams:\n", f"teams:\n{OUTSIDE}").replace("training: {team: frontdesk", "training: {team: out")
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(text.replace(old, new))
    assert message in str(caught.value)


class ByAlias(NoDirectory):
    """Bea signs in with another address than the ruleset names."""

    def find(self, address):
        bea = Person(address="bea@x.example", aliases=("b@x.example",))
        return bea if address.lower() in {"b@x.example", "bea@x.example"} else None


@pytest.mark.parametrize(
    ("team", "loads", "absent", "who"),
    [
        ("{members: [b@x.example, c@x.example], assign: first}", None, (), "bea@x.example"),
        ("{members: [b@x.example, c@x.example], assign: first}", None, ("bea@x.example",), "c@x.example"),
        ("{members: [b@x.example, c@x.example], assign: least_open}", {"bea@x.example": 3}, (), "c@x.example"),
    ],
)
def test_who_is_named_by_an_alias_gets_it_at_the_address_they_sign_in_with(owner, team, loads, absent, who):
    staff = frozenset({"bea@x.example", "c@x.example"})
    found = owner(team, loads=loads, absent=absent, directory=ByAlias(), staff=staff)
    assert found.owner == who
    assert "b@x.example" not in {found.owner, found.backup, *found.readers}
    assert "b@x.example" not in {one for notice in found.notices for one in notice.recipients}
