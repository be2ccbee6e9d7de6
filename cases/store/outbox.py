"""Promised effects: leased in batches, attempted, done or blocked; never forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, null, or_, select, update
from sqlalchemy import case as when

from cases.model.words import Access
from cases.store.leases import claimed
from cases.store.tables import case
from cases.store.tables import outbox as table

MOST_ATTEMPTS = 12
LONGEST_BACKOFF = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One promised effect in a worker's hands."""

    id: str
    case_id: str
    key: str
    kind: str
    urgent: bool
    attempts: int
    created_at: datetime
    payload: bytes = field(repr=False)


def lease_due(
    connection: Connection, *, batch: str, now: datetime, seconds: float, most: int, urgent: bool
) -> dict[str, list[str]]:
    """Lease up to `most` pending entries that are due, earliest first; returns their ids by kind."""
    free = or_(table.c.leased_until.is_(None), table.c.leased_until < now)
    rows = connection.execute(
        select(table.c.id, table.c.kind)
        .where(table.c.state == "pending", table.c.urgent.is_(urgent), table.c.due_at <= now, free)
        .order_by(table.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        connection.execute(
            update(table)
            .where(table.c.id.in_([row.id for row in rows]))
            .values(batch=batch, leased_until=now + timedelta(seconds=seconds))
        )
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.id)
    return by_kind


def claim(connection: Connection, batch: str, ids: Sequence[str]) -> list[OutboxEntry]:
    """Count an attempt for each entry that is still this batch's, and return them; commit before working on them.

    A batch is claimed once; whoever comes second gets nothing.
    """
    known = (table.c.id.in_(ids), table.c.state == "pending")
    taking = update(table).where(*known, table.c.batch == batch)
    if not connection.execute(taking.values(attempts=table.c.attempts + 1, batch=claimed(batch))).rowcount:
        return []
    mine = select(table).where(*known, table.c.batch == claimed(batch))
    rows = connection.execute(mine.order_by(table.c.due_at)).all()
    return [
        OutboxEntry(
            row.id, row.case_id or "", row.key, row.kind, row.urgent, row.attempts, row.created_at, row.payload or b""
        )
        for row in rows
    ]


def mark_done(connection: Connection, ids: Sequence[str], now: datetime) -> list[str]:
    """The effects have happened; what they carried goes. Returns the ids that were still pending."""
    if not ids:
        return []
    pending = select(table.c.id).where(table.c.id.in_(ids), table.c.state == "pending")
    mine = list(connection.execute(pending.with_for_update()).scalars())
    connection.execute(
        update(table)
        .where(table.c.id.in_(mine))
        .values(state="done", payload=None, done_at=now, error="", batch="", leased_until=None)
    )
    return mine


def try_later(connection: Connection, entry: OutboxEntry, now: datetime, error: str) -> bool:
    """A temporary failure: again after a back-off that doubles from 5 s to 2 h; blocked after 12. True when blocked."""
    if entry.attempts >= MOST_ATTEMPTS:
        block(connection, entry.id, now, f"gave up after {entry.attempts} attempts: {error}")
        return True
    wait = min(timedelta(seconds=5 * 2 ** max(0, entry.attempts - 1)), LONGEST_BACKOFF)
    connection.execute(
        update(table)
        .where(table.c.id == entry.id, table.c.state == "pending")
        .values(due_at=now + wait, leased_until=None, batch="", error=error[:200])
    )
    return False


def release(connection: Connection, ids: Sequence[str]) -> None:
    """Give back what was claimed and not tried: no attempt is counted, and anybody may have it at once."""
    connection.execute(
        update(table)
        .where(table.c.id.in_(ids), table.c.state == "pending")
        .values(batch="", leased_until=None, attempts=table.c.attempts - 1)
    )


def block(connection: Connection, entry_id: str, now: datetime, error: str) -> None:
    """A permanent failure: visible with its cause until a person looks. Of a sealed case nothing it carried is kept."""
    sealed = exists().where(case.c.id == table.c.case_id, case.c.access == Access.SEALED.value)
    values = {"state": "blocked", "done_at": now, "batch": "", "leased_until": None, "error": error[:200]}
    connection.execute(
        update(table)
        .where(table.c.id == entry_id, table.c.state == "pending")
        .values(payload=when((sealed, null()), else_=table.c.payload), **values)
    )


def postpone(connection: Connection, ids: Sequence[str], until: datetime) -> None:
    """Give back what was claimed and may not be tried yet: due again at `until`, no attempt is counted."""
    if ids:
        connection.execute(
            update(table)
            .where(table.c.id.in_(ids), table.c.state == "pending")
            .values(batch="", leased_until=None, attempts=table.c.attempts - 1, due_at=until)
        )


def done_since(connection: Connection, since: datetime) -> int:
    """How many effects have happened since then."""
    return int(
        connection.execute(select(func.count()).where(table.c.done_at >= since, table.c.state == "done")).scalar_one()
    )


def counts(connection: Connection) -> dict[str, int]:
    """How many entries are in each state."""
    rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state)).all()
    return {row[0]: int(row[1]) for row in rows}


def anything_due(connection: Connection, now: datetime, *, urgent: bool) -> bool:
    """Whether there is an entry to lease; a look that writes nothing."""
    free = or_(table.c.leased_until.is_(None), table.c.leased_until < now)
    due = (table.c.state == "pending", table.c.urgent.is_(urgent), table.c.due_at <= now, free)
    return connection.execute(select(table.c.id).where(*due).limit(1)).first() is not None
