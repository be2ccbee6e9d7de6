"""A case opened for one person: everything its page shows, read as an audited fact before it is shown."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.audit.digests import RESEALED, digest_in
from cases.audit.trail import NewEvent, append
from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.decision import Decision
from cases.model.submission import Submission
from cases.model.words import Access, AutomaticKind, Compartment, Direction
from cases.store import tables
from cases.store.casework import Casework, altered, open_casework
from cases.store.codec import decision_from, message_from
from cases.store.sight import SeenCase, Viewer, case_keys, require


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the dialogue, or a note, opened. `sealed_away` means that it was written under a key not held.

    `party` is whose thread it belongs to, "" for the reporter's; `altered`: it is not what the trail says was said.
    """

    id: str
    number: int
    direction: Direction
    channel: str
    at: datetime
    author: str
    authenticity: str
    confirmed: bool
    automatic: bool
    party: str
    altered: bool
    said: Submission | None = field(repr=False)

    @property
    def sealed_away(self) -> bool:
        """Whether this person holds no key to it."""
        return self.said is None


@dataclass(frozen=True, slots=True)
class Fact:
    """One audited event of the case."""

    seq: int
    verb: str
    actor: str
    at: datetime
    data: dict[str, Json]


@dataclass(frozen=True, slots=True)
class StoredClock:
    """One deadline as it stands."""

    kind: str
    state: str
    due_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one case that its reader may see. `readers` are ids of staff who hold its key themselves."""

    seen: SeenCase
    decision: Decision | None = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)
    facts: tuple[Fact, ...]
    clocks: tuple[StoredClock, ...]
    excluded: tuple[tuple[str, str], ...]
    readers: tuple[str, ...]
    work: Casework = field(repr=False)

    @property
    def row(self) -> Row[Any]:
        """The case's metadata."""
        return self.seen.row

    @property
    def reporter(self) -> Submission | None:
        """The words whose sender answers go to, as `cases.store.heard.first_heard` finds them."""
        heard = (one for one in self.entries if one.direction is Direction.INBOUND and not one.party)
        return next((one.said for one in heard if one.said and one.confirmed and not one.automatic), None)


def open_dossier(
    connection: Connection, reference: str, viewer: Viewer, vault: KeyPair, service: KeyPair, now: datetime
) -> Dossier:
    """A case's content, written to the trail first; raises `Refused` alike for all reasons. Commit before showing it."""
    seen = require(connection, reference, viewer, Action.READ)
    keys = case_keys(connection, seen, viewer.person, vault, service)
    facts = tuple(_fact(row) for row in _rows(connection, tables.event, seen.id, "stream_id", "seq"))
    reading = NewEvent(seen.id, "case.read", viewer.person.address, seen.moment(now), {"person": viewer.person.id})
    append(connection, [reading])
    digests = _digests(facts)
    return Dossier(
        seen=seen,
        decision=open_decision(seen, keys),
        entries=tuple(
            _entry(row, keys, digests) for row in _rows(connection, tables.message, seen.id, "case_id", "number")
        ),
        facts=facts,
        clocks=tuple(
            StoredClock(row.kind, row.state, row.due_at, row.ended_at)
            for row in _rows(connection, tables.clock, seen.id, "case_id", "due_at")
        ),
        excluded=tuple(
            (row.person, row.reason) for row in _rows(connection, tables.exclusion, seen.id, "case_id", "person")
        ),
        readers=_readers(connection, seen),
        work=open_casework(connection, seen, viewer, keys, digests),
    )


def _rows(connection: Connection, table: Any, case_id: str, column: str, order: str) -> list[Row[Any]]:
    return list(connection.execute(select(table).where(table.c[column] == case_id).order_by(table.c[order])))


def _digests(facts: tuple[Fact, ...]) -> dict[str, str]:
    """The digests that the trail holds, by the id of what they are of."""
    found: dict[str, str] = {}
    for fact in facts:
        if (named := digest_in(fact.data)) and (fact.verb == RESEALED or named[0] not in found):
            found[named[0]] = named[1]
    return found


def _entry(row: Row[Any], keys: dict[int, KeyPair], digests: dict[str, str]) -> Entry:
    opens = row.epoch in keys and row.content is not None
    raw = unseal(keys[row.epoch], row.content, Place("message", row.id, "content")) if opens else None
    return Entry(
        id=row.id,
        number=row.number,
        direction=Direction(row.direction),
        channel=row.channel,
        at=row.at,
        author=row.author,
        authenticity=row.authenticity,
        confirmed=row.confirmed,
        automatic=row.automatic != AutomaticKind.NONE.value,
        party=row.party_id,
        altered=raw is not None and altered(raw, digests.get(row.id)),
        said=message_from(raw).submission if raw is not None else None,
    )


def _fact(row: Row[Any]) -> Fact:
    return Fact(row.seq, row.verb, row.actor, row.at, json.loads(row.data))


def open_decision(seen: SeenCase, keys: dict[int, KeyPair]) -> Decision | None:
    """What triage decided. It was sealed when the case was opened, to its first key: None for who does not hold that."""
    if 1 not in keys:
        return None
    return decision_from(unseal(keys[1], seen.row.decision, Place("case_file", seen.id, "decision")))


def _readers(connection: Connection, seen: SeenCase) -> tuple[str, ...]:
    """Who holds a key of their own; of interest where the service holds none."""
    wrap = tables.wrap
    if seen.access is not Access.SEALED:
        return ()
    return tuple(
        connection.execute(
            select(wrap.c.reader).where(
                wrap.c.case_id == seen.id,
                wrap.c.epoch == seen.row.epoch,
                wrap.c.compartment == Compartment.CONTENT.value,
                wrap.c.reader_kind == "staff",
            )
        ).scalars()
    )
