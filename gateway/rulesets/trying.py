"""A trial of a candidate on the record, for whoever asks: an audited fact, sends nothing, shows nobody a case not theirs."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.files import KeyFiles
from cases.store import directory, people
from cases.store.engine import reading, writing
from cases.store.rulesets import published
from cases.store.sight import Viewer
from gateway.rulesets.archive import StoredSubmissions
from gateway.rulesets.unlocking import Unlocked
from gateway.settings import Everything
from rules import load
from rules.ruleset import Ruleset
from rules.trial import Outcome, try_out


def try_on_record(
    settings: Everything,
    record: Engine,
    candidate: Ruleset,
    since: datetime,
    who: Unlocked | None,
    progress: Callable[[int, int], None],
) -> Outcome:
    """What the candidate would decide otherwise than the ruleset in force. `progress` gets (replayed, all there are).

    Raises `Refused` when no ruleset is in force, or `who` neither owns the rules nor works on cases.
    """
    from classifier.store import current

    keys = KeyFiles(settings.keys_folder)
    with reading(record) as connection:
        text = published(connection)
        if text is None:
            raise Refused("no ruleset is published yet: there is nothing to compare with")
        old = load(text)
        archive = StoredSubmissions(
            connection=connection,
            service=keys.pair("service"),
            index_key=keys.secret("index"),
            model=current(settings.home),
            directory=directory.load(connection),
            staff=frozenset(one.address for one in people.everyone(connection)),
            viewer=_viewer(connection, who),
            vault=who.vault if who else None,
        )
        total = archive.count(since)
        outcome = try_out(old, candidate, archive.since(since), progress=lambda done: progress(done, total))
    fact = NewEvent(DEPLOYMENT, "ruleset.tried", who.person.address if who else "shell", datetime.now(UTC),
                    {"ruleset": candidate.hash, "replayed": outcome.replayed})  # fmt: skip
    with writing(record) as connection:
        append(connection, [fact])
    return outcome


def _viewer(connection: Connection, who: Unlocked | None) -> Viewer | None:
    return Viewer(who.person, teams_of(connection)) if who else None


def teams_of(connection: Connection) -> dict[str, frozenset[str]]:
    """The addresses of each team's members, in lower case, by the ruleset in force."""
    text = published(connection)
    teams = load(text).teams if text else {}
    return {name: frozenset(one.casefold() for one in team.members) for name, team in teams.items()}
