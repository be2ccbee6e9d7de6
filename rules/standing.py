"""Who is meant by a name long after the decision: the owner of today, who is on call now, backups for who is away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cases.model.assessment import Assessment
from cases.model.context import Context, Directory, NoDirectory
from cases.model.submission import Submission
from cases.model.words import Channel
from rules.assign import Roster
from rules.exclusion import Exclusions
from rules.facts import Facts
from rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as far as it matters who stands for whom. Addresses in lower case.

    `directory` and `staff` tell who is meant where the ruleset names somebody by another address than they sign in with.
    """

    team: str
    owner: str
    backup: str
    excluded: frozenset[str]
    absent: frozenset[str]
    now: datetime
    directory: Directory = field(default_factory=NoDirectory, repr=False)
    staff: frozenset[str] = frozenset()


def who(ruleset: Ruleset, names: Iterable[str], at: Standing) -> tuple[str, ...]:
    """The people these names stand for, in order, nobody twice: nobody excluded, for who is away their backup.

    Where nobody is left for a name it is the guardian; empty only when the guardians are all excluded too.
    """
    roster = _roster(ruleset, at)
    found = dict[str, None]()
    for name in names:
        for one in _stand_in(roster, at) if name == "owner" else roster.stand_for(name):
            found[one.casefold()] = None
    return tuple(found)


def _stand_in(roster: Roster, at: Standing) -> tuple[str, ...]:
    """The owner, or else the backup, or else the team's lead."""
    for one in (at.owner, at.backup):
        if here := roster.present((one,)):
            return here
    return roster.stand_for("team_lead")


def _roster(ruleset: Ruleset, at: Standing) -> Roster:
    facts = Facts(
        ruleset,
        Submission(Channel.STAFF),
        Assessment(category="", confidence=0.0, scores=(), risk=0.0, model=""),
        Context(directory=at.directory, absent=at.absent, staff=at.staff),
        at.now,
    )
    exclusions = Exclusions()
    for person in at.excluded:
        exclusions.add(person, "excluded")
    roster = Roster(facts, exclusions)
    roster.team, roster.owner = at.team, at.owner
    return roster
