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

    def evaluate(self, evaluation: "Evaluation") -> Outcome:
        """What the condition finds."""
        return self.condition.evaluate(evaluation.facts)

    def words(self) -> str:
        """The condition in words."""
        return self.condition.words()


@dataclass(frozen=True)
class AllOf:
    """True when all parts are."""

    parts: tuple["Expression", ...]

    def evaluate(self, evaluation: "Evaluation") -> Outcome:
        """Kleene's and."""
        unknown, true = evaluation.count(self.parts)
        return (
            _joined(true)
            if len(true) == len(self.parts)
            else UNKNOWN
            if unknown + len(true) == len(self.parts)
            else FALSE
        )

    def words(self) -> str:
        """The parts joined."""
        return f"all of ({'; '.join(part.words() for part in self.parts)})"


@dataclass(frozen=True)
class AnyOf:
    """True when one part is."""

    parts: tuple["Expression", ...]

    def evaluate(self, evaluation: "Evaluation") -> Outcome:
        """Kleene's or."""
        unknown, true = evaluation.count(self.parts)
        return _joined(true) if true else UNKNOWN if unknown else FALSE

    def words(self) -> str:
        """The parts joined."""
        return f"any of ({'; '.join(part.words() for part in self.parts)})"


@dataclass(frozen=True)
class NoneOf:
    """True when no part is, and none is unknown."""

    parts: tuple["Expression", ...]

    def evaluate(self, evaluation: "Evaluation") -> Outcome:
        """Kleene's not of or: what made a part true is the evidence against it."""
        unknown, true = evaluation.count(self.parts)
        return _joined(true)._replace(result=False) if true else UNKNOWN if unknown else TRUE

    def words(self) -> str:
        """The parts joined."""
        return f"none of ({'; '.join(part.words() for part in self.parts)})"


@dataclass(frozen=True)
class Named:
    """A condition of the `conditions:` section, under its name."""

    name: str
    part: "Expression"

    def evaluate(self, evaluation: "Evaluation") -> Outcome:
        """What the condition of that name finds."""
        return evaluation.of(self.part)

    def words(self) -> str:
        """Its name."""
        return self.name


Expression = Leaf | AllOf | AnyOf | NoneOf | Named


class Evaluation:
    """Evaluates expressions on one set of facts; each is looked at once, however many rules use it."""

    __slots__ = ("_known", "facts")

    def __init__(self, facts: "Facts", known: dict[int, Outcome] | None = None) -> None:
        """`known` holds outcomes that are clear without a look, by identity of their expression; it is kept."""
        self.facts = facts
        self._known: dict[int, Outcome] = {} if known is None else known

    def of(self, expression: Expression) -> Outcome:
        """The outcome of an expression. Told apart by identity: equal ones were made one object when compiled."""
        key = id(expression)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = expression.evaluate(self)
        return known

    def count(self, parts: tuple[Expression, ...]) -> tuple[int, list[Outcome]]:
        """How many of the parts are unknown, and the outcomes of those that are true. All are looked at, for the trace."""
        unknown = 0
        true: list[Outcome] = []
        for part in parts:
            outcome = self._known.get(id(part)) or self.of(part)
            if outcome is FALSE:
                continue
            if outcome.result:
                true.append(outcome)
            elif outcome.result is None:
                unknown += 1
        return unknown, true


def _joined(outcomes: list[Outcome]) -> Outcome:
    """True, with the evidence of the parts that are."""
    true = [outcome for outcome in outcomes if outcome.result]
    if len(true) == 1:
        return true[0]
    evidence = tuple(dict.fromkeys(words for outcome in true for words in outcome.evidence))
    return Outcome(True, evidence, ", ".join(dict.fromkeys(outcome.where for outcome in true if outcome.where)))  # noqa: FBT003


def holds(evidence: tuple[str, ...] = (), where: str = "") -> Outcome:
    """True, with what made it so."""
    return Outcome(result=True, evidence=evidence, where=where)
