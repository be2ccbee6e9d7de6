"""What becomes of envelopes: leased in batches, opened, triaged or held. The relay sees states only, never bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, func, literal, or_, select, update
from sqlalchemy import case as when

from cases.model.words import Channel
from cases.store.engine import UtcDateTime
from cases.store.leases import claimed
from gateway.inbox.tables import envelope as table

MOST_ATTEMPTS = 5
ALONE_AFTER = 3
"""Attempts after which an envelope travels alone, so that it takes nobody down with it."""
WAITS = "waits"
"""The batch of an envelope that waits for a held one: nothing else waits for it meanwhile."""
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of mail leased together: a worker holds each several times over, as sealed, as read, as sealed again."""


@dataclass(frozen=True, slots=True)
class Leased:
    """An envelope in a worker's hands."""

    id: str
    reference: str
    channel: Channel
    received_at: datetime
    attempts: int
    quiet: bool
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldEnvelope:
    """What may be shown of a held envelope to anyone: metadata and the error, no content."""

    id: str
    reference: str
    channel: str
    received_at: datetime
    size: int
    attempts: int
    error: str
    held_at: datetime


def lease_new(connection: Connection, *, batch: str, now: datetime, seconds: float, most: int) -> list[str]:
    """Lease up to `most` new envelopes, oldest first, under the name `batch`; returns their ids, in order.

    One that failed before travels alone, and so does one that is very large. Takes none that is leased by somebody whose
    lease still runs.
    """
    free = or_(table.c.leased_until.is_(None), table.c.leased_until < now)
    found = connection.execute(
        select(table.c.id, table.c.attempts, table.c.size)
        .where(table.c.state == "new", free)
        .order_by(table.c.received_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    sizes = accumulate(row.size for row in found if row.attempts < ALONE_AFTER)
    able = [row.id for row in found if row.attempts < ALONE_AFTER]
    ids = [one for number, (one, size) in enumerate(zip(able, sizes, strict=True)) if not number or size <= MOST_BYTES]
    lonely = [row.id for row in found if row.attempts >= ALONE_AFTER]
    # Strictly by age: neither does a stream of new mail starve who must travel alone, nor the other way round.
    chosen = lonely[:1] if found and found[0].attempts >= ALONE_AFTER else ids
    if chosen:
        connection.execute(
            update(table)
            .where(table.c.id.in_(chosen))
            .values(batch=batch, leased_until=now + timedelta(seconds=seconds))
        )
    return chosen


def claim(connection: Connection, batch: str, ids: Sequence[str]) -> list[Leased]:
    """Count an attempt for each envelope that is still this batch's, and return them; commit before working on them.

    A batch is claimed once; whoever comes second gets nothing.
    """
    known = (table.c.id.in_(ids), table.c.state == "new")
    taking = update(table).where(*known, table.c.batch == batch)
    if not connection.execute(taking.values(attempts=table.c.attempts + 1, batch=claimed(batch))).rowcount:
        return []
    mine = select(table).where(*known, table.c.batch == claimed(batch))
    rows = connection.execute(mine.order_by(table.c.received_at)).all()
    return [
        Leased(
            row.id,
            row.reference,
            Channel(row.channel),
            row.received_at,
            row.attempts,
            bool(row.quiet),
            row.sealed or b"",
        )
        for row in rows
    ]


def mark_triaged(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    """The record has them: their bytes go."""
    if ids:
        connection.execute(
            update(table)
            .where(table.c.id.in_(ids))
            .values(state="triaged", sealed=None, error="", mail_key="", **_ended(now))
        )


def put_back(
    connection: Connection,
    ids: Sequence[str],
    *,
    until: datetime,
    error: str,
    blameless: bool = False,
    waits: bool = False,
) -> None:
    """A try failed and another may do better; not before `until`. A blameless try (a lock, a full disk) is not counted.

    `waits`: for one that is held.
    """
    if ids:
        attempts = table.c.attempts - (1 if blameless else 0)
        values = {"batch": WAITS if waits else "", "leased_until": until, "error": error[:300], "attempts": attempts}
        connection.execute(update(table).where(table.c.id.in_(ids), table.c.state == "new").values(**values))


def remember(connection: Connection, envelope_id: str, mail_key: str) -> None:
    """How a mail that failed is known to those that answer it."""
    connection.execute(update(table).where(table.c.id == envelope_id).values(mail_key=mail_key))


def held_mails(connection: Connection, mail_keys: Sequence[str]) -> set[str]:
    """Which of these mails are held."""
    if not mail_keys:
        return set()
    query = select(table.c.mail_key).where(table.c.state == "held", table.c.mail_key.in_(mail_keys))
    return set(connection.execute(query).scalars())


def hold(connection: Connection, ids: Sequence[str], now: datetime, error: str) -> None:
    """Nobody could make a case of them: kept, visible, until retried."""
    if ids:
        connection.execute(
            update(table)
            .where(table.c.id.in_(ids), table.c.state == "new")
            .values(state="held", error=error[:300], **_ended(now))
        )


def hold_exhausted(connection: Connection, now: datetime) -> list[str]:
    """Hold what has used up its attempts and whose lease has run out; returns the ids that a log may name."""
    spent = (
        table.c.state == "new",
        table.c.attempts >= MOST_ATTEMPTS,
        or_(table.c.leased_until.is_(None), table.c.leased_until < now),
    )
    rows = connection.execute(select(table.c.id, table.c.channel, table.c.error).where(*spent).limit(100)).all()
    for row in rows:
        hold(connection, [row.id], now, row.error or f"triage did not survive it, {MOST_ATTEMPTS} times")
    return [row.id for row in rows if row.channel != Channel.ANONYMOUS.value]


def held(connection: Connection) -> list[HeldEnvelope]:
    """All held envelopes, oldest first."""
    columns = [column for column in table.c if column.name != "sealed"]
    rows = connection.execute(select(*columns).where(table.c.state == "held").order_by(table.c.received_at)).all()
    return [
        HeldEnvelope(
            row.id, row.reference, row.channel, row.received_at, row.size, row.attempts, row.error, row.ended_at
        )
        for row in rows
    ]


def retry(connection: Connection, references: Sequence[str]) -> list[str]:
    """Make held envelopes new again (all of them when no reference is given); returns the references."""
    chosen = [table.c.state == "held"] + ([table.c.reference.in_(references)] if references else [])
    found = list(connection.execute(select(table.c.reference).where(*chosen)).scalars())
    connection.execute(
        update(table).where(*chosen).values(state="new", attempts=0, batch="", leased_until=None, ended_at=None)
    )
    return found


def counts(connection: Connection) -> dict[str, int]:
    """How many envelopes are in each state."""
    rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state)).all()
    return {row[0]: int(row[1]) for row in rows}


def anything_new(connection: Connection, now: datetime) -> bool:
    """Whether there is an envelope to lease; a look that writes nothing."""
    free = or_(table.c.leased_until.is_(None), table.c.leased_until < now)
    return connection.execute(select(table.c.id).where(table.c.state == "new", free).limit(1)).first() is not None


def unread_since(connection: Connection, moment: datetime) -> int:
    """How many mails have come since then that no worker has read."""
    mail = (table.c.state == "new", table.c.channel == Channel.MAIL.value, table.c.received_at >= moment)
    return int(connection.execute(select(func.count()).where(*mail)).scalar_one())


def oldest_mail_elsewhere(connection: Connection, ids: Sequence[str]) -> datetime | None:
    """When the oldest mail came that is new, not one of these, and waits for no held one; None when there is none."""
    mail = (
        table.c.state == "new",
        table.c.channel == Channel.MAIL.value,
        table.c.id.not_in(ids),
        table.c.batch != WAITS,
    )
    query = select(table.c.received_at).where(*mail).order_by(table.c.received_at).limit(1)
    found: datetime | None = connection.execute(query).scalar()
    return found


def _ended(now: datetime) -> dict[str, Any]:
    """What is written down of an end: no lease is left, and for an anonymous envelope nothing tells the hour."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    anonymous = table.c.channel == Channel.ANONYMOUS.value
    at = when((anonymous, literal(day, UtcDateTime)), else_=literal(now, UtcDateTime))
    return {"ended_at": at, "batch": "", "leased_until": None}
