"""What triage knows beside the submission: who people are, what came before. Passed in, never fetched by the pure parts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Person:
    """A directory entry. Empty strings are unknown. `manager` is an address."""

    address: str
    name: str = ""
    manager: str = ""
    department: str = ""
    location: str = ""
    country: str = ""
    grade: str = ""
    job_title: str = ""
    organisation: str = ""
    language: str = ""
    aliases: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()


class Directory(Protocol):
    """Who works here."""

    def find(self, address: str) -> Person | None:
        """The person with this address or alias (case folded), or None."""

    def people(self) -> tuple[Person, ...]:
        """Everyone, in a stable order."""

    def reports_of(self, address: str) -> tuple[Person, ...]:
        """Whoever reports to this person, directly or not."""

    def chain_of(self, person: Person) -> tuple[str, ...]:
        """Addresses of everyone above this person, nearest first."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Which earlier cases to count: those that share every attribute that `same` names (`sender`, `category`, `team`, `party`:
    addresses of people) and came within the time, but the one of the id `besides`.
    """

    same: tuple[str, ...]
    within: timedelta
    sender: str = field(default="", repr=False)
    category: str = ""
    team: str = ""
    party: str = field(default="", repr=False)
    besides: str = ""


class History(Protocol):
    """What came before, counted; never says which cases."""

    def count(self, alike: Alike) -> int:
        """How many earlier cases are alike."""

    def open_by_owner(self) -> dict[str, int]:
        """Open cases by owner's address, for `least_open`; missing means none."""

    def turn(self, team: str) -> int:
        """The number of the team's next turn, for `round_robin`; asked once a case, and never the same number twice."""


class NoDirectory:
    """A deployment without a directory: everybody is unknown."""

    def find(self, address: str) -> Person | None:
        """Nobody is known."""
        return None

    def people(self) -> tuple[Person, ...]:
        """Nobody."""
        return ()

    def reports_of(self, address: str) -> tuple[Person, ...]:
        """Nobody."""
        return ()

    def chain_of(self, person: Person) -> tuple[str, ...]:
        """Nobody."""
        return ()


class NoHistory:
    """A deployment's first day: nothing came before."""

    def count(self, alike: Alike) -> int:
        """Nothing."""
        return 0

    def open_by_owner(self) -> dict[str, int]:
        """Nobody has any."""
        return {}

    def turn(self, team: str) -> int:
        """The first."""
        return 0


@dataclass(frozen=True, slots=True)
class Context:
    """The world around one submission.

    `follow_up_of` holds what an existing case has decided so far (as field, value pairs: category, risk, access, team,
    owner, tags) when the submission joins one; empty for a new case. `absent` are addresses of people who are away, `gone` of
    people who left. `staff` are addresses of everyone who works with cases. `named_parties` are parties named before: by
    whoever logged it, or by a test. `excluded` are people kept away from the existing case already, `answered_by` those of
    the staff whom its reporter knows from their answers, by address.
    `received_at` is when the submission came in, from which deadlines count: it may have waited. `case_id` is the existing case,
    which is none of the earlier ones that history counts.
    """

    directory: Directory = field(default_factory=NoDirectory)
    history: History = field(default_factory=NoHistory)
    follow_up_of: tuple[tuple[str, str], ...] = ()
    absent: frozenset[str] = frozenset()
    named_parties: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    excluded: tuple[str, ...] = ()
    received_at: datetime | None = None
    answered_by: frozenset[str] = frozenset()
    case_id: str = ""
