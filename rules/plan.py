"""What a phase evaluates, worked out once for a ruleset: most rules look for words, and most words are not there."""

from dataclasses import dataclass

from rules.conditions.mentions import Mentions
from rules.expressions import FALSE, Expression, Leaf, Named, Outcome
from rules.facts import Facts
from rules.ruleset import PHASES, Rule, Ruleset


@dataclass(frozen=True, slots=True)
class Plan:
    """A phase's rules in place order, its signals (name, identity, expression), and what looks for which words."""

    rules: tuple[Rule, ...]
    by_id: dict[str, Rule]
    signals: tuple[tuple[str, int, Expression], ...]
    words: dict[int, Outcome]
    by_list: dict[int, tuple[int, ...]]

    def silent(self, facts: Facts) -> dict[int, Outcome]:
        """Every look for words that are nowhere in the text: false, by identity of the expression."""
        known = self.words.copy()
        for number in facts.index.lists_found:
            for key in self.by_list.get(number, ()):
                del known[key]
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
    by_list: dict[int, dict[int, None]] = {}
    for expression in signals.values():
        for leaf in _leaves(expression):
            condition = leaf.condition
            if isinstance(condition, Mentions) and condition.wanted.number not in ruleset.lexicon.patterns:
                by_list.setdefault(condition.wanted.number, {})[id(leaf)] = None
    return Plan(
        rules=rules,
        by_id={rule.id: rule for rule in rules},
        signals=tuple((name, id(expression), expression) for name, expression in signals.items()),
        words={key: FALSE for keys in by_list.values() for key in keys},
        by_list={number: tuple(keys) for number, keys in by_list.items()},
    )


def _leaves(expression: Expression) -> tuple[Leaf, ...]:
    if isinstance(expression, Leaf):
        return (expression,)
    parts = (expression.part,) if isinstance(expression, Named) else expression.parts
    return tuple(leaf for part in parts for leaf in _leaves(part))
