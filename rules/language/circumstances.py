"""What is wrong with a ruleset only in view of the day, the directory, or the version before it."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.model.context import Person
from cases.model.runs import words_of
from rules.diff import REMOVED, diff
from rules.language.problems import WARNING, Problem, did_you_mean
from rules.ruleset import Ruleset
from rules.text.words import fold


def expired_trials(ruleset: Ruleset, now: datetime) -> tuple[Problem, ...]:
    """Rules whose `active.until` has passed: they do nothing any more."""
    today = now.astimezone(ZoneInfo(ruleset.settings.timezone)).date()
    return tuple(
        _at(ruleset, rule.line, "until:", f"the trial of rule {rule.id} ended on {rule.active_until}",
            "remove the rule, or its active: to keep it")
        for rule in ruleset.rules if rule.active_until is not None and rule.active_until < today
    )  # fmt: skip


def names_in_lists(ruleset: Ruleset, people: Iterable[Person]) -> tuple[Problem, ...]:
    """Words of lists that are a colleague's name: they would match every mail that names or is signed by them."""
    names: dict[str, str] = {}
    for person in people:
        for word in words_of(" ".join((person.name, *person.nicknames))):
            names.setdefault(fold(word), person.name)
    found = []
    for name, entries in ruleset.lists.items():
        for entry in entries:
            bearer = names.get(fold(entry))
            if bearer:
                line = _line_of(ruleset, entry)
                message = f'"{entry}" in list {name} is also the name of a colleague ({bearer})'
                found.append(_at(ruleset, line, entry, message, "use a phrase around it"))
    return tuple(found)


def against(old: Ruleset, new: Ruleset, categories_in_use: Iterable[str] = ()) -> tuple[Problem, ...]:
    """What the author should know before `new` takes the place of `old`.

    Locked rules weakened are warnings: a second person must approve. A category that cases use and that is gone without
    `renamed_to` is an error.
    """
    lines = {rule.id: rule.line for rule in new.rules}
    found = [
        _at(new, lines.get(change.name, 1), change.name, f"{change.weakens} (rule {change.name})",
            "a second person must approve this")
        for change in diff(old, new) if change.weakens
    ]  # fmt: skip
    used = set(categories_in_use)
    for change in diff(old, new):
        if change.section == "categories" and change.kind == REMOVED and change.name in used:
            line = _line_of(new, "categories:")
            near = did_you_mean(change.name, new.categories)
            found.append(
                _at(new, line, "categories:", f'category "{change.name}" is gone while cases use it',
                    f"keep it with renamed_to: …{f' ({near})' if near else ''}", severity="error")
            )  # fmt: skip
    return tuple(found)


def _line_of(ruleset: Ruleset, words: str) -> int:
    for number, line in enumerate(ruleset.text.split("\n"), 1):
        if words in line and not line.lstrip().startswith("#"):
            return number
    return 1


def _at(ruleset: Ruleset, line: int, words: str, message: str, suggestion: str, severity: str = WARNING) -> Problem:
    """A problem at `words`, looked for from `line` on, within one rule's length."""
    lines = ruleset.text.replace("\r\n", "\n").split("\n")
    for number in range(line, min(line + 30, len(lines) + 1)):
        column = lines[number - 1].find(words)
        if column >= 0:
            return Problem(number, column + 1, message, suggestion, len(words), severity, lines[number - 1])
    return Problem(line, 1, message, suggestion, 1, severity, lines[min(line, len(lines)) - 1])
