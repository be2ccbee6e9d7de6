"""The published ruleset as the console needs it: teams, labels, time zone; read again when another is in force."""

import threading
from collections.abc import Mapping
from datetime import tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from cases.model.decision import Decision
from cases.model.demands import Demands
from cases.model.words import Access
from cases.store.engine import reading
from cases.store.rulesets import published
from rules import load
from rules.demands import demands_of
from rules.ruleset import Ruleset

LANGUAGE = "en"
"""The console's own language."""


class Rulebook:
    """Holds the ruleset in force; safe to use from several threads."""

    def __init__(self, record: Engine) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._ruleset: Ruleset | None = None

    def current(self) -> Ruleset | None:
        """The ruleset in force, None before the first publication. Raises `TryLater`."""
        with reading(self._record) as connection:
            text = published(connection, known=self._ruleset.hash if self._ruleset else "")
        if text is not None:
            ruleset = load(text)
            with self._lock:
                self._ruleset = ruleset
        return self._ruleset

    def teams(self) -> Mapping[str, frozenset[str]]:
        """The addresses in each team, in lower case."""
        ruleset = self.current()
        if ruleset is None:
            return {}
        return {name: frozenset(one.casefold() for one in team.members) for name, team in ruleset.teams.items()}

    def training(self) -> Mapping[Access, str]:
        """The course that each level of access asks of who sees its cases."""
        ruleset = self.current()
        return {Access(level): course for level, course in ruleset.settings.training} if ruleset else {}

    def categories(self) -> list[str]:
        """The categories there are, by their labels."""
        return sorted(self._ruleset.categories, key=self.category) if self._ruleset else []

    def category(self, name: str) -> str:
        """A category as people call it."""
        known = self._ruleset.categories.get(name) if self._ruleset else None
        return known.title(LANGUAGE) if known else in_words(name)

    def team(self, name: str) -> str:
        """A team as people call it."""
        known = self._ruleset.teams.get(name) if self._ruleset else None
        labels = dict(known.label) if known else {}
        return labels.get(LANGUAGE) or next(iter(labels.values()), in_words(name))

    def demands(self, category: str, decision: Decision | None) -> Demands:
        """What the ruleset asks of a case of this category before it closes."""
        return demands_of(self._ruleset, category, decision) if self._ruleset else Demands()

    @property
    def zone(self) -> tzinfo:
        """The zone that times are shown in."""
        return ZoneInfo(self._ruleset.settings.timezone if self._ruleset else "UTC")


def in_words(name: str) -> str:
    """A name of the ruleset as words: `data_update` is “Data update”."""
    return name.replace("_", " ").replace("-", " ").strip().capitalize()
