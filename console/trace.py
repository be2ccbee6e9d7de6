"""Why a case went where it went: the decision's trace, rule by rule, in words."""

from dataclasses import dataclass

from cases.model.decision import ConditionTrace, Decision, RuleTrace
from console.rulebook import in_words

PHASES = {"classify": "What it is", "assess": "How grave it is", "route": "Where it goes"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a rule that fired: what it asks, and the words or facts that made it true."""

    asks: str
    words: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class FiredRule:
    """One rule that fired: why it exists, what made it fire, what it did, and what it lost to others."""

    name: str
    phase: str
    why: str
    watched: bool
    reasons: tuple[Reason, ...]
    did: tuple[str, ...]
    lost: tuple[str, ...]


def fired(decision: Decision) -> list[FiredRule]:
    """The rules that fired, in the order of the phases."""
    found = [one for one in decision.trace if one.fired]
    return [_fired(one) for one in sorted(found, key=lambda one: list(PHASES).index(one.phase))]


def silent(decision: Decision) -> int:
    """How many rules did not fire."""
    return sum(not one.fired for one in decision.trace)


def _fired(rule: RuleTrace) -> FiredRule:
    return FiredRule(
        name=in_words(rule.rule),
        phase=PHASES.get(rule.phase, rule.phase),
        why=rule.why,
        watched=rule.watched,
        reasons=tuple(_reason(one) for one in rule.conditions if one.result),
        did=rule.set_fields,
        lost=rule.lost,
    )


def _reason(condition: ConditionTrace) -> Reason:
    return Reason(condition.condition, tuple(dict.fromkeys(condition.evidence)), condition.where)
