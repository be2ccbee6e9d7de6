"""What a phase evaluates, worked out once for a ruleset: most rules look for words, and most words are not there."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.conditions.mentions import Mentions
from rules.expressions import FALSE, TRUE, AllOf, AnyOf, Expression, Leaf, Named, Outcome
from rules.facts import Facts
from rules.ruleset import PHASES, Rule, Ruleset


@dataclass(frozen=True, slots=True)
class Plan:
    """A phase's rules in place order and its signals (name, identity, expression).

    `silent` holds the outcome of every expression that is decided when no listed word is in the text, by its identity;
    `by_list` those that a list's words leave open again.
    """

    rules: tuple[Rule, ...]
    by_id: dict[str, Rule]
    signals: tuple[tuple[str, int, Expression], ...]
    silent: dict[int, Outcome]
    by_list: dict[int, tuple[int, ...]]

    def known(self, facts: Facts) -> dict[int, Outcome]:
        """The outcome of every expression that is decided by which words are nowhere in the text, by its identity."""
        known = self.silent.copy()
        for number in facts.index.lists_found:
            for key in self.by_list.get(number, ()):
                known.pop(key, None)
        return known


def plan_of(ruleset: Ruleset, phase: str) -> Plan:
    """The plan of a phase, kept with the ruleset."""
    plans: dict[str, Plan] | None = ruleset.memory.get("plans")
    if plans is None:
        plans = ruleset.memory["plans"] = {name: _plan(ruleset, name) for name in PHASES}
    return plans[phase]


def _plan(ruleset: Ruleset, phase: str) -> Plan:
    rules = tuple(sorted((rule for rule in ruleset.rules if rule.phase == phase), key=lambda rule: rule.place))
    signals = {signal.name: signal.expression for rule in rules for signal in rule.signals}
    silent: dict[int, Outcome] = {}
    by_list: dict[int, dict[int, None]] = {}
    for expression in signals.values():
        _without_words(expression, ruleset, silent)
        for number, keys in _looks(expression):
            by_list.setdefault(number, {}).update(dict.fromkeys(keys))
    return Plan(
        rules=rules,
        by_id={rule.id: rule for rule in rules},
        signals=tuple((name, id(expression), expression) for name, expression in signals.items()),
        silent=silent,
        by_list={number: tuple(keys) for number, keys in by_list.items()},
    )


def _without_words(expression: Expression, ruleset: Ruleset, silent: dict[int, Outcome]) -> Outcome | None:
    """What the expression comes to in a text without any listed word, kept in `silent`; None when more decides it."""
    outcome: Outcome | None = None
    if isinstance(expression, Leaf):
        condition = expression.condition
        if isinstance(condition, Mentions) and condition.wanted.number not in ruleset.lexicon.patterns:
            outcome = FALSE
    elif isinstance(expression, Named):
        outcome = _without_words(expression.part, ruleset, silent)
    else:
        parts = [_without_words(part, ruleset, silent) for part in expression.parts]
        if isinstance(expression, AllOf):
            outcome = FALSE if FALSE in parts else None
        elif all(part is FALSE for part in parts):
            outcome = FALSE if isinstance(expression, AnyOf) else TRUE
    if outcome is not None:
        silent[id(expression)] = outcome
    return outcome


def _looks(expression: Expression) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each list that the expression looks for, with the identities of all that hangs on it: the look and what is around."""
    if isinstance(expression, Leaf):
        if isinstance(expression.condition, Mentions):
            yield expression.condition.wanted.number, (id(expression),)
        return
    for part in (expression.part,) if isinstance(expression, Named) else expression.parts:
        for number, keys in _looks(part):
            yield number, (*keys, id(expression))
