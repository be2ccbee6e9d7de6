"""Decides a submission: classify, assess, route; merge; assign; exclude last of all; deadlines; the whole trace."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.decision import Decision, Where
from cases.model.submission import Submission
from cases.model.wording import Wording
from cases.model.words import Access, Authenticity, AutomaticKind, Channel
from rules.assign import Assignment, assign, where_of
from rules.deadlines import deadlines_of, ladder_of
from rules.effects import Effects
from rules.exclusion import Exclusions, find_exclusions, is_routine, knows_from_answers, usual_team
from rules.expressions import Evaluation
from rules.facts import Decided, Facts
from rules.ladder_times import timed
from rules.plan import plan_of
from rules.program import Engine, EngineFailed
from rules.reference import ReferenceEngine
from rules.ruleset import PHASES, UNSORTED, Category, Ruleset
from rules.trace import PhaseResult, trace_of

MOST_FAILURES = 2
"""After so many failures of the engine on one submission the reference evaluator answers."""

MOST_SUGGESTIONS = 3

BRIEF = "acknowledge_brief"
"""The acknowledgement without details, for who is not proven to be the sender."""

ENGINE_ALARM = "the rules engine failed twice on this submission; the reference evaluator decided"


Question = tuple[str, frozenset[str]]
"""What a decision asks of the engine: a phase, and the signals that are true."""

Answer = tuple[str, ...]
"""The ids of the rules that fire, in place order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One submission to decide, with all that is known around it."""

    submission: Submission
    assessment: Assessment
    context: Context


@dataclass
class _Firing:
    """What one decision heard of its engine: who answered, how often it failed."""

    engine: str
    failures: int = 0
    alarms: list[str] = field(default_factory=list)


def reference_of(ruleset: Ruleset) -> ReferenceEngine:
    """The reference evaluator of a ruleset, made once."""
    known = ruleset.memory.get("reference")
    if not isinstance(known, ReferenceEngine):
        known = ruleset.memory["reference"] = ReferenceEngine(ruleset.program)
    return known


def decide(
    ruleset: Ruleset,
    submission: Submission,
    assessment: Assessment,
    context: Context,
    engine: Engine,
    now: datetime,
) -> Decision:
    """Everything that follows from one submission. `now` is aware. Pure but for the engine, which only fires rules.

    Same submission, ruleset, model, context and moment: same decision, whichever engine. Never fails on what a submission
    says; an engine that fails twice is replaced by the reference evaluator, with an alarm.
    """
    (decision,) = decide_many(ruleset, (Asked(submission, assessment, context),), engine, now)
    if isinstance(decision, Exception):
        raise decision
    return decision


def decide_many(
    ruleset: Ruleset, asked: Sequence[Asked], engine: Engine, now: datetime
) -> Iterator[Decision | Exception]:
    """As `decide`, for many: each phase of all of them is one question to the engine, which costs a trip to its process.

    Decisions come in order, and the next is assigned only after the caller has taken the one before, so that a history
    passed in the context can count it. What goes wrong for one comes as the exception in its place.
    """
    firings = [_Firing(engine.name) for _ in asked]
    running: list[_Running] = [_deciding(ruleset, one, firing, now) for one, firing in zip(asked, firings, strict=True)]
    failed: dict[int, Exception] = {}
    answers: dict[int, Answer | None] = dict.fromkeys(range(len(asked)))
    for phase in PHASES:
        questions: dict[int, frozenset[str]] = {}
        for number, answer in answers.items():
            try:
                _, questions[number] = running[number].send(answer)
            except Exception as error:  # noqa: BLE001  one submission's fault is its own; the caller judges it
                failed[number] = error
        answers = dict(_fire(phase, questions, firings, engine, ruleset))
    for number, decision in enumerate(running):
        yield failed[number] if number in failed else _finished(decision, answers[number])


def _finished(decision: "_Running", answer: Answer | None) -> Decision | Exception:
    try:
        decision.send(answer)
    except StopIteration as done:
        result: Decision = done.value
        return result
    except Exception as error:  # noqa: BLE001  as above
        return error
    raise AssertionError("a decision asks once a phase")


def _fire(
    phase: str, questions: Mapping[int, frozenset[str]], firings: Sequence[_Firing], engine: Engine, ruleset: Ruleset
) -> Iterator[tuple[int, Answer]]:
    """The engine's answers, by number; the reference evaluator's where the engine has failed twice on a submission."""
    open_questions = {n: signals for n, signals in questions.items() if firings[n].failures < MOST_FAILURES}
    answered: dict[int, Answer] = {}
    while open_questions:
        numbers = list(open_questions)
        answers = engine.fire_many(phase, [open_questions[n] for n in numbers])
        for number, answer in zip(numbers, answers, strict=True):
            if isinstance(answer, EngineFailed):
                firings[number].failures += 1
                if firings[number].failures < MOST_FAILURES:
                    continue
            else:
                answered[number] = answer
            del open_questions[number]
    reference = reference_of(ruleset)
    for number, signals in questions.items():
        if number not in answered:
            firing = firings[number]
            firing.engine = reference.name
            firing.alarms = [ENGINE_ALARM]
            answered[number] = reference.fire(phase, signals)
    yield from answered.items()


_Running = Generator[Question, Answer | None, Decision]


def _deciding(ruleset: Ruleset, asked: Asked, firing: _Firing, now: datetime) -> _Running:
    """One decision, which stops at each phase to ask which rules fire."""
    submission, context = asked.submission, asked.context
    if submission.channel is Channel.ANONYMOUS:  # a deadline of hours would tell in which of them somebody wrote
        now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    facts = Facts(ruleset, submission, asked.assessment, context, now)
    before = dict(context.follow_up_of)
    effects = Effects(ruleset)
    results: list[PhaseResult] = []
    suggested = ""

    classify = yield from _run("classify", facts, results)
    if before:
        suggested = _suggestion(classify, facts, before)
        category = ruleset.categories[ruleset.current_name(before.get("category", UNSORTED))]
    else:
        _apply(classify, effects)
        category = _classified(facts, effects, facts.alias.category if facts.alias else "")
    _begin(effects, category, before, submission)
    facts.decided = _snapshot(facts, effects, category, before, results)
    _apply((yield from _run("assess", facts, results)), effects)
    facts.decided = _snapshot(facts, effects, category, before, results)
    _apply((yield from _run("route", facts, results)), effects)

    exclusions = find_exclusions(facts, effects, category)
    assignment = assign(facts, effects, category, exclusions, before)
    return _decision(facts, effects, category, suggested, exclusions, assignment, firing, results)


def _run(phase: str, facts: Facts, results: list[PhaseResult]) -> Generator[Question, Answer | None, PhaseResult]:
    """Evaluates a phase's conditions, asks what fires, and keeps both for the trace."""
    plan = plan_of(facts.ruleset, phase)
    known = plan.known(facts)
    evaluation = Evaluation(facts, known)
    outcomes = {name: known.get(key) or evaluation.of(expression) for name, key, expression in plan.signals}
    fired = (yield phase, frozenset(name for name, outcome in outcomes.items() if outcome.result)) or ()
    result = PhaseResult(phase, plan.rules, outcomes, tuple(plan.by_id[name] for name in fired if name in plan.by_id))
    results.append(result)
    return result


def _apply(result: PhaseResult, effects: Effects) -> None:
    for rule in result.fired:
        if not rule.watch:
            for action in rule.then:
                action.apply(effects, rule)


def _classified(facts: Facts, effects: Effects, default: str = "") -> Category:
    """Rule before model; where the model is unsure or knows no category of ours it is the default, or `unsorted`."""
    ruleset, assessment = facts.ruleset, facts.assessment
    name = effects.value("category")
    if not name and assessment.category:
        name = ruleset.category_of_class(assessment.category)
        classes = ruleset.categories[name].model
        score = max(assessment.confidence, sum(value for one, value in assessment.scores if one in classes))
        name = name if score >= ruleset.settings.unsure_below and name != UNSORTED else ""
    return ruleset.categories[ruleset.current_name(name or default or UNSORTED)]


def _suggestion(classify: PhaseResult, facts: Facts, before: dict[str, str]) -> str:
    """What a reply would be classified as, when that differs from its case: classify only suggests."""
    trial = Effects(facts.ruleset)
    _apply(classify, trial)
    name = _classified(facts, trial).name
    return "" if name in {UNSORTED, before.get("category", "")} else name


def _suggestions(facts: Facts, category: Category, *, before: bool) -> tuple[str, ...]:
    """Categories to choose from where neither rules nor model named one: the likeliest of the model, at most three."""
    if before or category.name != UNSORTED:
        return ()
    ruleset, assessment = facts.ruleset, facts.assessment
    likeliest = assessment.suggestions or tuple(name for name, _ in assessment.scores)
    found = dict.fromkeys(ruleset.category_of_class(name) for name in likeliest)
    return tuple(name for name in found if name != UNSORTED)[:MOST_SUGGESTIONS]


def _begin(effects: Effects, category: Category, before: dict[str, str], submission: Submission) -> None:
    """What the category brings, what the case has already, and that anonymous reports are sealed."""
    effects.raise_risk(category.risk)
    effects.tighten_access(category.access)
    if before.get("risk"):
        effects.raise_risk(before["risk"])
    if before.get("access"):
        effects.tighten_access(Access(before["access"]))
    if submission.channel is Channel.ANONYMOUS:
        effects.tighten_access(Access.SEALED)
    if submission.junk:
        effects.tags["junk"] = None
    effects.tags.update(dict.fromkeys(tag.strip() for tag in before.get("tags", "").split(",") if tag.strip()))


def _snapshot(
    facts: Facts, effects: Effects, category: Category, before: dict[str, str], results: list[PhaseResult]
) -> Decided:
    team = effects.value("route_to") or before.get("team", "") or usual_team(facts, effects, category)
    fired = frozenset(rule.id for result in results for rule in result.fired)
    return Decided(category.name, effects.risk, str(effects.access), team, frozenset(effects.tags), fired)


def _acknowledgement(facts: Facts, effects: Effects, template: str) -> str:
    """The template of the acknowledgement, "" for none: never for automatic mail; without details unless believed."""
    submission = facts.submission
    if submission.automatic.kind is not AutomaticKind.NONE:
        return ""
    chosen = effects.value("template") or template
    if chosen == "none" or submission.channel is Channel.ANONYMOUS:
        return "" if chosen == "none" else "acknowledge_anonymous"
    proven = submission.authenticity is Authenticity.PASS
    return chosen if proven else BRIEF


def _decision(
    facts: Facts,
    effects: Effects,
    category: Category,
    suggested: str,
    exclusions: Exclusions,
    assignment: Assignment,
    firing: _Firing,
    results: list[PhaseResult],
) -> Decision:
    varied, where = assignment.category, where_of(facts, assignment.team)
    acknowledgement = _acknowledgement(facts, effects, varied.template)
    deadlines = deadlines_of(facts, effects, varied, acknowledgement)
    ladder = ladder_of(facts, effects, varied, exclusions, assignment)
    readers = (assignment.owner, assignment.backup, *assignment.guardian, *assignment.escalated_to,
               *(address for rung in ladder for address in (*rung.notify, *rung.escalate_to)))  # fmt: skip
    accused = bool(facts.parties) and not is_routine(facts, effects)
    strangers = accused and not any(party.person for party in facts.parties)
    named = any(knows_from_answers(party, facts) for party in facts.parties)
    marks = (*(("unknown_party",) if strangers else ()), *(("handler_named",) if named else ()))
    return Decision(
        category=category.name,
        risk=effects.risk,
        access=effects.access,
        team=assignment.team,
        owner=assignment.owner,
        backup=assignment.backup,
        readers=tuple(dict.fromkeys(address for address in readers if address)),
        escalated_to=assignment.escalated_to,
        excluded=exclusions.listed(),
        tags=tuple(dict.fromkeys((*effects.tags, *marks))),
        notices=assignment.notices,
        deadlines=deadlines,
        ladder=timed(facts.ruleset, ladder, deadlines),
        acknowledgement=acknowledgement,
        legal_hold=effects.legal_hold,
        checklist=effects.value("checklist") or category.checklist,
        review_before_close=effects.review_before_close,
        fired=_fired(results, facts),
        trace=trace_of(results, effects, classify_only_suggests=bool(facts.context.follow_up_of)),
        engine=firing.engine,
        ruleset=facts.ruleset.hash,
        model=facts.assessment.model,
        alarms=(*firing.alarms, *assignment.alarms),
        suggested_category=suggested,
        held_because=assignment.held_because,
        wording=_wording(facts, effects.value("template") or varied.template, acknowledgement, where),
        facts=_said_of(varied, facts),
        where=where,
        needs_look=assignment.needs_look,
        meant_for=assignment.meant_for,
        suggestions=_suggestions(facts, category, before=bool(facts.context.follow_up_of)),
        carried_by=tuple(item.text for item in facts.assessment.evidence),
    )


def _wording(facts: Facts, wanted: str, acknowledgement: str, where: Where) -> Wording | None:
    """The ruleset's words for it; without brief ones of its own those of the template wanted, which then say less."""
    names = (acknowledgement, wanted) if acknowledgement == BRIEF else (acknowledgement,)
    found = (facts.ruleset.template(name, facts.language, where) for name in names)
    return next((wording for wording in found if wording), None)


def _said_of(category: Category, facts: Facts) -> tuple[tuple[str, str], ...]:
    """What a proven sender may be told of the category, by placeholder (`cases.model.wording.PLACEHOLDERS`)."""
    if facts.submission.authenticity is not Authenticity.PASS:
        return ()
    policy = category.policy
    said = {"category": category.title(facts.language), "policy": policy.title(facts.language) if policy else "",
            "policy_link": policy.link if policy else ""}  # fmt: skip
    return tuple((name, words) for name, words in said.items() if words)


def _fired(results: list[PhaseResult], facts: Facts) -> tuple[str, ...]:
    """Rules that had a say: not those on watch, and of a reply not those that classify."""
    follow_up = bool(facts.context.follow_up_of)
    return tuple(
        rule.id
        for result in results
        for rule in result.fired
        if not rule.watch and not (follow_up and result.phase == "classify")
    )
