"""The trace of a decision: every rule of every phase, each condition true, false or unknown, what it set and what it lost."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.model.decision import ConditionTrace, RuleTrace
from rules.effects import Effects
from rules.expressions import FALSE, Outcome
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """What one phase found: its rules in place order, the outcome of each signal by name, and the rules that fired."""

    phase: str
    rules: tuple[Rule, ...]
    outcomes: Mapping[str, Outcome]
    fired: tuple[Rule, ...]


def trace_of(results: list[PhaseResult], effects: Effects, *, classify_only_suggests: bool) -> tuple[RuleTrace, ...]:
    """One entry for each rule, phase by phase, in the order in which they would win."""
    # Most rules of most decisions find nothing at all: their entries are the same each time.
    quiet: dict[str, RuleTrace] = effects.ruleset.memory.setdefault("quiet traces", {})
    traces: list[RuleTrace] = []
    for result in results:
        fired = {rule.id for rule in result.fired}
        idle = classify_only_suggests and result.phase == "classify"
        found = result.outcomes
        for rule in result.rules:
            signals = rule.signals
            silent = found[signals[0].name] is FALSE and (len(signals) == 1 or _all_false(rule, found))
            if silent and rule.id in quiet:
                traces.append(quiet[rule.id])
                continue
            outcomes = tuple([found[signal.name] for signal in signals])
            entry = _entry(rule, outcomes, effects, fired=rule.id in fired, idle=idle)
            traces.append(entry)
            if silent:
                quiet[rule.id] = entry
    return tuple(traces)


def _all_false(rule: Rule, found: Mapping[str, Outcome]) -> bool:
    return all(found[signal.name] is FALSE for signal in rule.signals)


def _entry(rule: Rule, outcomes: tuple[Outcome, ...], effects: Effects, *, fired: bool, idle: bool) -> RuleTrace:
    conditions = tuple(
        ConditionTrace(signal.expression.words(), outcome.result, outcome.evidence, outcome.where)
        for signal, outcome in zip(rule.signals, outcomes, strict=True)
    )
    acts = fired and not rule.watch and not idle
    wanted = tuple(action.words() for action in rule.then) if fired and not idle else ()
    lost = tuple(effects.lost.get(rule.id, ())) if acts else ()
    return RuleTrace(rule.id, rule.phase, fired, rule.watch, rule.why, conditions, wanted, lost)
