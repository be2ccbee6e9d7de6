"""Why a case went where it went: the decision's trace, rule by rule, in words."""

from collections.abc import Callable
from dataclasses import dataclass

from cases.model.decision import ConditionTrace, Decision, RuleTrace
from console.rulebook import in_words

PHASES = {"classify": "What it is", "assess": "How grave it is", "route": "Where it goes"}

UNSORTED = "unsorted"


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a rule that fired: what it asks, and the words or facts that made it true."""

    asks: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FiredRule:
    """One rule that fired: why it exists, the reporter's words that matched, all its reasons, what it did, and what it
    lost to others.
    """

    name: str
    phase: str
    why: str
    watched: bool
    quotes: tuple[str, ...]
    reasons: tuple[Reason, ...]
    did: tuple[str, ...]
    lost: tuple[str, ...]


def fired(decision: Decision, said: str) -> list[FiredRule]:
    """The rules that fired, in the order of the phases; `said` is the text in which matched words are looked up."""
    found = [one for one in decision.trace if one.fired]
    flat = " ".join(said.split()).casefold()
    return [_fired(one, flat) for one in sorted(found, key=lambda one: list(PHASES).index(one.phase))]


def origin(decision: Decision, title: Callable[[str], str]) -> str:
    """Where the category comes from, in a sentence; `title` gives a category's label."""
    named = [one for one in decision.trace if one.fired and not one.watched and _names_category(one)]
    if named:
        return f"Category {title(decision.category)}, by a rule."
    if decision.suggested_category and decision.suggested_category != decision.category:
        return f"The classifier leaned towards {title(decision.suggested_category)}, but was not sure."
    if decision.category == UNSORTED:
        return "The classifier was not sure, and no rule named a category."
    return f"The classifier read it as {title(decision.category)}, and no rule said otherwise."


def _names_category(rule: RuleTrace) -> bool:
    return any(one.startswith("category") for one in rule.set_fields)


def silent(decision: Decision) -> int:
    """How many rules did not fire."""
    return sum(not one.fired for one in decision.trace)


def _fired(rule: RuleTrace, said: str) -> FiredRule:
    held = [one for one in rule.conditions if one.result]
    evidence = dict.fromkeys(word for one in held for word in one.evidence)
    return FiredRule(
        name=in_words(rule.rule),
        phase=PHASES.get(rule.phase, rule.phase),
        why=rule.why,
        watched=rule.watched,
        quotes=tuple(word for word in evidence if " ".join(word.split()).casefold() in said),
        reasons=tuple(_reason(one) for one in held),
        did=tuple(one.replace("_", " ") for one in rule.set_fields),
        lost=rule.lost,
    )


def _reason(condition: ConditionTrace) -> Reason:
    return Reason(condition.condition.replace("_", " "), tuple(dict.fromkeys(condition.evidence)))
