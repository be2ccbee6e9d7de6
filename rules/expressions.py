"""Conditions joined by all, any and none, in three-valued logic: unknown satisfies neither a test nor its negation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from rules.facts import Facts


class Outcome(NamedTuple):
    """What a condition found: True, False or None for unknown; the words or facts that made it so; and where."""

    result: bool | None
    evidence: tuple[str, ...] = ()
    where: str = ""


TRUE = Outcome(result=True)
FALSE = Outcome(result=False)
UNKNOWN = Outcome(result=None)


class Condition(Protocol):
    """One test of a submission. A frozen value: equal conditions are one signal. Pure: all it may look at is `facts`."""

    def evaluate(self, facts: "Facts") -> Outcome:
        """Whether it holds, and why."""

    def words(self) -> str:
        """The condition in words, for the trace."""


@dataclass(frozen=True)
class Leaf:
    """A single condition."""

    condition: Condition

    def words(self) -> str:
        """The condition in words."""
        return self.condition.words()


@dataclass(frozen=True)
class AllOf:
    """True when all parts are."""

    parts: tuple["Expression", ...]

    def words(self) -> str:
        """The parts joined."""
        return f"all of ({'; '.join(part.words() for part in self.parts)})"


@dataclass(frozen=True)
class AnyOf:
    """True when one part is."""

    parts: tuple["Expression", ...]

    def words(self) -> str:
        """The parts joined."""
        return f"any of ({'; '.join(part.words() for part in self.parts)})"


@dataclass(frozen=True)
class NoneOf:
    """True when no part is, and none is unknown."""

    parts: tuple["Expression", ...]

    def words(self) -> str:
        """The parts joined."""
        return f"none of ({'; '.join(part.words() for part in self.parts)})"


@dataclass(frozen=True)
class Named:
    """A condition of the `conditions:` section, under its name."""

    name: str
    part: "Expression"

    def words(self) -> str:
        """Its name."""
        return self.name


Expression = Leaf | AllOf | AnyOf | NoneOf | Named


class Evaluation:
    """Evaluates expressions on one set of facts; each is looked at once, however many rules use it."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._known: dict[int, Outcome] = {}

    def of(self, expression: Expression) -> Outcome:
        """The outcome of an expression. Expressions are told apart by identity: equal ones were made one when compiled."""
        key = id(expression)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._evaluate(expression)
        return known

    def _evaluate(self, expression: Expression) -> Outcome:
        if isinstance(expression, Leaf):
            return expression.condition.evaluate(self._facts)
        if isinstance(expression, Named):
            return self.of(expression.part)
        outcomes = [self.of(part) for part in expression.parts]
        if isinstance(expression, AllOf):
            return _joined(outcomes, stops_at=False)
        found = _joined(outcomes, stops_at=True)
        if isinstance(expression, AnyOf) or found.result is None:
            return found
        return Outcome(not found.result, found.evidence, found.where)


def _joined(outcomes: list[Outcome], *, stops_at: bool) -> Outcome:
    """Kleene's `or` where `stops_at` is True, `and` where it is False."""
    results = [outcome.result for outcome in outcomes]
    result = stops_at if stops_at in results else None if None in results else not stops_at
    if not result:
        return (FALSE, UNKNOWN)[result is None]
    true = [outcome for outcome in outcomes if outcome.result]
    evidence = tuple(dict.fromkeys(words for outcome in true for words in outcome.evidence))
    return Outcome(result, evidence, ", ".join(dict.fromkeys(outcome.where for outcome in true if outcome.where)))


def holds(evidence: tuple[str, ...] = (), where: str = "") -> Outcome:
    """True, with what made it so."""
    return Outcome(result=True, evidence=evidence, where=where)
