"""Each row of the table "What it says" in the paper on the language, by its name."""

from datetime import UTC, datetime

import pytest

import rules
from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.submission import Address, Submission
from cases.model.words import Access, Authenticity, Channel
from rules.program import EngineFailed
from rules.reference import ReferenceEngine

ALWAYS = "{mentions: [gizmo]}"
PEOPLE = """[{address: erin@acme.example, name: Erin Hall, manager: cho@acme.example},
 {address: cho@acme.example, name: Cho Tanaka}, {address: chair@acme.example, name: Ada Chair},
 {address: audit@acme.example, name: Bo Audit}, {address: zed@acme.example, name: Zed Quill, grade: clerk}]"""


def test_phases_see_a_snapshot_of_the_earlier_ones(with_rules, decided):
    ruleset = with_rules(
        "- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {tag: first}}\n"
        "- {id: b, phase: assess, when: {tagged: first}, then: {tag: second}}\n"
        "- {id: c, phase: route, when: {tagged: first}, then: {tag: third}}"
    )
    assert decided(ruleset, "{text: gizmo}").fired == ("a", "c")


def test_several_rules_match_the_higher_priority_wins_then_the_file(with_rules, decided):
    ruleset = with_rules(
        "- {id: first, phase: classify, when: {mentions: [gizmo]}, then: {category: leave}}\n"
        "- {id: second, phase: classify, when: {mentions: [gizmo, x]}, then: {category: training}}\n"
        "- {id: high, phase: classify, priority: 5, when: {mentions: [gizmo, y]}, then: {category: payroll}}"
    )
    decision = decided(ruleset, "{text: gizmo}")
    assert decision.category == "payroll"
    assert decision.fired == ("high", "first", "second")
    lost = {entry.rule: entry.lost for entry in decision.trace}
    assert lost["first"] == ("category: leave (to high)",)
    assert lost["high"] == ()


def test_several_rules_match_lists_are_joined_and_access_is_the_stricter(with_rules, decided):
    ruleset = with_rules(
        "- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {tag: one, notify: counsel, access: sealed}}\n"
        "- {id: b, phase: assess, when: {mentions: [gizmo, x]}, then: {tag: two, notify: hr_leadership, access: restricted,"
        " escalate_to: counsel}}"
    )
    decision = decided(ruleset, "{text: gizmo}")
    assert decision.tags == ("one", "two")
    assert decision.access is Access.SEALED
    told = {address for notice in decision.notices for address in notice.recipients}
    assert {"legal@acme.example", "cho@acme.example"} <= told


def test_several_rules_match_the_earliest_deadline_of_each_kind_counts(with_rules, decided):
    ruleset = with_rules("- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {sla: directive}}")
    deadlines = {d.kind: (d.sla, d.due) for d in decided(ruleset, "{text: gizmo}").deadlines}
    assert deadlines["acknowledge"] == ("routine", datetime(2026, 3, 5, 10, tzinfo=UTC))
    assert deadlines["feedback"] == ("directive", datetime(2026, 6, 4, 9, tzinfo=UTC))  # 10:00 of summer time


def test_risk_and_access_only_rise_by_rule(with_rules, decided):
    ruleset = with_rules(
        "- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {raise_risk_to: low, access: managed}}"
    )
    decision = decided(ruleset, "{text: gizmo, model: {harassment: 0.9}}")
    assert (decision.risk, decision.access) == ("high", Access.RESTRICTED)


def test_who_decides_a_locked_rule_over_a_rule_over_the_model(with_rules, decided):
    text = (
        "- {id: plain, phase: classify, priority: 900, when: {mentions: [gizmo]}, then: {category: leave}}\n"
        "- {id: held, phase: classify, locked: true, when: {mentions: [widget]}, then: {category: training}}"
    )
    ruleset = with_rules(text)
    assert decided(ruleset, "{text: gizmo widget, model: {payroll: 0.9}}").category == "training"
    assert decided(ruleset, "{text: gizmo, model: {payroll: 0.9}}").category == "leave"
    assert decided(ruleset, "{text: nothing, model: {payroll: 0.9}}").category == "payroll"


def test_who_decides_a_later_phase_but_not_over_a_locked_rule(with_rules, decided):
    text = (
        "- {id: early, phase: assess, LOCK when: {mentions: [gizmo]}, then: {route_to: er}}\n"
        "- {id: late, phase: route, when: {mentions: [gizmo, x]}, then: {route_to: payroll}}"
    )
    assert decided(with_rules(text.replace("LOCK", "")), "{text: gizmo}").team == "payroll"
    assert decided(with_rules(text.replace("LOCK", "locked: true,")), "{text: gizmo}").team == "er"


@pytest.mark.parametrize("lock", ["", "locked: true,"])
def test_who_decides_a_rule_that_an_earlier_phase_agreed_with_keeps_its_rank(with_rules, decided, lock):
    text = (
        "- {id: agreed, phase: assess, when: {mentions: [gizmo]}, then: {route_to: er}}\n"
        f"- {{id: winner, phase: route, {lock} priority: 5, when: {{mentions: [gizmo, x]}}, then: {{route_to: er}}}}\n"
        "- {id: loser, phase: route, priority: PRIORITY, when: {mentions: [gizmo, y]}, then: {route_to: payroll}}"
    )
    decision = decided(with_rules(text.replace("PRIORITY", "50" if lock else "1")), "{text: gizmo}")
    assert decision.team == "er"
    lost = {entry.rule: entry.lost for entry in decision.trace}
    assert lost == {"agreed": (), "winner": (), "loser": ("route_to: payroll (to winner)",)}


def test_who_decides_a_person_is_never_overwritten_except_to_raise(small, decided):
    ruleset = rules.load(small)
    before = "{category: training, risk: moderate, access: managed, team: frontdesk, owner: fay@acme.example}"
    decision = decided(ruleset, f"{{text: I will sue the company., follow_up_of: {before}}}")
    assert (decision.category, decision.team, decision.owner) == ("training", "frontdesk", "fay@acme.example")
    assert (decision.risk, decision.escalated_to) == ("high", ("legal@acme.example",))
    calm = decided(ruleset, f"{{text: Thanks., follow_up_of: {before.replace('moderate', 'critical')}}}")
    assert calm.risk == "critical"


@pytest.mark.parametrize("model", ["{payroll: 0.59}", "{}", "{spam: 0.99}"])
def test_model_unsure_or_category_unknown_is_unsorted_with_a_persons_queue(small, decided, model):
    decision = decided(rules.load(small), f"{{text: Hello, model: {model}}}")
    assert (decision.category, decision.owner) == ("unsorted", "fay@acme.example")


def test_a_removed_category_lives_on_under_its_new_name(small, decided):
    ruleset = rules.load(small.replace("  training: {team", "  learning: {renamed_to: training}\n  training: {team"))
    assert decided(ruleset, "{text: Hi, model: {learning: 0.9}}").category == "training"
    assert decided(ruleset, "{text: Hi, follow_up_of: {category: learning}}").category == "training"


def everyone(decision):
    """Every address that a decision hands anything to."""
    told = [address for notice in decision.notices for address in notice.recipients]
    climbing = [address for rung in decision.ladder for address in (*rung.notify, *rung.escalate_to)]
    return {decision.owner, decision.backup, *decision.readers, *decision.escalated_to, *told, *climbing} - {""}


def test_exclusion_is_applied_last_to_every_recipient(with_rules, decided):
    ruleset = with_rules(
        "- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {sla: serious, escalate_to: [hr_leadership, guardian],"
        " notify: [owner, team, team_lead], route_to: er, exclude: [erin@acme.example, cho@acme.example,"
        " coo@acme.example, chair@acme.example]}}"
    )
    decision = decided(ruleset, "{text: gizmo}")
    assert everyone(decision) == {"eli@acme.example", "audit@acme.example"}


def test_exclusion_with_nobody_left_goes_to_the_guardian_who_is_not_excluded(with_rules, decided):
    rule = "- {id: a, phase: route, when: {mentions: [gizmo]}, then: {route_to: er, exclude: [er, chair@acme.example]}}"
    decision = decided(with_rules(rule), "{text: gizmo}")
    assert (decision.owner, decision.held_because) == ("audit@acme.example", "")


def test_exclusion_of_both_guardians_holds_the_case_with_an_alarm(with_rules, decided):
    rule = "- {id: a, phase: route, when: {mentions: [gizmo]}, then: {route_to: er, exclude: [er, guardian]}}"
    decision = decided(with_rules(rule), "{text: gizmo}")
    assert decision.owner == ""
    assert decision.held_because
    assert decision.alarms
    assert everyone(decision) == set()


def test_conflict_of_interest_is_built_in(small, decided):
    text = f"{{text: Erin Hall bullies me., directory: {PEOPLE}}}"
    decision = decided(rules.load(small), text)
    assert "erin@acme.example" not in everyone(decision)
    assert {exclusion.person for exclusion in decision.excluded} == {"erin@acme.example"}


def test_conflict_of_interest_takes_those_who_report_to_the_named(with_rules, decided):
    ruleset = with_rules(
        "- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {route_to: er, raise_risk_to: high}}"
    )
    decision = decided(ruleset, f"{{text: Cho Tanaka hid the gizmo., directory: {PEOPLE}}}")
    assert {"cho@acme.example", "erin@acme.example"} == {exclusion.person for exclusion in decision.excluded}
    assert decision.owner == "eli@acme.example"


def test_conflict_of_interest_takes_the_members_of_a_team_that_a_form_names(small):
    ruleset = rules.load(small)
    submission = Submission(Channel.FORM, new_text="It is unfair.", authenticity=Authenticity.PASS)
    decision = rules.decide(ruleset, submission, Assessment("harassment_discrimination", 0.9, (), 0.9),
                            Context(named_parties=("er",)), ReferenceEngine(ruleset.program),
                            datetime(2026, 3, 4, tzinfo=UTC))  # fmt: skip
    assert {"erin@acme.example", "eli@acme.example"} <= {exclusion.person for exclusion in decision.excluded}
    assert decision.owner == "chair@acme.example"


@pytest.mark.parametrize(("text", "owner"), [
    ("I want to complain about the payroll team.", "chair@acme.example"),
    ("Ich will mich über das Team Gehalt beschweren.", "chair@acme.example"),
    ("Dear payroll team, I complain about my pay.", "pia@acme.example"),
    ("The payroll team helped. I have no complaint. It is about my pay.", "pia@acme.example"),
])  # fmt: skip
def test_conflict_of_interest_takes_the_members_of_a_team_that_the_text_complains_about(small, decided, text, owner):
    labelled = small.replace("  payroll: {members", "  payroll: {label: {en: Payroll, de: Gehalt}, members")
    assert decided(rules.load(labelled), f'{{text: "{text}", model: {{payroll: 0.9}}}}').owner == owner


def test_conflict_of_interest_staff_do_not_handle_their_own_case(small, decided):
    decision = decided(rules.load(small), "{from: pia@acme.example, text: My pay., model: {payroll: 0.9}}")
    assert decision.owner == "omar@acme.example"


def test_text_matches_the_subject_and_the_new_text_but_no_quotes(small):
    ruleset = rules.load(small)
    engine = ReferenceEngine(ruleset.program)
    now = datetime(2026, 3, 4, tzinfo=UTC)

    def fired(**parts: str) -> tuple[str, ...]:
        submission = Submission(Channel.MAIL, sender=Address("", "bob@acme.example"), **parts)
        return rules.decide(ruleset, submission, Assessment("", 0, (), 0), Context(), engine, now).fired

    assert "harassment-report" in fired(subject="He harasses me")
    assert "harassment-report" in fired(new_text="He harasses me")
    assert "harassment-report" not in fired(text="> He harasses me", new_text="")


def test_text_of_a_forwarded_part_counts_and_the_trace_says_so(small, decided):
    decision = decided(rules.load(small), '{text: "See below.", forwarded: "He harasses me."}')
    (condition,) = decision.trace[0].conditions
    assert (condition.result, condition.evidence, condition.where) == (True, ("harasses",), "forwarded part")


@pytest.mark.parametrize("words", [
    "harassing", "HARASSED", "harassment", "bullies", "Belästigen", "belastigen", "belaestigen", "a hostile\nenvironment",
])  # fmt: skip
def test_words_match_whole_folded_for_case_accents_and_endings(small, decided, words):
    text = words.replace("\n", "\\n")
    assert decided(rules.load(small), f'{{text: "It is {text}."}}').category == "harassment"


@pytest.mark.parametrize("words", ["embarrass", "unharassable", "hostile. Environment", "bull"])
def test_words_do_not_match_parts_of_words_nor_across_sentences(small, decided, words):
    assert decided(rules.load(small), f'{{text: "It is {words}."}}').category == "unsorted"


def test_unknown_attribute_satisfies_neither_a_test_nor_its_negation(with_rules, decided):
    ruleset = with_rules(
        "- {id: is, phase: assess, when: {sender: {grade: clerk}}, then: {tag: is}}\n"
        "- {id: not, phase: assess, when: {none: [{sender: {grade: clerk}}]}, then: {tag: not}}"
    )
    assert decided(ruleset, "{from: nobody@acme.example}").fired == ()
    assert decided(ruleset, f"{{from: zed@acme.example, directory: {PEOPLE}}}").fired == ("is",)
    assert decided(ruleset, f"{{from: zed@acme.example, directory: {PEOPLE.replace('clerk', 'boss')}}}").fired == (
        "not",
    )
    unknown = decided(ruleset, "{from: nobody@acme.example}").trace
    assert [entry.conditions[0].result for entry in unknown] == [None, None]


def test_negation_i_was_not_harassed_still_matches_on_purpose(small, decided):
    assert decided(rules.load(small), "{text: I was not harassed.}").category == "harassment"


def test_negation_none_of(with_rules, decided):
    ruleset = with_rules("- {id: a, phase: assess, when: {none: [{mentions: [gizmo]}]}, then: {tag: a}}")
    assert decided(ruleset, "{text: gizmo}").fired == ()
    assert decided(ruleset, "{text: widget}").fired == ("a",)


@pytest.mark.parametrize(("authenticity", "fired", "template"), [
    ("pass", ("is",), "acknowledge"), ("none", ("is",), "acknowledge_brief"), ("fail", (), "acknowledge_brief"),
])  # fmt: skip
def test_sender_is_believed_only_as_far_as_its_authenticity(with_rules, decided, authenticity, fired, template):
    ruleset = with_rules("- {id: is, phase: assess, when: {sender: {grade: clerk}}, then: {tag: is}}")
    decision = decided(ruleset, f"{{from: zed@acme.example, authenticity: {authenticity}, directory: {PEOPLE}}}")
    assert (decision.fired, decision.acknowledgement) == (fired, template)
    if authenticity == "none":
        assert decision.trace[0].conditions[0].where == "unverified sender"


def test_tests_in_the_file_run_without_the_model(small, decided):
    ruleset = rules.load(small)
    assert decided(ruleset, "{text: x}").category == "unsorted"
    assert decided(ruleset, "{text: x, model: {training: 0.8}}").category == "training"


def test_time_says_whose_calendar(with_rules, decided):
    ruleset = with_rules("- {id: a, phase: assess, when: {time: {outside: office}}, then: {tag: a}}")
    for moment, fired in (("2026-03-04 12:45", ("a",)), ("2026-03-04 13:45", ()), ("2026-04-03 10:00", ("a",))):
        assert decided(ruleset, f"{{now: {moment}}}").fired == fired, moment  # lunch, afternoon, Good Friday


def test_time_a_deadline_never_moves_later_by_a_rule(with_rules, decided):
    ruleset = with_rules("- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {sla: directive}}")
    plain, more = ({d.kind: d.due for d in decided(ruleset, f"{{text: {text}, model: {{harassment: 0.9}}}}").deadlines}
                   for text in ("x", "gizmo"))  # fmt: skip
    assert all(more[kind] <= moment for kind, moment in plain.items())


def test_a_rule_changes_mid_case_the_decision_names_its_ruleset(small, decided):
    ruleset = rules.load(small)
    assert decided(ruleset, "{text: x}").ruleset == ruleset.hash != rules.load(small + "# changed\n").hash


def test_follow_ups_run_assess_and_route_again_and_classify_only_suggests(small, decided):
    decision = decided(
        rules.load(small), "{text: He harasses me. I want a tribunal., follow_up_of: {category: training}}"
    )
    assert (decision.category, decision.suggested_category) == ("training", "harassment")
    assert decision.fired == ("legal-threat",)
    assert decision.trace[0].fired
    assert decision.trace[0].set_fields == ()


def test_trials_switch_a_rule_off_by_themselves(with_rules, decided):
    ruleset = with_rules(
        "- {id: a, phase: assess, active: {from: 2026-03-01, until: 2026-03-31}, when: {mentions: [gizmo]}, then: {tag: a}}"
    )
    for moment, fired in (("2026-02-28 23:59", ()), ("2026-03-01 00:00", ("a",)), ("2026-03-31 23:59", ("a",)),
                          ("2026-04-01 00:00", ())):  # fmt: skip
        assert decided(ruleset, f"{{text: gizmo, now: {moment}}}").fired == fired, moment


def test_trials_watch_records_what_it_would_have_done(with_rules, decided):
    ruleset = with_rules(
        "- {id: a, phase: assess, watch: true, when: {mentions: [gizmo]}, then: {tag: a, raise_risk_to: high}}"
    )
    decision = decided(ruleset, "{text: gizmo}")
    (entry,) = decision.trace
    assert (entry.fired, entry.watched, entry.set_fields) == (True, True, ("tag a", "risk: at least high"))
    assert (decision.fired, decision.tags, decision.risk) == ((), (), "moderate")


class Failing:
    """An engine that fails so many times, then answers."""

    name = "durable-rules"

    def __init__(self, program, failures):
        self.failures, self.reference = failures, ReferenceEngine(program)

    def fire_many(self, phase, signals):
        if self.failures:
            self.failures -= 1
            return [EngineFailed()] * len(signals)
        return self.reference.fire_many(phase, signals)


@pytest.mark.parametrize(
    ("failures", "engine", "alarms"),
    [(0, "durable-rules", 0), (1, "durable-rules", 0), (2, "reference", 1), (9, "reference", 1)],
)
def test_an_engine_that_fails_twice_is_answered_by_the_reference_with_an_alarm(
    small, decided, failures, engine, alarms
):
    ruleset = rules.load(small)
    decision = decided(ruleset, "{text: He harasses me.}", Failing(ruleset.program, failures))
    assert (decision.engine, len(decision.alarms), decision.category) == (engine, alarms, "harassment")


@pytest.mark.parametrize(("risk", "fires"), [("", False), (", model_risk: 0.05", True), (", model_risk: 0.4", False)])
def test_a_risk_below_holds_only_of_a_text_that_the_model_has_read(with_rules, decided, risk, fires):
    ruleset = with_rules("- {id: calm, phase: assess, when: {model_risk: {below: 0.10}}, then: {tag: calm}}")
    decision = decided(ruleset, f"{{text: Hello., model: {{other: 0.9}}{risk}}}")
    assert ("calm" in decision.tags) is fires
