"""Promised effects: leased in batches, attempted, done or blocked; never forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, func, insert, null, or_, select, update
from sqlalchemy import case as when

from cases.errors import HeedError, NotYet, Refused, Unreachable
from cases.keys.rotation import meaning
from cases.keys.sealing import Place, Sealer
from cases.model.words import Access
from cases.store.codec import MailPayload, to_bytes
from cases.store.leases import claimed
from cases.store.rows import new_id
from cases.store.tables import case, exclusion
from cases.store.tables import outbox as table

MOST_ATTEMPTS = 12
MOST_DEATHS = 5
"""Workers that may die holding an effect before it is blocked."""
ALONE_AFTER = 2
"""Deaths after which an effect travels alone, so that it takes no other down with it."""
LONGEST_BACKOFF = timedelta(hours=2)
SOONEST, LATEST = timedelta(seconds=5), timedelta(minutes=15)
"""When an effect is tried again whose peer was away."""
GIVES_UP_AFTER = timedelta(days=4)
"""How long a peer may be away before its effects are blocked (RFC 5321, section 4.5.4.1: at least four to five days)."""


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
    """Lease up to `most` pending entries that are due, earliest first, patient ones last; returns their ids by kind.

    One that a worker held when its lease ran out has a death more; after two it travels alone, after five it is blocked.
    """
    free = or_(table.c.leased_until.is_(None), table.c.leased_until < now)
    held = when((table.c.batch.endswith(claimed("")), 1), else_=0)
    found = connection.execute(
        select(table.c.id, table.c.kind, (table.c.deaths + held).label("deaths"))
        .where(table.c.state == "pending", table.c.urgent.is_(urgent), table.c.due_at <= now, free)
        .order_by(table.c.patient, table.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for spent in found:
        if spent.deaths >= MOST_DEATHS:
            block(connection, spent.id, now, f"{MOST_DEATHS} workers died while they did it")
    rows = _together([row for row in found if row.deaths < MOST_DEATHS])
    if rows:
        connection.execute(
            update(table)
            .where(table.c.id.in_([row.id for row in rows]))
            .values(batch=batch, leased_until=now + timedelta(seconds=seconds), deaths=table.c.deaths + held)
        )
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.id)
    return by_kind


def _together(rows: list[Any]) -> list[Any]:
    """Of rows in order those that may share a job: the first alone where workers have died of it, else all of the others."""
    if rows and rows[0].deaths >= ALONE_AFTER:
        return rows[:1]
    return [row for row in rows if row.deaths < ALONE_AFTER]


def claim(connection: Connection, batch: str, ids: Sequence[str]) -> list[OutboxEntry]:
    """Count an attempt for each entry that is still this batch's, and return them; commit before working on them.

    A batch is claimed once; whoever comes second gets nothing.
    """
    known = (table.c.id.in_(ids), table.c.state == "pending")
    taking = update(table).where(*known, table.c.batch == batch)
    if not connection.execute(taking.values(attempts=table.c.attempts + 1, batch=claimed(batch))).rowcount:
        return []
    mine = select(table).where(*known, table.c.batch == claimed(batch))
    rows = connection.execute(mine.order_by(table.c.patient, table.c.due_at)).all()
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


def postpone(connection: Connection, ids: Sequence[str], until: datetime, why: str = "") -> None:
    """Give back what was claimed and may not be tried yet: due again at `until`, no attempt is counted."""
    said = {"error": why[:200]} if why else {}
    if ids:
        connection.execute(
            update(table)
            .where(table.c.id.in_(ids), table.c.state == "pending")
            .values(batch="", leased_until=None, attempts=table.c.attempts - 1, due_at=until, **said)
        )


def failed(connection: Connection, entry: OutboxEntry, now: datetime, error: Exception) -> bool:
    """What becomes of an entry that failed: blocked where trying again is no use, else due again. True when blocked.

    Written down by kind only where it is no error of ours: its words may quote content.
    """
    error = meaning(connection, error)
    words = str(error) if isinstance(error, HeedError) else f"a fault ({type(error).__name__})"
    if isinstance(error, Refused):
        block(connection, entry.id, now, words)
        return True
    if isinstance(error, NotYet):
        postpone(connection, [entry.id], now + error.after, words)
        return False
    if isinstance(error, Unreachable):
        return _wait_for_peer(connection, entry, now, words)
    return try_later(connection, entry, now, words)


def _wait_for_peer(connection: Connection, entry: OutboxEntry, now: datetime, error: str) -> bool:
    """The longer it has waited, the longer it waits, a quarter of an hour at most; True when it was blocked at last."""
    age = now - entry.created_at
    if age >= GIVES_UP_AFTER:
        block(connection, entry.id, now, f"gave up after {age.days} days: {error}")
        return True
    postpone(connection, [entry.id], now + min(max(age / 4, SOONEST), LATEST), error)
    return False


def done_since(connection: Connection, since: datetime) -> int:
    """How many effects have happened since then."""
    return int(
        connection.execute(select(func.count()).where(table.c.done_at >= since, table.c.state == "done")).scalar_one()
    )


@dataclass(frozen=True, slots=True)
class Blocked:
    """What may be shown to anyone of an effect that was given up: metadata and the cause."""

    id: str
    reference: str
    kind: str
    created_at: datetime
    blocked_at: datetime | None
    attempts: int
    error: str
    may_retry: bool


def blocked(connection: Connection, *, hidden_from: str = "", most: int = 500) -> list[Blocked]:
    """Effects that were given up, the newest first. Of a sealed case's mail nothing was kept: it cannot be retried.

    `hidden_from` is an address: nothing of cases that this person is kept away from is among them.
    """
    query = select(table, case.c.reference, case.c.access).outerjoin(case, case.c.id == table.c.case_id)
    kept_away = exists().where(exclusion.c.case_id == table.c.case_id, exclusion.c.person == hidden_from)
    query = query.where(~kept_away) if hidden_from else query
    rows = connection.execute(query.where(table.c.state == "blocked").order_by(table.c.done_at.desc()).limit(most))
    return [
        Blocked(
            row.id,
            "" if row.access == Access.SEALED.value else row.reference or "",
            row.kind,
            row.created_at,
            row.done_at,
            row.attempts,
            row.error,
            row.payload is not None or row.kind in WITHOUT_PAYLOAD,
        )
        for row in rows
    ]


WITHOUT_PAYLOAD = ("attend",)
"""Kinds of effect that carry nothing: their key says it all."""


def retry(connection: Connection, now: datetime, ids: Sequence[str] = ()) -> list[str]:
    """Try blocked effects again (all of them when no id is given), at once and as if for the first time; gives their ids."""
    able = or_(table.c.payload.is_not(None), table.c.kind.in_(WITHOUT_PAYLOAD))
    chosen = [table.c.state == "blocked", able, *([table.c.id.in_(ids)] if ids else [])]
    found = list(connection.execute(select(table.c.id).where(*chosen).with_for_update()).scalars())
    again = {"state": "pending", "attempts": 0, "deaths": 0, "due_at": now, "done_at": None, "error": ""}
    connection.execute(update(table).where(table.c.id.in_(found)).values(**again))
    return found


def mail_row(
    to_service: Sealer, key: str, payload: MailPayload, *, case_id: str | None, at: datetime, due: datetime, **more: Any
) -> dict[str, Any]:
    """The row of a promised mail, sealed to the workers in its own place; `at` is when it says that it was promised."""
    entry_id = new_id()
    sealed = to_service.seal(to_bytes(payload), Place("outbox", entry_id, "payload"))
    row = {"id": entry_id, "case_id": case_id or None, "key": key, "kind": "mail", "payload": sealed}
    return row | {"created_at": at.replace(microsecond=0), "due_at": due} | more


def promise_mail(
    connection: Connection,
    to_service: Sealer,
    key: str,
    payload: MailPayload,
    *,
    case_id: str | None,
    at: datetime,
    due: datetime,
    **more: Any,
) -> str:
    """Promise one mail (see `mail_row`); its id, "" where it was promised before: each key once, ever."""
    if connection.execute(select(table.c.id).where(table.c.key == key)).first() is not None:
        return ""
    row = mail_row(to_service, key, payload, case_id=case_id, at=at, due=due, **more)
    connection.execute(insert(table).values(**row))
    return str(row["id"])


def promise_to_attend(
    connection: Connection,
    wanted: Sequence[tuple[str, str | None, bool]],
    now: datetime,
    *,
    due: datetime | None = None,
) -> int:
    """Promise that somebody looks after things (key, case, urgent): each key once, ever. Gives how many were new.

    What is to be done is decided when it is done: the key names the kind of thing, and which one.
    """
    keys = [key for key, _, _ in wanted]
    known = set(connection.execute(select(table.c.key).where(table.c.key.in_(keys))).scalars())
    rows = [
        {
            "id": new_id(),
            "case_id": case_id,
            "key": key,
            "kind": "attend",
            "urgent": urgent,
            "created_at": now.replace(microsecond=0),
            "due_at": due or now,
        }
        for key, case_id, urgent in {one[0]: one for one in wanted}.values()
        if key not in known
    ]
    if rows:
        connection.execute(insert(table), rows)
    return len(rows)


def counts(connection: Connection) -> dict[str, int]:
    """How many entries are in each state."""
    rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state)).all()
    return {row[0]: int(row[1]) for row in rows}


def put_back(connection: Connection) -> tuple[int, str]:
    """How many entries have failed and wait for another try, and why the last of them did; (0, "") for none."""
    failed = (table.c.state == "pending", table.c.error != "")
    count = connection.execute(select(func.count()).where(*failed)).scalar_one()
    latest = select(table.c.error).where(*failed).order_by(table.c.due_at.desc()).limit(1)
    return int(count), connection.execute(latest).scalar() or ""


def anything_due(connection: Connection, now: datetime, *, urgent: bool) -> bool:
    """Whether there is an entry to lease; a look that writes nothing."""
    free = or_(table.c.leased_until.is_(None), table.c.leased_until < now)
    due = (table.c.state == "pending", table.c.urgent.is_(urgent), table.c.due_at <= now, free)
    return connection.execute(select(table.c.id).where(*due).limit(1)).first() is not None
