"""What was worked out about a case, opened for one person: parties, evidence, conclusions, actions, steps, holds, links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.completeness import Filled
from cases.model.demands import Standing
from cases.model.words import PartyRole
from cases.model.work import ActionState, ConclusionKind, LinkKind
from cases.store import tables
from cases.store.codec import evidence_from, party_from, words_from
from cases.store.filled import filled, standing
from cases.store.sight import SeenCase, Viewer, visible_to

SEALED_AWAY = ""
"""In place of words under a key that this person does not hold."""


@dataclass(frozen=True, slots=True)
class Written:
    """Something that staff wrote. `altered`: it is not what the trail says was written."""

    id: str
    author: str
    at: datetime
    altered: bool


@dataclass(frozen=True, slots=True)
class KnownParty(Written):
    """A party. Name and address are empty where this person holds no key to them."""

    role: PartyRole
    name: str = field(repr=False)
    address: str = field(repr=False)
    origin: str
    opened_by: str
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence(Written):
    """One entry of the log; `message` and `file` say where it is (file -1: what was said)."""

    number: int
    message: int
    file: int
    description: str = field(repr=False)
    filename: str = field(repr=False)
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Conclusion(Written):
    """A finding, a decision or a root cause; `choice` is of the closed set of its kind."""

    number: int
    kind: ConclusionKind
    choice: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ActionItem(Written):
    """What somebody is to do, by when."""

    owner: str
    due_on: date | None
    state: ActionState
    text: str = field(repr=False)
    ended_by: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class MarkedStep(Written):
    """A step of the checklist that is done, or was skipped with a reason."""

    words: str
    skipped: bool
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold, and whether somebody asks for it to be lifted."""

    author: str
    at: datetime
    reason: str = field(repr=False)
    asked_by: str
    asked_reason: str = field(repr=False)
    lifted_by: str
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Linked:
    """Another case that this person sees too. `outward`: the link leads from this case to that one."""

    id: str
    reference: str
    status: str
    kind: LinkKind
    outward: bool


@dataclass(frozen=True, slots=True)
class Casework:
    """Everything that was worked out about one case, as far as its reader's keys reach."""

    parties: tuple[KnownParty, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    steps: tuple[MarkedStep, ...] = ()
    holds: tuple[Hold, ...] = ()
    links: tuple[Linked, ...] = ()
    filled: Filled = field(default_factory=Filled)
    standing: Standing = field(default_factory=Standing)

    def of_kind(self, kind: ConclusionKind) -> tuple[Conclusion, ...]:
        """The conclusions of one kind, oldest first."""
        return tuple(one for one in self.conclusions if one.kind is kind)

    @property
    def hold(self) -> Hold | None:
        """The hold that stands, where a person set it or asked to lift it."""
        return next((one for one in self.holds if one.lifted_at is None), None)


def open_casework(
    connection: Connection, seen: SeenCase, viewer: Viewer, keys: Mapping[int, KeyPair], digests: Mapping[str, str]
) -> Casework:
    """The casework, opened. `digests` are those of the trail, by the id of what they are of. Writes nothing."""
    reader = _Reader(connection, seen.id, keys, digests)
    return Casework(
        parties=tuple(reader.party(row) for row in reader.rows(tables.party, "at")),
        evidence=tuple(reader.evidence(row) for row in reader.rows(tables.evidence, "number")),
        conclusions=tuple(reader.conclusion(row) for row in reader.rows(tables.conclusion, "number")),
        actions=tuple(reader.action(row) for row in reader.rows(tables.action_item, "at")),
        steps=tuple(reader.step(row) for row in reader.rows(tables.step, "at")),
        holds=tuple(reader.hold(row) for row in reader.rows(tables.legal_hold, "at")),
        links=_links(connection, seen, viewer),
        filled=filled(connection, seen.id),
        standing=standing(connection, seen.id),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    connection: Connection
    case_id: str
    keys: Mapping[int, KeyPair] = field(repr=False)
    digests: Mapping[str, str]

    def rows(self, table: Any, order: str) -> list[Row[Any]]:
        return list(
            self.connection.execute(select(table).where(table.c.case_id == self.case_id).order_by(table.c[order]))
        )

    def opened(self, epoch: int | None, value: bytes | None, place: Place) -> bytes | None:
        """The bytes behind a sealed value; None without a key to it."""
        if value is None or epoch is None or epoch not in self.keys:
            return None
        return unseal(self.keys[epoch], value, place)

    def words(self, epoch: int | None, value: bytes | None, place: Place) -> str:
        raw = self.opened(epoch, value, place)
        return words_from(raw).text if raw is not None else SEALED_AWAY

    def written(self, row: Row[Any], raw: bytes | None) -> tuple[str, str, datetime, bool]:
        return row.id, row.author, row.at, raw is not None and altered(raw, self.digests.get(row.id))

    def party(self, row: Row[Any]) -> KnownParty:
        raw = self.opened(row.epoch, row.known, Place("party", row.id, "known"))
        known = party_from(raw) if raw is not None else None
        name, address = (known.name, known.address) if known else (SEALED_AWAY, SEALED_AWAY)
        role, opened = PartyRole(row.role), (row.thread_opened_by, row.thread_opened_at)
        return KnownParty(*self.written(row, raw), role, name, address, row.origin, *opened)

    def evidence(self, row: Row[Any]) -> Evidence:
        raw = self.opened(row.epoch, row.about, Place("evidence", row.id, "about"))
        message = tables.message
        number = self.connection.execute(select(message.c.number).where(message.c.id == row.message_id)).scalar() or 0
        where = (row.number, int(number), row.file)
        if raw is None:
            return Evidence(*self.written(row, raw), *where, SEALED_AWAY, SEALED_AWAY, 0, "")
        known = evidence_from(raw)
        return Evidence(*self.written(row, raw), *where, known.description, known.filename, known.size, known.sha256)

    def conclusion(self, row: Row[Any]) -> Conclusion:
        raw = self.opened(row.epoch, row.content, Place("conclusion", row.id, "content"))
        text = words_from(raw).text if raw is not None else SEALED_AWAY
        return Conclusion(*self.written(row, raw), row.number, ConclusionKind(row.kind), row.choice, text)

    def action(self, row: Row[Any]) -> ActionItem:
        raw = self.opened(row.epoch, row.content, Place("action_item", row.id, "content"))
        text = words_from(raw).text if raw is not None else SEALED_AWAY
        state = ActionState(row.state)
        return ActionItem(*self.written(row, raw), row.owner, row.due_on, state, text, row.ended_by, row.ended_at)

    def step(self, row: Row[Any]) -> MarkedStep:
        reason = self.words(row.epoch, row.reason, Place("step", f"{self.case_id}/{row.place}", "reason"))
        return MarkedStep(
            row.words, row.author, row.at, altered=False, words=row.words, skipped=row.skipped, reason=reason
        )

    def hold(self, row: Row[Any]) -> Hold:
        reason = self.words(row.epoch, row.reason, Place("legal_hold", row.id, "reason"))
        asked = self.words(row.asked_epoch, row.asked_reason, Place("legal_hold", row.id, "asked_reason"))
        return Hold(row.author, row.at, reason, row.asked_by, asked, row.lifted_by, row.lifted_at)


def altered(raw: bytes, digest: str | None) -> bool:
    """Whether these bytes are not those whose digest the trail holds; what the trail does not know of is altered too."""
    return sha256(raw).hexdigest() != digest


def _links(connection: Connection, seen: SeenCase, viewer: Viewer) -> tuple[Linked, ...]:
    """Cases linked with this one, as far as they exist for the viewer."""
    table, case = tables.case_link, tables.case
    joined = or_(table.c.other_id == case.c.id, table.c.case_id == case.c.id)
    rows = connection.execute(
        select(case.c.id, case.c.reference, case.c.status, table.c.kind, table.c.case_id)
        .join(table, joined)
        .where(or_(table.c.case_id == seen.id, table.c.other_id == seen.id), case.c.id != seen.id, visible_to(viewer))
        .order_by(table.c.at)
    ).all()
    return tuple(Linked(row.id, row.reference, row.status, LinkKind(row.kind), row.case_id == seen.id) for row in rows)
