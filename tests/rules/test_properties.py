"""Random rulesets and submissions: whatever the rules say, these hold."""

import random
import string
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from cases.model.assessment import Assessment
from cases.model.context import Context, Person
from cases.model.directory import PeopleDirectory
from cases.model.submission import Address, Submission
from cases.model.words import Authenticity, Channel
from rules.engine.guard import GuardedEngine
from rules.engine.installed import available
from rules.expressions import Evaluation
from rules.facts import Facts
from rules.language.problems import RulesetInvalid
from rules.plan import plan_of
from rules.program import MOST_SIGNALS, Program, ProgramRule
from rules.reference import ReferenceEngine
from rules.ruleset import PHASES
from rules.testing import GivenHistory

WORDS = ("gizmo", "widget", "sprocket", "flange", "gasket")
STAFF = ("pia", "omar", "erin", "eli", "fay", "cho", "coo", "legal", "chair", "audit")
PEOPLE = tuple(Person(f"{name}@acme.example", f"{name.title()} Quillfeather{name}", grade="boss") for name in STAFF)
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)

leaf = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(
        lambda words: f"{{mentions: [{', '.join(words)}]}}"),
    st.sampled_from([
        "{sender: {grade: boss}}", "{sender: {known: true}}", "{channel: [mail, form]}", "{authenticity: pass}",
        "{model: payroll, at_least: 0.5}", "{model_risk: {at_least: 0.5}}", "{party: {in_team: er}}", "{language: de}",
        "{automatic: false}", "{follow_up: false}", "{time: {inside: office}}",
        "{history: {same: [sender], at_least: 3, within: 90 days}}",
    ]),
)  # fmt: skip
condition = st.recursive(
    leaf,
    lambda inner: st.tuples(st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=3)).map(
        lambda pair: f"{{{pair[0]}: [{', '.join(pair[1])}]}}"
    ),
    max_leaves=6,
)
action = st.sampled_from([
    "raise_risk_to: high", "raise_risk_to: low", "access: sealed", "access: managed", "route_to: er", "route_to: payroll",
    "escalate_to: [hr_leadership, counsel]", "notify: [owner, team_lead]", "exclude: [named_people, their_reports]",
    "exclude: [er, cho@acme.example]", "tag: one", "tag: [two, three]", "sla: directive", "sla: pay", "legal_hold: true",
])  # fmt: skip
rule = st.tuples(
    st.sampled_from(["classify", "assess", "route"]), condition, st.lists(action, min_size=1, max_size=3),
    st.integers(-3, 3), st.booleans(), st.booleans(),
)  # fmt: skip
submissions = st.builds(
    lambda words, channel, sender, authenticity, language: Submission(
        channel, sender=Address("", sender), new_text=" ".join(words), authenticity=authenticity, language=language
    ),
    st.lists(st.sampled_from([*WORDS, "Erin Quillfeathererin", "Cho Quillfeathercho", "chair@acme.example", ".", "my manager"]),
             max_size=8),
    st.sampled_from(Channel), st.sampled_from(["bob@acme.example", "pia@acme.example", ""]), st.sampled_from(Authenticity),
    st.sampled_from(["en", "de", ""]),
)  # fmt: skip
assessments = st.builds(
    lambda score, risk: Assessment("payroll", score, (("payroll", score),), risk), st.floats(0, 1), st.floats(0, 1)
)


def lines(found):
    written = []
    for number, (phase, when, then, priority, locked, watch) in enumerate(found):
        unique = {entry.split(":")[0]: entry for entry in then}
        flags = f"priority: {priority}, locked: {str(locked).lower()}, watch: {str(watch).lower()}"
        written.append(
            f"- {{id: r{number}, phase: {phase}, {flags}, when: {when}, then: {{{', '.join(unique.values())}}}}}"
        )
    return "\n".join(written)


def decided(ruleset, submission, assessment, named=(), follow_up=()):
    context = Context(PeopleDirectory(PEOPLE), GivenHistory(1), follow_up, frozenset(), named)
    return rules.decide(ruleset, submission, assessment, context, ReferenceEngine(ruleset.program), NOW)


def everyone(decision):
    told = [address for notice in decision.notices for address in notice.recipients]
    climbing = [address for rung in decision.ladder for address in (*rung.notify, *rung.escalate_to)]
    return {decision.owner, decision.backup, *decision.readers, *decision.escalated_to, *told, *climbing} - {""}


@pytest.fixture(scope="session")
def loaded(small):
    head = small.split("\nrules:\n")[0]

    def load(found):
        try:
            return rules.load("\n".join([head, "rules:", *("  " + line for line in lines(found).split("\n"))]))
        except RulesetInvalid as invalid:
            said = {problem.message.split(" in rule")[0] for problem in invalid.problems if problem.severity == "error"}
            assert said == {"this rule can never match"}
            return None

    return load


@given(st.lists(rule, min_size=1, max_size=6), submissions, assessments, st.sets(st.sampled_from(STAFF), max_size=4))
def test_nobody_excluded_is_ever_a_recipient_and_nothing_is_lowered(loaded, found, submission, assessment, named):
    ruleset = loaded(found)
    if ruleset is None:
        return
    addresses = tuple(f"{name}@acme.example" for name in sorted(named))
    decision = decided(ruleset, submission, assessment, addresses)
    excluded = {exclusion.person for exclusion in decision.excluded}
    assert excluded & everyone(decision) == set()
    assert set(addresses) - {submission.sender.address} <= excluded
    assert bool(decision.owner) != bool(decision.held_because)
    category = ruleset.categories[decision.category]
    assert ruleset.risk_rank(decision.risk) >= ruleset.risk_rank(category.risk)
    assert decision.access.strictness >= category.access.strictness
    assert decision == decided(ruleset, submission, assessment, addresses)


@given(st.lists(rule, min_size=1, max_size=6), submissions, assessments)
def test_the_trace_tells_the_firings_and_unknown_never_fires(loaded, found, submission, assessment):
    ruleset = loaded(found)
    if ruleset is None:
        return
    decision = decided(ruleset, submission, assessment)
    assert [entry.rule for entry in decision.trace if entry.fired and not entry.watched] == list(decision.fired)
    assert len(decision.trace) == len(ruleset.rules)
    for entry in decision.trace:
        assert entry.fired == all(condition.result for condition in entry.conditions)
    for compiled in ruleset.program.rules:
        assert 1 <= len(compiled.signals) <= MOST_SIGNALS


@given(st.lists(rule, min_size=1, max_size=6), submissions, assessments)
def test_what_a_plan_knows_beforehand_is_what_looking_finds(loaded, found, submission, assessment):
    ruleset = loaded(found)
    if ruleset is None:
        return
    context = Context(PeopleDirectory(PEOPLE), GivenHistory(1))
    facts = Facts(ruleset, submission, assessment, context, NOW)
    for phase in PHASES:
        plan = plan_of(ruleset, phase)
        informed, bare = Evaluation(facts, plan.known(facts)), Evaluation(facts)
        for _, _, expression in plan.signals:
            assert informed.of(expression) == bare.of(expression)


@given(st.lists(rule, min_size=1, max_size=4), submissions, assessments, st.sampled_from(["low", "high", "critical"]))
def test_a_reply_never_lowers_its_case_nor_moves_it(loaded, found, submission, assessment, risk):
    ruleset = loaded(found)
    if ruleset is None:
        return
    before = (
        ("category", "training"),
        ("risk", risk),
        ("access", "restricted"),
        ("team", "frontdesk"),
        ("owner", "fay@acme.example"),
    )
    decision = decided(ruleset, submission, assessment, follow_up=before)
    assert (decision.category, decision.team) == ("training", "frontdesk")
    assert ruleset.risk_rank(decision.risk) >= ruleset.risk_rank(risk)
    assert decision.access.strictness >= 1
    assert decision.owner == "fay@acme.example" or "fay@acme.example" in {one.person for one in decision.excluded}


@given(st.text(alphabet=string.printable + "äé\u200b", max_size=300))
def test_any_text_is_a_ruleset_or_refused(text):
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(text)
    for problem in caught.value.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.render()


@given(st.data())
def test_a_broken_ruleset_never_crashes_the_loader(small, data):
    place = data.draw(st.integers(0, len(small)))
    length = data.draw(st.integers(0, 30))
    piece = data.draw(
        st.sampled_from(["", "[", "}", ": ", "\n", "  ", '"', "*x", "&x ", "- ", "null", "17:30", "[]", "{}", "!!x"])
    )
    try:
        rules.load(small[:place] + piece + small[place + length :])
    except RulesetInvalid as invalid:
        broken = invalid
    else:
        return
    assert broken.problems


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sets(st.sampled_from("xyzw"), min_size=1)), max_size=20),
    st.sets(st.sampled_from("xyzw")),
)
def test_the_reference_fires_what_has_all_its_signals_in_place_order(found, present):
    program = Program(
        "h", tuple(ProgramRule(f"r{n}", phase, -n, tuple(sorted(needed))) for n, (phase, needed) in enumerate(found))
    )
    expected = [
        f"r{n}" for n, (phase, needed) in reversed(list(enumerate(found))) if phase == "a" and needed <= present
    ]
    assert list(ReferenceEngine(program).fire("a", frozenset(present))) == expected


@pytest.mark.skipif(not available(), reason="durable-rules is not installed here")
@settings(max_examples=max(15, settings().max_examples // 5), deadline=None)
@given(st.lists(rule, min_size=1, max_size=12), st.lists(st.tuples(submissions, assessments), min_size=1, max_size=12))
def test_durable_rules_and_the_reference_decide_alike(loaded, found, asked):
    """Random rulesets and submissions, through the child: the same decision with the same trace."""
    ruleset = loaded(found)
    if ruleset is None:
        return
    with GuardedEngine(ruleset.program, 5.0) as engine:
        for submission, assessment in asked:
            context = Context(PeopleDirectory(PEOPLE), GivenHistory(1))
            wanted = decided(ruleset, submission, assessment)
            given_by = rules.decide(ruleset, submission, assessment, context, engine, NOW)
            assert given_by.engine == engine.name
            assert replace(given_by, engine=wanted.engine) == wanted
        for phase in PHASES:  # and on signals that no submission would make true together: thousands of times in all
            sets = signal_sets(ruleset.program, phase, 70)
            assert engine.fire_many(phase, sets) == ReferenceEngine(ruleset.program).fire_many(phase, sets)
        assert engine.replacements == 0


def signal_sets(program, phase, count):
    """Random sets of the signals that a phase's rules need."""
    names = sorted({signal for one in program.rules if one.phase == phase for signal in one.signals})
    chance = random.Random(f"{program.ruleset} {phase}")  # the same for the same ruleset
    return [frozenset(chance.sample(names, chance.randint(0, len(names)))) for _ in range(count)]
