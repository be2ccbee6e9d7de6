"""A trial of a candidate on the record, for whoever asks: an audited fact, sends nothing, shows nobody a case not theirs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from cases.access.training import viewer_of
from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import KeyPair
from cases.model.house import House
from cases.store import directory, people
from cases.store.engine import reading, writing
from cases.store.people import Person
from cases.store.rulesets import published
from cases.store.sight import Viewer
from gateway.rulesets.archive import StoredSubmissions
from gateway.rulesets.unlocking import Unlocked
from gateway.triage import Model
from rules import load
from rules.ruleset import Ruleset
from rules.trial import Outcome, try_out


@dataclass(frozen=True, slots=True)
class TrialKeys:
    """What opens stored submissions, and finds a sender's earlier ones."""

    service: KeyPair = field(repr=False)
    index: bytes = field(repr=False)


def try_on_record(
    record: Engine,
    keys: TrialKeys,
    model: Model,
    candidate: Ruleset,
    since: datetime,
    *,
    who: Unlocked | None,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """What the candidate would decide otherwise than the ruleset in force. `progress` gets (replayed, all there are).

    Raises `Refused` when no ruleset is in force.
    """
    with reading(record) as connection:
        text = published(connection)
        if text is None:
            raise Refused("no ruleset is published yet: there is nothing to compare with")
        old = load(text)
        archive = StoredSubmissions(
            connection=connection,
            service=keys.service,
            index_key=keys.index,
            model=model,
            directory=directory.load(connection),
            staff=frozenset(one.address for one in people.everyone(connection)),
            viewer=_viewer(connection, who, now),
            vault=who.vault if who else None,
        )
        total = archive.count(since)
        outcome = try_out(old, candidate, archive.since(since), progress=lambda done: progress(done, total))
    fact = NewEvent(DEPLOYMENT, "ruleset.tried", who.person.address if who else "shell", now,
                    {"ruleset": candidate.hash, "replayed": outcome.replayed})  # fmt: skip
    with writing(record) as connection:
        append(connection, [fact])
    return outcome


def _viewer(connection: Connection, who: Unlocked | None, now: datetime) -> Viewer | None:
    return viewer_now(connection, who.person, now) if who else None


def viewer_now(connection: Connection, person: Person, now: datetime) -> Viewer:
    """Somebody who looks, by the ruleset in force: its teams, and the training that it asks for."""
    text = published(connection)
    return viewer_of(connection, person, load(text).house if text else House(), now)
