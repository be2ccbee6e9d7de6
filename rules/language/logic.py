"""Rules that can never match, that always do, and rules that others shadow, told from their conditions alone."""

from rules.compile import Active
from rules.conditions.access import Access
from rules.conditions.authenticity import Authenticity
from rules.conditions.category import Category
from rules.conditions.channel import Channel
from rules.conditions.family import Family
from rules.conditions.history import History
from rules.conditions.language import Language
from rules.conditions.model import Model
from rules.conditions.model_confidence import ModelConfidence
from rules.conditions.model_risk import ModelRisk
from rules.conditions.risk import Risk
from rules.conditions.tagged import Tagged
from rules.conditions.team import Team
from rules.effects import ONE_OF
from rules.expressions import AllOf, AnyOf, Condition, Expression, Leaf, Named, NoneOf
from rules.ruleset import Rule, Ruleset

LATER = (Category, Family, Risk, Tagged, Team)
"""What is not decided in the classify phase: a test of it there never holds."""


def verdict(expression: Expression, phase: str, levels: tuple[str, ...]) -> bool | None:
    """True when it always holds, False when it never can, None when it depends on the submission."""
    if isinstance(expression, Leaf):
        return _leaf(expression.condition, phase, levels)
    if isinstance(expression, Named):
        return verdict(expression.part, phase, levels)
    found = [verdict(part, phase, levels) for part in expression.parts]
    parts = _flat(expression) if isinstance(expression, AllOf) else expression.parts
    if isinstance(expression, AllOf):
        return _all(found, parts)
    either = True if True in found or _opposed(parts) else False if set(found) == {False} else None
    if isinstance(expression, AnyOf):
        return either
    return None if either is None else not either


def _all(found: list[bool | None], parts: tuple[Expression, ...]) -> bool | None:
    if False in found or _opposed(parts) or _disjoint(parts):
        return False
    return True if set(found) == {True} else None


def _flat(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, AllOf):
        return tuple(inner for part in expression.parts for inner in _flat(part))
    return (expression,)


def _opposed(parts: tuple[Expression, ...]) -> bool:
    """Whether one part is the negation of another."""
    negated = {part.parts[0] for part in parts if isinstance(part, NoneOf) and len(part.parts) == 1}
    return any(part in negated for part in parts)


def _disjoint(parts: tuple[Expression, ...]) -> bool:
    """Whether two tests of the same thing have no value in common, as category payroll and category leave."""
    seen: dict[type, set[str]] = {}
    for part in parts:
        values = _values(part.condition) if isinstance(part, Leaf) else None
        if values is not None and isinstance(part, Leaf):
            kind = type(part.condition)
            seen[kind] = seen[kind] & values if kind in seen else values
    return any(not values for values in seen.values())


def _values(condition: Condition) -> set[str] | None:
    """The values one of which it asks for, for tests of what has exactly one value."""
    if isinstance(condition, Category | Family | Team):
        return set(condition.names)
    if isinstance(condition, Channel):
        return set(condition.doors)
    if isinstance(condition, Language):
        return set(condition.codes)
    if isinstance(condition, Authenticity):
        return set(condition.results)
    return set(condition.levels) if isinstance(condition, Access) else None


def _leaf(condition: Condition, phase: str, levels: tuple[str, ...]) -> bool | None:
    undecided = isinstance(condition, History) and {"category", "team"} & set(condition.same)
    if phase == "classify" and (undecided or isinstance(condition, LATER)):
        return False
    if isinstance(condition, Model | ModelRisk | ModelConfidence):
        return _bounds(condition.at_least, condition.below)
    if isinstance(condition, Risk) and levels:
        return _risk(condition, levels)
    if isinstance(condition, Active):
        backwards = condition.first is not None and condition.last is not None and condition.last < condition.first
        return False if backwards else None
    values = _values(condition)
    every = {Channel: 5, Authenticity: 3, Access: 3}.get(type(condition))
    return True if values is not None and every == len(values) else None


def _bounds(at_least: float | None, below: float | None) -> bool | None:
    """Scores lie from 0 to 1."""
    if (below is not None and below <= 0) or (at_least is not None and below is not None and at_least >= below):
        return False
    return True if (at_least or 0) <= 0 and (below is None or below > 1) else None


def _risk(condition: Risk, levels: tuple[str, ...]) -> bool | None:
    least = levels.index(condition.at_least) if condition.at_least in levels else 0
    below = levels.index(condition.below) if condition.below in levels else len(levels)
    if below <= least:
        return False
    return True if least == 0 and below == len(levels) else None


def teams_of(expression: Expression, ruleset: Ruleset) -> set[str]:
    """The teams that the cases it holds for can have by their category or team; none when it asks for neither."""
    found: set[str] = set()
    for part in _flat(expression):
        condition = part.condition if isinstance(part, Leaf) else None
        if isinstance(condition, Team):
            found |= set(condition.names)
        for name in condition.names if isinstance(condition, Category) else ():
            if category := ruleset.categories.get(ruleset.current_name(name)):
                found |= {category.team, *(dict(one.values).get("team", "") for one in category.vary)}
    return found - {""}


def shadowed(ruleset: Ruleset) -> dict[str, Rule]:
    """Id of each rule that another one leaves nothing to do, since it matches whenever this does and comes before it."""
    by_first: dict[str, list[tuple[Rule, frozenset[str]]]] = {}
    for rule in ruleset.rules:
        if rule.signals:
            needed = frozenset(signal.name for signal in rule.signals)
            by_first.setdefault(rule.signals[0].name, []).append((rule, needed))
    found: dict[str, Rule] = {}
    for rule in ruleset.rules:
        names = frozenset(signal.name for signal in rule.signals)
        for other, needed in (pair for name in names for pair in by_first.get(name, ())):
            earlier = other.phase == rule.phase and other.place < rule.place and other.watch == rule.watch
            if earlier and needed <= names and _covers(other, rule):
                found.setdefault(rule.id, other)
    return found


def _covers(other: Rule, rule: Rule) -> bool:
    """Whether each action of `rule` is one of `other`, or of a kind of which only the first counts."""
    kinds = {_kind(action) for action in other.then}
    return all(action in other.then or (_kind(action) in ONE_OF and _kind(action) in kinds) for action in rule.then)


def _kind(action: object) -> str:
    name = type(action).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
