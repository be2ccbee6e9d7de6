"""Reading cases: metadata for lists, content for those who may, each reading an audited fact."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from cases.access.policy import Action
from cases.audit.trail import NewEvent, append
from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.decision import Decision
from cases.store import tables
from cases.store.codec import StoredMessage, decision_from, message_from
from cases.store.sight import NO_SUCH_CASE, Viewer, case_keys, require

__all__ = ["NO_SUCH_CASE", "CaseSummary", "ReadCase", "ReadMessage", "open_for", "summaries"]


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
    viewer: Viewer,
    vault: KeyPair,
    service: KeyPair,
    *,
    now: datetime,
) -> ReadCase:
    """A case's content for one person, written to the trail before it is returned; raises `Refused` alike for all reasons."""
    person = viewer.person
    seen = require(connection, reference, viewer, Action.READ)
    row, keys = seen.row, case_keys(connection, seen, person, vault, service)
    append(connection, [NewEvent(row.id, "case.read", person.address, seen.moment(now), {"person": person.id})])
    found = connection.execute(
        select(tables.message).where(tables.message.c.case_id == row.id).order_by(tables.message.c.number)
    ).all()
    messages = tuple(
        ReadMessage(
            m.number,
            m.direction,
            m.at,
            m.author,
            message_from(unseal(keys[m.epoch], m.content, Place("message", m.id, "content"))),
        )
        for m in found
        if m.epoch in keys and m.content
    )
    decision = decision_from(unseal(keys[1], row.decision, Place("case_file", row.id, "decision")))
    return ReadCase(summaries(connection, reference=reference)[0], decision, messages)
