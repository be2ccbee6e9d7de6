"""Runs the tests of a ruleset: frozen clock, no model, no store. Says which rules no test fires."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cases.model.assessment import Assessment
from cases.model.context import Alike, Context, NoHistory
from cases.model.decision import Decision
from cases.model.directory import PeopleDirectory
from cases.model.submission import Address, Attachment, Automatic, Submission
from cases.model.words import Authenticity, AutomaticKind, Channel
from rules.deciding import decide, reference_of
from rules.language.testlines import Expect, Given
from rules.program import Engine
from rules.ruleset import Ruleset, RulesetTest

MEGABYTE = 1_000_000
MOMENT = (2026, 3, 4, 10, 0)
"""When a test's submission comes unless it says: a Wednesday, in the zone of the settings."""

_LISTS = ("escalated_to", "notified", "excluded", "tags", "fired", "not_fired", "watched")


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test with what came of it."""

    test: RulesetTest
    decision: Decision
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything expected came."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class TestReport:
    """All tests of a ruleset; `untested` are rules that no test fires."""

    results: tuple[TestResult, ...]
    untested: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every test passed."""
        return all(result.passed for result in self.results)


class GivenHistory(NoHistory):
    """So many earlier cases, whatever is asked."""

    def __init__(self, earlier: int) -> None:
        self._earlier = earlier

    def count(self, alike: Alike) -> int:
        """The number given."""
        return self._earlier


def submission_of(given: Given) -> Submission:
    """The submission that a test describes."""
    return Submission(
        channel=Channel(given.channel),
        sender=Address(given.name, "" if given.channel == Channel.ANONYMOUS else given.sender),
        to=tuple(Address("", address) for address in given.to),
        envelope_recipients=given.to,
        subject=given.subject,
        text=given.text,
        new_text=given.text,
        forwarded_text=given.forwarded,
        language=given.language,
        automatic=Automatic(AutomaticKind(given.automatic)),
        authenticity=Authenticity(given.authenticity),
        attachments=tuple(
            Attachment(file.name, file.type, b"\0" * int(min(file.size, 50) * MEGABYTE)) for file in given.attachments
        ),
        fields=given.fields,
    )


def assessment_of(given: Given, ruleset: Ruleset) -> Assessment:
    """What the model would say, by category or by class; absent means no opinion."""
    scores = []
    for name, score in given.model:
        classes = ruleset.categories[name].model if name in ruleset.categories else (name,)
        scores.append((classes[0], float(score)))
    best = max(scores, key=lambda pair: pair[1], default=("", 0.0))
    return Assessment(
        best[0],
        best[1],
        tuple(scores),
        float(given.model_risk or 0),
        language=given.language,
        model="given",
        read=given.model_risk is not None,
    )


def context_of(given: Given) -> Context:
    """The world around a test's submission."""
    return Context(
        directory=PeopleDirectory(given.directory),
        history=GivenHistory(given.history),
        follow_up_of=given.follow_up_of,
        absent=frozenset(given.absent),
        named_parties=given.named,
    )


def decide_given(ruleset: Ruleset, given: Given, engine: Engine | None = None) -> Decision:
    """The decision on what a test gives; by the reference evaluator unless another engine is passed."""
    now = given.now or datetime(*MOMENT, tzinfo=ZoneInfo(ruleset.settings.timezone))
    return decide(
        ruleset,
        submission_of(given),
        assessment_of(given, ruleset),
        context_of(given),
        engine or reference_of(ruleset),
        now.astimezone(UTC),
    )


def run_tests(ruleset: Ruleset, engine: Engine | None = None) -> TestReport:
    """Every test of the file. Which rules fired in any of them tells which none of them tries."""
    results = []
    tried: set[str] = set()
    for test in ruleset.tests:
        decision = decide_given(ruleset, test.given, engine)
        tried.update(entry.rule for entry in decision.trace if entry.fired)
        results.append(TestResult(test, decision, tuple(_failures(test.expect, decision, ruleset))))
    return TestReport(tuple(results), tuple(rule.id for rule in ruleset.rules if rule.id not in tried))


def _failures(expect: Expect, decision: Decision, ruleset: Ruleset) -> Iterable[Failure]:
    found = _found(decision)
    for field in fields(expect):
        wanted = getattr(expect, field.name)
        if wanted is None:
            continue
        if field.name == "deadlines":
            yield from _late(dict(wanted), decision, ruleset)
        elif field.name == "not_fired":
            wrong = tuple(rule for rule in wanted if rule in found["fired"])
            if wrong:
                yield Failure("not_fired", _said(wanted), f"{_said(wrong)} fired")
        elif field.name in _LISTS:
            if not set(wanted) <= set(found[field.name]) or (not wanted and found[field.name]):
                yield Failure(field.name, _said(wanted), _said(found[field.name]))
        elif found[field.name] != wanted:
            yield Failure(field.name, _said(wanted), _said(found[field.name]))


def _found(decision: Decision) -> dict[str, Any]:
    """What the decision says for each expectation."""
    found: dict[str, Any] = {name: getattr(decision, name) for name in (
        "category", "risk", "team", "owner", "backup", "checklist", "escalated_to", "tags", "fired", "legal_hold",
        "review_before_close")}  # fmt: skip
    return found | {
        "access": str(decision.access),
        "template": decision.acknowledgement,
        "notified": tuple(address for notice in decision.notices for address in notice.recipients),
        "excluded": tuple(exclusion.person for exclusion in decision.excluded),
        "watched": tuple(entry.rule for entry in decision.trace if entry.watched and entry.fired),
        "held": bool(decision.held_because),
    }


def _late(wanted: dict[str, datetime], decision: Decision, ruleset: Ruleset) -> Iterable[Failure]:
    """Deadlines are compared to the minute, and shown in the zone of the settings."""
    zone = ZoneInfo(ruleset.settings.timezone)
    found = {deadline.kind: deadline.due.astimezone(zone) for deadline in decision.deadlines}
    for kind, moment in wanted.items():
        actual = found.get(kind)
        if actual is None or abs(actual - moment) >= timedelta(minutes=1):
            shown = f"{actual:%Y-%m-%d %H:%M}" if actual else "no such clock"
            yield Failure(f"deadline {kind}", f"{moment:%Y-%m-%d %H:%M}", shown)


def _said(value: object) -> str:
    """A value as the file would write it."""
    if isinstance(value, tuple):
        return f"[{', '.join(str(entry) for entry in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
