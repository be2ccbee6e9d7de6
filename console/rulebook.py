"""The published ruleset as the console needs it: teams, labels, time zone; read again when another is in force."""

import threading
from collections.abc import Mapping
from datetime import tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row

from cases.errors import Refused
from cases.handling.handing_over import Inside
from cases.handling.sorting import Promised
from cases.model.decision import Decision
from cases.model.demands import Demands
from cases.model.house import House
from cases.model.words import Access
from cases.store.engine import reading
from cases.store.rulesets import published, text_of
from rules import load
from rules.demands import demands_of
from rules.language.load import hash_of
from rules.language.problems import RulesetInvalid
from rules.resorting import promised_in
from rules.ruleset import Ruleset
from rules.versions import Versions

LANGUAGE = "en"
"""The console's own language."""


class Rulebook:
    """Holds the ruleset in force; safe to use from several threads."""

    def __init__(self, record: Engine) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._ruleset: Ruleset | None = None
        self._versions = Versions()
        self._looked_at = ""
        self.failed = ""
        """Why the version that was published last is not the one in use; "" while it is."""

    def current(self) -> Ruleset | None:
        """The ruleset in force, None before the first publication. One that cannot be loaded leaves the one before.

        Raises `TryLater`.
        """
        with reading(self._record) as connection:
            text = published(connection, known=self._looked_at)
        if text is not None:
            self._take(text)
        return self._ruleset

    def _take(self, text: str) -> None:
        ruleset, failed = self._ruleset, ""
        try:
            ruleset = load(text)
        except RulesetInvalid as error:
            first = error.problems[0]
            failed = f"{hash_of(text)}, line {first.line}: {first.message}"
        with self._lock:
            self._ruleset, self.failed, self._looked_at = ruleset, failed, hash_of(text)

    def house(self) -> House:
        """What the ruleset in force says about who looks."""
        ruleset = self.current()
        return ruleset.house if ruleset else House()

    def team_order(self) -> Mapping[str, tuple[str, ...]]:
        """Who could take a team's cases over, in the order of the file; lead and backup last."""
        ruleset = self.current()
        teams = ruleset.teams if ruleset else {}
        return {
            name: tuple(one.casefold() for one in (*team.members, team.backup, team.lead) if one)
            for name, team in teams.items()
        }

    def categories(self) -> list[str]:
        """The categories there are, by their labels."""
        return sorted(self._ruleset.categories, key=self.category) if self._ruleset else []

    def sortable(self) -> dict[str, Access]:
        """Categories that a case can be sorted into, each with its access: not the renamed, nor those sealed from the start."""
        known = self._ruleset.categories.values() if self._ruleset else ()
        return {one.name: one.access for one in known if not one.renamed_to and one.access is not Access.SEALED}

    def version(self) -> str:
        """The hash of the ruleset in force, "" before the first publication."""
        return self._ruleset.hash if self._ruleset else ""

    def promised(self, to: str) -> Promised:
        """Deadlines and ladder of a case that is sorted into another category; raises `Refused` while there is no ruleset."""
        if self._ruleset is None:
            raise Refused("no ruleset is in force")
        return partial(promised_in, self._ruleset, to)

    def members(self, team: str) -> tuple[str, ...]:
        """Whom a case of this team can be given to, in the team's order; nobody of an unknown team."""
        known = self._ruleset.teams.get(team) if self._ruleset else None
        return tuple(one for one in (*known.members, known.lead) if one) if known else ()

    def category(self, name: str) -> str:
        """A category as people call it."""
        known = self._ruleset.categories.get(name) if self._ruleset else None
        return known.title(LANGUAGE) if known else in_words(name)

    def team(self, name: str) -> str:
        """A team as people call it."""
        known = self._ruleset.teams.get(name) if self._ruleset else None
        labels = dict(known.label) if known else {}
        return labels.get(LANGUAGE) or next(iter(labels.values()), in_words(name))

    def demands(self, connection: Connection, case: Row[Any], decision: Decision | None) -> Demands:
        """What is asked of a case before it closes: by the version of the ruleset that it was sorted by."""
        if self._ruleset is None:
            return Demands()
        version = self._versions.of(case.ruleset, case.category, self._ruleset, partial(text_of, connection))
        return demands_of(version, case.category, decision, case.tags.split())

    def inside_of(self, team: str) -> str:
        """The team of the house that a provider's team hands over to; "" for a team of the house."""
        known = self._ruleset.teams.get(team) if self._ruleset else None
        return known.hand_over if known and known.organisation else ""

    def hand_over(self, team: str) -> tuple[frozenset[str], Inside]:
        """The provider's people whose access ends, and where the case goes. Raises `Refused` for a team of the house."""
        to = self.inside_of(team)
        if not self._ruleset or not to:
            raise Refused("this case is with no provider: give it to somebody instead")
        teams = self._ruleset.teams
        organisation, inside = teams[team].organisation, teams[to]
        outside = [one for one in teams.values() if one.organisation == organisation]
        people = [address for one in outside for address in (*one.members, one.lead) if address]
        wanted = [one for one in (inside.lead, *inside.members, inside.backup) if "@" in one]
        return frozenset(people), Inside(to, tuple(wanted))

    @property
    def risk_levels(self) -> tuple[str, ...]:
        """The ruleset's levels of risk, lowest first."""
        return self._ruleset.risk_levels if self._ruleset else ()

    @property
    def zone(self) -> tzinfo:
        """The zone that times are shown in."""
        return ZoneInfo(self._ruleset.settings.timezone if self._ruleset else "UTC")


def in_words(name: str) -> str:
    """A name of the ruleset as words: `data_update` is “Data update”."""
    return name.replace("_", " ").replace("-", " ").strip().capitalize()
