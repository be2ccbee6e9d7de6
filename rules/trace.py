"""The trace of a decision: every rule of every phase, each condition true, false or unknown, what it set and what it lost."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.model.decision import ConditionTrace, RuleTrace
from rules.effects import Effects
from rules.expressions import FALSE, Outcome
from rules.ruleset import Rule

MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """What one phase found: its rules in place order, the outcome of each signal by name, and the rules that fired."""

    phase: str
    rules: tuple[Rule, ...]
    outcomes: Mapping[str, Outcome]
    fired: tuple[Rule, ...]


def trace_of(results: list[PhaseResult], effects: Effects, *, classify_only_suggests: bool) -> tuple[RuleTrace, ...]:
    """One entry for each rule, phase by phase, in the order in which they would win."""
    kept: Kept = effects.ruleset.memory.setdefault("traces", {})
    silent: dict[str, RuleTrace] = effects.ruleset.memory.setdefault("silent traces", {})
    traces: list[RuleTrace] = []
    for result in results:
        fired = {rule.id for rule in result.fired}
        idle = classify_only_suggests and result.phase == "classify"
        found = result.outcomes
        for rule in result.rules:
            signals = rule.signals
            if len(signals) == 1 and found[signals[0].name] is FALSE and rule.id in silent:
                traces.append(silent[rule.id])
                continue
            outcomes = [found[signal.name] for signal in signals]
            if rule.id not in fired and not any([outcome.evidence for outcome in outcomes]):  # noqa: C419 - faster
                traces.append(_kept(rule, outcomes, kept))
                if outcomes == [FALSE]:
                    silent[rule.id] = traces[-1]
            else:
                traces.append(_entry(rule, outcomes, effects, fired=rule.id in fired, idle=idle))
    return tuple(traces)


Kept = dict[tuple[str, tuple[bool | None, ...]], RuleTrace]
"""Entries of rules that found nothing to show: most rules of most decisions, the same each time."""


def _kept(rule: Rule, outcomes: list[Outcome], kept: Kept) -> RuleTrace:
    key = (rule.id, tuple([outcome.result for outcome in outcomes]))
    known = kept.get(key)
    if known is None:
        known = RuleTrace(rule.id, rule.phase, False, rule.watch, rule.why, _conditions(rule, outcomes))  # noqa: FBT003
        if len(kept) < MOST_KEPT:
            kept[key] = known
    return known


def _entry(rule: Rule, outcomes: list[Outcome], effects: Effects, *, fired: bool, idle: bool) -> RuleTrace:
    acts = fired and not rule.watch and not idle
    wanted = tuple(action.words() for action in rule.then) if fired and not idle else ()
    lost = tuple(effects.lost.get(rule.id, ())) if acts else ()
    return RuleTrace(rule.id, rule.phase, fired, rule.watch, rule.why, _conditions(rule, outcomes), wanted, lost)


def _conditions(rule: Rule, outcomes: list[Outcome]) -> tuple[ConditionTrace, ...]:
    return tuple(
        [
            ConditionTrace(signal.words, outcome.result, outcome.evidence, outcome.where)
            for signal, outcome in zip(rule.signals, outcomes, strict=True)
        ]
    )
