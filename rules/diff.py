"""What changed between two rulesets, in words, the weakenings first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.ruleset import Rule, Ruleset

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `weakens` is set where a locked rule is removed or says less: it needs a second approver."""

    section: str
    name: str
    kind: str
    details: tuple[str, ...] = ()
    weakens: str = ""


_SECTIONS = (
    "calendars",
    "teams",
    "people",
    "aliases",
    "categories",
    "slas",
    "escalation",
    "lists",
    "checklists",
    "templates",
)


def diff(old: Ruleset, new: Ruleset) -> tuple[Change, ...]:
    """Every difference from `old` to `new`, those that weaken a locked rule first. Same meaning gives no difference."""
    changes = list(_settings(old, new))
    for section in _SECTIONS:
        changes += _entries(section, getattr(old, section), getattr(new, section))
    changes += _rules(old, new)
    return tuple(sorted(changes, key=lambda change: not change.weakens))


def _settings(old: Ruleset, new: Ruleset) -> Iterable[Change]:
    if old.settings != new.settings:
        yield Change("settings", "settings", CHANGED, _fields(old.settings, new.settings))
    if old.risk_levels != new.risk_levels:
        yield Change(
            "risk_levels", "risk_levels", CHANGED, (f"{', '.join(old.risk_levels)} → {', '.join(new.risk_levels)}",)
        )


def _entries(section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Change]:
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield Change(section, name, REMOVED)
        elif name not in old:
            yield Change(section, name, ADDED)
        elif old[name] != new[name]:
            yield Change(section, name, CHANGED, _details(old[name], new[name]))


def _details(old: Any, new: Any) -> tuple[str, ...]:
    if isinstance(old, tuple) and isinstance(new, tuple):
        gone = tuple(f"- {entry}" for entry in old if entry not in new)
        come = tuple(f"+ {entry}" for entry in new if entry not in old)
        return (*gone, *come) or ("another order",)
    return _fields(old, new)


def _fields(old: Any, new: Any) -> tuple[str, ...]:
    names = [name for name in old.__dataclass_fields__ if not name.startswith("_")]
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(f"{name}: {_short(before)} → {_short(after)}" for name, before, after in pairs if before != after)


def _short(value: Any) -> str:
    text = ", ".join(str(entry) for entry in value) if isinstance(value, tuple | frozenset) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _rules(old: Ruleset, new: Ruleset) -> Iterable[Change]:
    before, after = ({rule.id: rule for rule in ruleset.rules} for ruleset in (old, new))
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            weakens = "a locked rule is removed" if before[name].locked else ""
            yield Change("rules", name, REMOVED, weakens=weakens)
        elif name not in before:
            yield Change("rules", name, ADDED)
        else:
            details = _rule_details(before[name], after[name], old, new)
            if details:
                yield Change("rules", name, CHANGED, details, _weakening(before[name], after[name], details))


def _rule_details(old: Rule, new: Rule, before: Ruleset, after: Ruleset) -> tuple[str, ...]:
    """What differs in a rule. Conditions are compared by what they mean, lists by their words."""
    plain = replace(new, place=old.place, line=old.line, signals=old.signals, when=old.when, then=old.then)
    details = list(_fields(replace(old, then=(), signals=()), replace(plain, then=(), signals=())))
    wanted, given = ({action.words() for action in rule.then} for rule in (old, new))
    details += [f"no longer: {words}" for words in sorted(wanted - given)]
    details += [f"now also: {words}" for words in sorted(given - wanted)]
    if _meaning(old, before) != _meaning(new, after):
        details.append(f"when: {old.when.words()} → {new.when.words()}")
    return tuple(details)


def _meaning(rule: Rule, ruleset: Ruleset) -> str:
    """A condition as text with the words of its lists, since numbers of lists differ from file to file."""
    return f"{expanded(rule.when)} {sorted(_words(rule.when, ruleset))}"


def expanded(expression: Any) -> str:
    """A condition in words, named ones written out."""
    if hasattr(expression, "part"):
        return expanded(expression.part)
    if hasattr(expression, "parts"):
        return f"{type(expression).__name__}({'; '.join(expanded(part) for part in expression.parts)})"
    return str(expression.words())


def _words(expression: Any, ruleset: Ruleset) -> Iterable[str]:
    for part in getattr(expression, "parts", ()) or ([expression.part] if hasattr(expression, "part") else ()):
        yield from _words(part, ruleset)
    condition = getattr(expression, "condition", None)
    for name in ("wanted", "unless"):
        words = getattr(condition, name, None)
        if words is not None and words.label in ruleset.lists:
            yield from (f"{name} {entry}" for entry in ruleset.lists[words.label])


def _weakening(old: Rule, new: Rule, details: tuple[str, ...]) -> str:
    """Why a change to a locked rule needs a second approver; "" when the rule was not locked or only does more."""
    if not old.locked:
        return ""
    if not new.locked:
        return "a locked rule is unlocked"
    if new.watch and not old.watch:
        return "a locked rule only watches"
    if any(detail.startswith("no longer:") for detail in details):
        return "a locked rule does less"
    if any(detail.startswith(("when:", "active", "phase:", "priority:")) for detail in details):
        return "the condition of a locked rule is another"
    return ""


def weakenings(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that need a second approver."""
    return tuple(change for change in changes if change.weakens)
