"""“What to expect”: acknowledgement and answer times, read from the published ruleset and said in words."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from cases.errors import HeedError
from cases.model.calendars import Elapsed, Months, NextCutoff, Span, Working
from cases.model.paragraphs import read_template
from cases.model.words import Access, ClockKind
from rules.ruleset import in_language
from webforms.languages import Language

if TYPE_CHECKING:
    from rules.ruleset import Policy, Ruleset

UNSORTED = "unsorted"
"""The category every ruleset has for what fits no other; its name is for staff."""

log = logging.getLogger("heed.web")

SHOWN = (
    ClockKind.ACKNOWLEDGE,
    ClockKind.FIRST_RESPONSE,
    ClockKind.START_INVESTIGATION,
    ClockKind.FEEDBACK,
    ClockKind.RESOLVE,
)

TOLD = "acknowledge_anonymous"
"""The template of what an anonymous reporter is told (`cases.model.wording.MAILS`)."""


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise of an SLA: the clock's kind, its span, and the clock it counts from ("": receipt)."""

    kind: str
    span: Span
    after: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a category promises: its names by language, who handles it, and by when."""

    category: str
    labels: tuple[tuple[str, str], ...]
    access: Access
    team: tuple[tuple[str, str], ...]
    promises: tuple[Promised, ...]
    policy: "Policy | None" = None

    def title(self, language: Language) -> str:
        """The category's name in this language, else in its first, else the plain name."""
        if self.category == UNSORTED:
            return language.say("expect.unsorted")
        return in_language(self.labels, language.code) or self.category.replace("_", " ").capitalize()

    def readers(self, language: Language) -> str:
        """The team's name for the public, or "" when it has none."""
        return in_language(self.team, language.code)

    def promise(self, kind: str) -> Promised | None:
        """The promise of a clock, or None."""
        return next((one for one in self.promises if one.kind == kind), None)


@dataclass
class Expectations:
    """The promises of the published ruleset; read anew when another one is published."""

    text: Callable[[], str]
    _known: tuple[str, Mapping[str, Expectation]] = ("", {})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self) -> Mapping[str, Expectation]:
        """Every category's, in the ruleset's order; empty while nothing is published or the record cannot be read."""
        try:
            text = self.text()
        except HeedError as error:
            log.warning("the published rules cannot be read now (%s)", type(error).__name__)
            return self._known[1]
        digest = sha256(text.encode()).hexdigest() if text else ""
        with self._lock:
            if digest != self._known[0]:
                self._known = (digest, _load(text))
            return self._known[1]

    def told(self, category: str, organisation: str, language: Language) -> str:
        """What HR ops wrote for who reports without a name; "" where they wrote nothing, or nothing for this category."""
        try:
            text = self.text()
            return _told(text, category, organisation, language) if text else ""
        except HeedError as error:
            log.warning("the published rules cannot be read now (%s)", type(error).__name__)
            return ""

    def of(self, names: tuple[str, ...], access: Access) -> Expectation | None:
        """That of the first of these categories that exists, else of the first with this access, else None."""
        known = self.all()
        by_name = (known[name] for name in names if name in known)
        by_access = (one for one in known.values() if one.access is access)
        return next(by_name, None) or next(by_access, None)


def expectations_of(ruleset: "Ruleset") -> dict[str, Expectation]:
    """What each category of a ruleset promises. Renamed ones are left out."""
    return {
        category.name: Expectation(
            category=category.name,
            labels=category.label,
            access=category.access,
            team=ruleset.teams[category.team].label if category.team in ruleset.teams else (),
            promises=tuple(
                Promised(kind, commitment.promise.span, commitment.promise.after)
                for kind, commitment in ruleset.slas[category.sla].commitments
            ),
            policy=category.policy,
        )
        for category in ruleset.categories.values()
        if not category.renamed_to and category.sla in ruleset.slas
    }


def in_words(promised: Promised, language: Language) -> str:
    """A promise in words: “within 2 working days”."""
    span = promised.span
    if isinstance(span, NextCutoff):
        return language.say("span.cutoff")
    if isinstance(span, Months):
        amount = language.count("span.month", span.count)
    elif isinstance(span, Working):
        amount = _working(span, language)
    else:
        amount = _elapsed(span, language)
    if promised.after and language.knows(f"span.after.{promised.after}"):
        return language.say(f"span.after.{promised.after}", amount=amount)
    return language.say("span.within", amount=amount)


def _working(span: Working, language: Language) -> str:
    if span.days is not None:
        return language.count("span.working_day", span.days)
    return language.count("span.working_hour", round((span.hours or timedelta()) / timedelta(hours=1)))


def _elapsed(span: Elapsed, language: Language) -> str:
    """Days from three on, hours below: “48 hours” is what policies say."""
    hours = span.duration / timedelta(hours=1)
    if hours >= 72 and hours % 24 == 0:
        return language.count("span.day", round(hours / 24))
    if hours >= 1:
        return language.count("span.hour", round(hours))
    return language.count("span.minute", round(span.duration / timedelta(minutes=1)))


def _told(text: str, category: str, organisation: str, language: Language) -> str:
    from rules import load

    ruleset = load(text)
    known = ruleset.categories.get(ruleset.current_name(category))
    wording = ruleset.template(TOLD, language.code)
    if wording is None or (known is not None and known.template == "none"):
        return ""
    subject = f"Subject: {wording.subject}"
    return read_template(f"{subject}\n\n{wording.text}").text({"organisation": organisation}).strip()


def _load(text: str) -> dict[str, Expectation]:
    if not text:
        return {}
    from rules import load

    try:
        return expectations_of(load(text))
    except HeedError:
        log.warning("the published rules cannot be read by this version; pages quote no times")
        return {}
