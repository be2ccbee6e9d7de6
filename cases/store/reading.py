"""Reading cases: metadata for lists, content for those who may, each reading an audited fact."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from cases.access.policy import Relation, may_see
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.decision import Decision
from cases.model.words import Access
from cases.opening import wrap_place
from cases.store import tables
from cases.store.codec import StoredMessage, decision_from, message_from
from cases.store.people import Person

NO_SUCH_CASE = "no such case"
"""The one answer for a case that does not exist and for one that does not exist for you."""


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case's metadata, as a list shows it."""

    reference: str
    channel: str
    category: str
    risk: str
    access: str
    status: str
    team: str
    owner: str
    tags: tuple[str, ...]
    received_at: datetime
    messages: int
    clocks: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """One message, opened."""

    number: int
    direction: str
    at: datetime
    author: str
    stored: StoredMessage


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case, opened: its messages and the decision with its trace."""

    summary: CaseSummary
    decision: Decision
    messages: tuple[ReadMessage, ...]


def summaries(connection: Connection, *, most: int = 1000, reference: str = "") -> list[CaseSummary]:
    """Metadata of cases, newest first. For the operator's shell: it tells no content and no reporter."""
    case = tables.case
    query = select(case).order_by(case.c.received_at.desc()).limit(most)
    if reference:
        query = query.where(case.c.reference == reference)
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    clocks: dict[str, list[tuple[str, str, datetime]]] = {}
    messages: dict[str, int] = {}
    for part in range(0, len(ids), 500):
        some = ids[part : part + 500]
        for row in connection.execute(select(tables.clock).where(tables.clock.c.case_id.in_(some))):
            clocks.setdefault(row.case_id, []).append((row.kind, row.state, row.due_at))
        for (case_id,) in connection.execute(
            select(tables.message.c.case_id).where(tables.message.c.case_id.in_(some))
        ):
            messages[case_id] = messages.get(case_id, 0) + 1
    return [
        CaseSummary(
            row.reference,
            row.channel,
            row.category,
            row.risk,
            row.access,
            row.status,
            row.team,
            row.owner,
            tuple(row.tags.split()),
            row.received_at,
            messages.get(row.id, 0),
            tuple(clocks.get(row.id, ())),
        )
        for row in rows
    ]


def open_for(
    connection: Connection,
    reference: str,
    person: Person,
    vault: KeyPair,
    service: KeyPair,
    *,
    teams: dict[str, frozenset[str]],
    now: datetime,
) -> ReadCase:
    """A case's content for one person, written to the trail before it is returned; raises `Refused` alike for all reasons.

    `teams` are the addresses of each team's members, in lower case.
    """
    case = tables.case
    row = connection.execute(select(case).where(case.c.reference == reference)).first()
    if row is None:
        raise Refused(NO_SUCH_CASE)
    keys = _case_keys(connection, row, person, vault, service, teams)
    append(connection, [NewEvent(row.id, "case.read", person.address, now, {"person": person.id})])
    found = connection.execute(
        select(tables.message).where(tables.message.c.case_id == row.id).order_by(tables.message.c.number)
    ).all()
    messages = tuple(
        ReadMessage(
            m.number,
            m.direction,
            m.at,
            m.author,
            message_from(unseal(keys, m.content, Place("message", m.id, "content"))),
        )
        for m in found
    )
    decision = decision_from(unseal(keys, row.decision, Place("case_file", row.id, "decision")))
    return ReadCase(summaries(connection, reference=reference)[0], decision, messages)


def _case_keys(connection: Connection, row, person: Person, vault: KeyPair, service: KeyPair, teams) -> KeyPair:  # type: ignore[no-untyped-def]
    wrap, exclusion = tables.wrap, tables.exclusion
    excluded = connection.execute(
        select(exclusion.c.person).where(exclusion.c.case_id == row.id, exclusion.c.person == person.address)
    ).first()
    wraps = {
        (w.reader_kind, w.reader): w.sealed
        for w in connection.execute(
            select(wrap).where(wrap.c.case_id == row.id, wrap.c.epoch == row.epoch, wrap.c.compartment == "content")
        )
    }
    relation = Relation(
        address=person.address,
        roles=frozenset(person.roles),
        in_team=person.address in teams.get(row.team, frozenset()),
        is_named=person.address in {row.owner, row.backup},
        is_excluded=excluded is not None,
        holds_wrap=("staff", person.id) in wraps,
    )
    if not may_see(relation, Access(row.access)):
        raise Refused(NO_SUCH_CASE)
    for kind, reader, opener in (("staff", person.id, vault), ("service", "service", service)):
        sealed = wraps.get((kind, reader))
        if sealed is not None:
            return KeyPair.of_private(unseal(opener, sealed, wrap_place(row.id, row.epoch, "content", kind, reader)))
    raise Refused(NO_SUCH_CASE)
