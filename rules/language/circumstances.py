"""What is wrong with a ruleset only in view of the day, the directory, or the version before it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.model.context import Person
from cases.model.runs import words_of
from rules.conditions.sender import ATTRIBUTES
from rules.conditions.support import matches
from rules.diff import REMOVED, diff
from rules.language.problems import WARNING, Asked, Problem, did_you_mean
from rules.ruleset import Ruleset
from rules.text.words import fold

NAMESAKE = "is also the name of a colleague"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a ruleset stands in: the day, who works here, what forms ask, where mail is taken. What is empty is not known.

    `fields` are the names of the fields that forms have, each with the values it can hold; without any, it can hold
    whatever somebody writes.
    """

    now: datetime
    people: tuple[Person, ...] = field(default=(), repr=False)
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    addresses: tuple[str, ...] = ()


def in_view_of(ruleset: Ruleset, around: Circumstances) -> tuple[Problem, ...]:
    """What is wrong with a ruleset only where it stands; all of it lets the ruleset take effect."""
    said = {(problem.line, problem.column) for problem in ruleset.warnings if NAMESAKE in problem.message}
    names = (
        problem for problem in names_in_lists(ruleset, around.people) if (problem.line, problem.column) not in said
    )
    return (*expired_trials(ruleset, around.now), *names, *_unknown(ruleset, around))


def _unknown(ruleset: Ruleset, around: Circumstances) -> Iterable[Problem]:
    """Values that conditions ask for and that nothing here has."""
    known = _known(ruleset, around)
    for asked in ruleset.asked:
        values = known.get(asked.of, ())
        if values and not any(matches(one, asked.value) for one in values):
            words = f"{_nothing_has(asked)} in {asked.where}" if asked.where else _nothing_has(asked)
            yield _there(ruleset, asked, words, did_you_mean(asked.value, values))


def _known(ruleset: Ruleset, around: Circumstances) -> dict[str, tuple[str, ...]]:
    """Every value there is, by what a condition may ask for; nothing of what can have any value or is not known."""
    found: dict[str, tuple[str, ...]] = {"field": tuple(name for name, _ in around.fields)}
    free = {name.casefold() for name, values in around.fields if not values}
    for name, values in around.fields:
        if name.casefold() not in free:
            of = f"field.{name.casefold()}"
            found[of] = (*found.get(of, ()), *values)
    for name in ATTRIBUTES if around.people else ():
        found[f"person.{name}"] = ("", *{value for one in around.people if (value := getattr(one, name))})
    if around.addresses:
        found["recipient"] = (*around.addresses, *ruleset.aliases)
    return found


def _nothing_has(asked: Asked) -> str:
    kind, _, name = asked.of.partition(".")
    if kind == "recipient":
        return f'no mail is taken for "{asked.value}"'
    if kind == "person":
        return f'nobody in the directory has the {name.replace("_", " ")} "{asked.value}"'
    if not name:
        return f'no form of the public site has a field "{asked.value}"'
    return (
        f'no form of the public site is called "{asked.value}"'
        if name == "form"
        else f'the field {name} is never "{asked.value}"'
    )


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
    for asked in ruleset.asked:
        bearer = names.get(fold(words_of(asked.value)[0])) if asked.of == "word" else None
        if bearer:
            message = f'"{asked.value}" in {asked.where} {NAMESAKE} ({bearer})'
            found.append(_there(ruleset, asked, message, "use a phrase around it"))
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


def _there(ruleset: Ruleset, asked: Asked, message: str, suggestion: str) -> Problem:
    text = _lines(ruleset)[asked.line - 1]
    return Problem(asked.line, asked.column, message, suggestion, asked.length, WARNING, text)


def _lines(ruleset: Ruleset) -> list[str]:
    return ruleset.text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _line_of(ruleset: Ruleset, words: str) -> int:
    for number, line in enumerate(_lines(ruleset), 1):
        if words in line and not line.lstrip().startswith("#"):
            return number
    return 1


def _at(ruleset: Ruleset, line: int, words: str, message: str, suggestion: str, severity: str = WARNING) -> Problem:
    """A problem at `words`, looked for from `line` on, within one rule's length."""
    lines = _lines(ruleset)
    for number in range(line, min(line + 30, len(lines) + 1)):
        column = lines[number - 1].find(words)
        if column >= 0:
            return Problem(number, column + 1, message, suggestion, len(words), severity, lines[number - 1])
    return Problem(line, 1, message, suggestion, 1, severity, lines[min(line, len(lines)) - 1])
