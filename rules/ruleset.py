"""A ruleset as it takes effect: everything of the file, read, checked and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cases.model.calendars import Calendar
from cases.model.decision import Where
from cases.model.house import House
from cases.model.lifecycle import Outcome
from cases.model.submission import Submission
from cases.model.wording import Wording
from cases.model.words import Access
from rules.expressions import Expression
from rules.language.problems import Asked, Problem
from rules.language.spans import Promise
from rules.program import Program

if TYPE_CHECKING:
    from rules.text.lexicon import Lexicon

PHASES = ("classify", "assess", "route")
UNSORTED = "unsorted"
GUARDIAN = "guardian"
NOWHERE = Where()


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole file."""

    timezone: str
    languages: tuple[str, ...] = ("en",)
    unsure_below: float = 0.60
    training: tuple[tuple[str, str], ...] = ()
    reopen_within: timedelta | None = None

    @property
    def courses(self) -> dict[Access, str]:
        """The course that restricted or sealed cases ask of whoever sees them."""
        return {Access(level): course for level, course in self.training}


@dataclass(frozen=True, slots=True)
class Variation:
    """Other values for one country, site or organisation: `values` replace the fields of the entry they stand in."""

    country: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    values: tuple[tuple[str, Any], ...] = ()

    def fits(self, where: Where) -> bool:
        """Whether every attribute that it names is the given one; an unknown attribute never is."""
        asked = ((self.country, where.country), (self.site, where.site), (self.organisation, where.organisation))
        return all(not wanted or value.casefold() in {each.casefold() for each in wanted} for wanted, value in asked)


def first_fitting(variations: tuple[Variation, ...], where: Where) -> tuple[tuple[str, Any], ...]:
    """The values of the first variation that fits; none when no one does."""
    return next((one.values for one in variations if one.fits(where)), ())


def in_language(labels: tuple[tuple[str, str], ...], language: str) -> str:
    """What something is called in this language, else in the first one given; "" without any."""
    known = dict(labels)
    return known.get(language) or next(iter(known.values()), "")


@dataclass(frozen=True, slots=True)
class Team:
    """Who handles cases, and how one of them is chosen. Members are addresses, in file order."""

    name: str
    members: tuple[str, ...]
    assign: str = "least_open"
    calendar: str = ""
    skills: tuple[tuple[str, tuple[str, ...]], ...] = ()
    load: tuple[tuple[str, int], ...] = ()
    on_call_from: date | None = None
    organisation: str = ""
    families: tuple[str, ...] = ()
    hand_over: str = ""
    lead: str = ""
    backup: str = ""
    label: tuple[tuple[str, str], ...] = ()

    def lists(self, category: "Category") -> bool:
        """Whether its `families` name this category or its family; `unsorted` only counts by its own name."""
        by_family = category.family in self.families and category.name != UNSORTED
        return by_family or category.name in self.families


@dataclass(frozen=True, slots=True)
class People:
    """Where escalations go; `backup` (an address, a group or "") when all of them are absent or excluded."""

    name: str
    members: tuple[str, ...]
    backup: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The document a category rests on, for the form and the acknowledgement; its titles by language."""

    titles: tuple[tuple[str, str], ...]
    link: str = ""

    def title(self, language: str) -> str:
        """The title in this language, else the first one given."""
        return in_language(self.titles, language)


class Decider(StrEnum):
    """Who may decide a case of a category: anyone who works on it, or only someone else than its investigator."""

    ANYONE = "anyone"
    SOMEONE_ELSE = "someone_else"


@dataclass(frozen=True, slots=True)
class Keep:
    """How long a case is kept after closing: `otherwise`, unless its outcome has a time of its own. None: for ever."""

    otherwise: timedelta | None = None
    by_outcome: tuple[tuple[Outcome, timedelta], ...] = ()

    def after(self, outcome: Outcome | None) -> timedelta | None:
        """The time for this outcome; None: for ever."""
        return dict(self.by_outcome).get(outcome, self.otherwise) if outcome else self.otherwise


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of case and what follows from it.

    `examples` are messages that teach the classifier a category that HR ops add.
    `quote` is whether a working notice may quote the text of a restricted case of it; `close_needs` is what must be there
    before it is closed.
    """

    name: str
    team: str
    risk: str
    sla: str
    access: Access = Access.MANAGED
    family: str = ""
    label: tuple[tuple[str, str], ...] = ()
    description: tuple[tuple[str, str], ...] = ()
    checklist: str = ""
    close_needs: tuple[str, ...] = ()
    keep: Keep = Keep()
    reopen_within: timedelta | None = None
    quote: bool = False
    decider: Decider = Decider.ANYONE
    model: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    policy: Policy | None = None
    template: str = "acknowledge"
    renamed_to: str = ""
    vary: tuple[Variation, ...] = ()

    def title(self, language: str) -> str:
        """The label in this language, else in the first one given, else the name in words."""
        return in_language(self.label, language) or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Alias:
    """An address that mail is written to, and what holds for such mail where nothing else says otherwise."""

    address: str
    category: str = ""
    language: str = ""
    team: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """One clock of an SLA: its promise, and the case status that pauses it."""

    promise: Promise
    pause_while: str = ""


@dataclass(frozen=True, slots=True)
class Sla:
    """What is promised: a commitment for each kind of clock."""

    name: str
    commitments: tuple[tuple[str, Commitment], ...]
    vary: tuple[Variation, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an escalation ladder. `of` names a clock; "" is every clock of the SLA but the acknowledgement."""

    at: tuple[float, timedelta]
    notify: tuple[str, ...] = ()
    escalate_to: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The words of a mail by language, the first for everybody else; `vary` replaces them language by language."""

    name: str
    wordings: tuple[tuple[str, Wording], ...]
    vary: tuple[Variation, ...] = ()

    def wording(self, language: str, where: Where) -> Wording:
        """The words in this language (two letters or more), else in the first one given."""
        found: dict[str, Wording] = dict(self.wordings) | dict(first_fitting(self.vary, where))
        return found.get(language[:2].lower()) or next(iter(found.values()))


@dataclass(frozen=True, slots=True)
class Signal:
    """A fact an engine sees: its name, the expression that Python evaluates for it, and that in words."""

    name: str
    expression: Expression
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `place` ranks it among all: locked first, then priority, then file order."""

    id: str
    phase: str
    when: Expression
    then: tuple[Any, ...]
    why: str = ""
    priority: int = 0
    locked: bool = False
    watch: bool = False
    active_from: date | None = None
    active_until: date | None = None
    place: int = 0
    line: int = 0
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class RulesetTest:
    """A test of the file: what is given, and what is expected. `given` is read by `rules.testing`."""

    name: str
    given: Any
    expect: Any
    line: int = 0


@dataclass(frozen=True)
class Ruleset:
    """One version of the rules, immutable. `hash` names it for ever; `warnings` are what the check found but let pass."""

    hash: str
    text: str = field(repr=False)
    settings: Settings
    calendars: Mapping[str, Calendar] = field(repr=False)
    calendar_variations: Mapping[str, tuple[Variation, ...]] = field(repr=False)
    teams: Mapping[str, Team] = field(repr=False)
    people: Mapping[str, People] = field(repr=False)
    risk_levels: tuple[str, ...]
    families: tuple[str, ...]
    categories: Mapping[str, Category] = field(repr=False)
    slas: Mapping[str, Sla] = field(repr=False)
    escalation: Mapping[str, tuple[Step, ...]] = field(repr=False)
    checklists: Mapping[str, tuple[str, ...]] = field(repr=False)
    templates: Mapping[str, Template] = field(repr=False)
    lists: Mapping[str, tuple[str, ...]] = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    tests: tuple[RulesetTest, ...] = field(repr=False)
    lexicon: "Lexicon" = field(repr=False, compare=False)
    program: Program = field(repr=False)
    aliases: Mapping[str, Alias] = field(default_factory=dict, repr=False)
    asked: tuple[Asked, ...] = field(default=(), repr=False)
    warnings: tuple[Problem, ...] = field(default=(), repr=False)
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What is worth computing once for this ruleset (the index of a directory's names); never part of its value."""

    @property
    def staff(self) -> frozenset[str]:
        """Every address that the ruleset names: members, leads and backups."""
        known = self.memory.get("staff")
        if known is None:
            teams = (address for team in self.teams.values() for address in (*team.members, team.lead, team.backup))
            people = (address for group in self.people.values() for address in (*group.members, group.backup))
            known = frozenset(address for address in (*teams, *people) if "@" in address)
            self.memory["staff"] = known
        return frozenset(known)

    def template(self, name: str, language: str, where: Where = NOWHERE) -> Wording | None:
        """The words that HR ops wrote for this mail; None where they wrote none and its own words stand."""
        found = self.templates.get(name)
        return found.wording(language, where) if found else None

    def category_in(self, name: str, where: Where) -> Category:
        """The category of this name, or the one it was renamed to, with what is different there."""
        category = self.categories[self.current_name(name)]
        values = first_fitting(category.vary, where)
        return replace(category, **dict(values)) if values else category

    def reopens_within(self, category: str) -> timedelta | None:
        """How long after closing a reply reopens a case; later it opens one of its own. None: it always reopens."""
        found = self.categories.get(self.current_name(category))
        return (found.reopen_within if found else None) or self.settings.reopen_within

    def keep(self, category: str, outcome: Outcome | None, where: Where = NOWHERE) -> timedelta | None:
        """How long a case is kept after it was closed with this outcome; None: for ever."""
        return self.category_in(category, where).keep.after(outcome)

    def calendars_in(self, where: Where) -> Mapping[str, Calendar]:
        """The calendars, each with what is different there."""
        found = dict(self.calendars)
        for name, variations in self.calendar_variations.items():
            for _, calendar in first_fitting(variations, where):
                found[name] = calendar
        return found

    def commitments_in(self, sla: str, where: Where) -> dict[str, Commitment]:
        """What an SLA promises there, by kind of clock."""
        found = self.slas[sla]
        return dict(found.commitments) | dict(first_fitting(found.vary, where))

    def alias_of(self, submission: Submission) -> Alias | None:
        """The alias it was written to: of the first recipient that has one. What follows a + is a token and names nobody.

        What is stated comes first, so that a mail to two aliases is the same whichever copy comes first.
        """
        stated = [address.address for address in (*submission.to, *submission.cc)]
        for recipient in (*stated, *submission.envelope_recipients) if self.aliases else ():
            local, _, domain = recipient.strip().lower().rpartition("@")
            found = self.aliases.get(f"{local.partition('+')[0]}@{domain}")
            if found is not None:
                return found
        return None

    @property
    def house(self) -> House:
        """Who is in which team, who of them works for another organisation, and what training is asked for."""
        teams = {name: frozenset(one.casefold() for one in team.members) for name, team in self.teams.items()}
        outside = [teams[name] | {team.lead.casefold()} for name, team in self.teams.items() if team.organisation]
        return House(teams, frozenset().union(*outside) - {""}, self.settings.courses)

    def risk_rank(self, level: str) -> int:
        """0 for the lowest level; an unknown level (of an older ruleset) counts as the highest."""
        return self.risk_levels.index(level) if level in self.risk_levels else len(self.risk_levels) - 1

    def category_of_class(self, name: str) -> str:
        """The category that a model class stands for, by `model:` or by its own name; `unsorted` when there is none."""
        found = self.memory.get("classes")
        if found is None:
            found = {one: category.name for category in self.categories.values() for one in category.model}
            self.memory["classes"] = found
        return self.current_name(found.get(name, name))

    def current_name(self, name: str) -> str:
        """The category of this name, or the one it was renamed to; `unsorted` when unknown."""
        for _ in self.categories:
            if name not in self.categories:
                return UNSORTED
            if not self.categories[name].renamed_to:
                return name
            name = self.categories[name].renamed_to
        return UNSORTED
