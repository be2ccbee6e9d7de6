"""Compiles rules to signals: each distinct condition is one, a negated one its own, what is longer goes through a derived one."""

from dataclasses import dataclass, field, replace
from datetime import date

from rules.expressions import FALSE, TRUE, AllOf, Expression, Leaf, Named, NoneOf, Outcome
from rules.facts import Facts
from rules.program import MOST_SIGNALS, Program, ProgramRule
from rules.ruleset import Rule, Signal


@dataclass(frozen=True, slots=True)
class Active:
    """The days on which a rule on trial holds, in the ruleset's zone."""

    first: date | None
    last: date | None

    def evaluate(self, facts: Facts) -> Outcome:
        """True on the days between both, which are included."""
        from zoneinfo import ZoneInfo

        today = facts.now.astimezone(ZoneInfo(facts.ruleset.settings.timezone)).date()
        early = self.first is not None and today < self.first
        return FALSE if early or (self.last is not None and today > self.last) else TRUE

    def words(self) -> str:
        """In words."""
        return f"active{f' from {self.first}' if self.first else ''}{f' until {self.last}' if self.last else ''}"


@dataclass
class _Signals:
    """Numbers the distinct conditions of one ruleset."""

    known: dict[Expression, Signal] = field(default_factory=dict)
    interned: dict[Expression, Expression] = field(default_factory=dict)

    def of(self, expression: Expression) -> Signal:
        """The signal of an expression: `not:` is one part negated, else its own."""
        expression = self.interned.setdefault(expression, expression)
        if expression not in self.known:
            self.known[expression] = Signal(
                f"{_word(expression)}-{len(self.known) + 1}", expression, expression.words()
            )
        return self.known[expression]


def _word(expression: Expression) -> str:
    """What the signal is called before its number; `not:` is a negation, `derived` what Python joins."""
    if isinstance(expression, Leaf):
        return type(expression.condition).__name__.lower()
    if isinstance(expression, NoneOf):
        return f"not:{_word(expression.parts[0])}" if len(expression.parts) == 1 else "not:derived"
    return expression.name if isinstance(expression, Named) else "derived"


def compile_rules(rules: tuple[Rule, ...], interned: dict[Expression, Expression]) -> tuple[Rule, ...]:
    """The rules, each with its signals: one to `MOST_SIGNALS`, all of which must hold."""
    signals = _Signals(interned=interned)
    return tuple(replace(rule, signals=_signals_of(rule, signals)) for rule in rules)


def _signals_of(rule: Rule, signals: _Signals) -> tuple[Signal, ...]:
    parts = list(_conjunction(rule.when))
    if rule.active_from or rule.active_until:
        parts.append(Leaf(Active(rule.active_from, rule.active_until)))
    parts = list(dict.fromkeys(parts))
    if len(parts) > MOST_SIGNALS:
        rest = tuple(signals.interned.setdefault(part, part) for part in parts[MOST_SIGNALS - 1 :])
        parts = [*parts[: MOST_SIGNALS - 1], AllOf(rest)]
    return tuple(signals.of(part) for part in parts)


def _conjunction(expression: Expression) -> tuple[Expression, ...]:
    """The parts that must all hold: `all` is taken apart, also within `all`."""
    if isinstance(expression, AllOf):
        return tuple(inner for part in expression.parts for inner in _conjunction(part))
    return (expression,)


def program_of(ruleset: str, rules: tuple[Rule, ...]) -> Program:
    """The rules as an engine sees them, in place order."""
    return Program(
        ruleset,
        tuple(
            ProgramRule(rule.id, rule.phase, rule.place, tuple(signal.name for signal in rule.signals))
            for rule in sorted(rules, key=lambda rule: rule.place)
        ),
    )
