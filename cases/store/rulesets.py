"""Published rulesets: content-hashed texts in the database, which is the truth, and which of them is in force."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.store import tables
from cases.store.outbox import promise_to_attend


@dataclass(frozen=True, slots=True)
class Publication:
    """One publishing of a ruleset."""

    number: int
    ruleset: str
    at: datetime
    by: str
    reason: str


def published(connection: Connection, *, known: str = "") -> str | None:
    """The text of the ruleset in force; None when it is the one `known` by hash, or when there is none yet."""
    latest = _latest(connection)
    if latest is None or latest.ruleset == known:
        return None
    table = tables.ruleset
    text: str = connection.execute(select(table.c.text).where(table.c.hash == latest.ruleset)).scalar_one()
    return text


def history(connection: Connection) -> list[Publication]:
    """Every publishing, newest first."""
    table = tables.publication
    rows = connection.execute(select(table).order_by(table.c.number.desc())).all()
    return [Publication(row.number, row.ruleset, row.at, row.by, row.reason) for row in rows]


def text_of(connection: Connection, ruleset_hash: str) -> str | None:
    """The text of any version that was ever published, by its hash; None for an unknown one."""
    table = tables.ruleset
    return connection.execute(select(table.c.text).where(table.c.hash == ruleset_hash)).scalar()


def publish(connection: Connection, ruleset_hash: str, text: str, *, by: str, reason: str, now: datetime) -> None:
    """Put a checked ruleset in force, as an audited fact. The caller has checked it."""
    table = tables.ruleset
    if connection.execute(select(table.c.hash).where(table.c.hash == ruleset_hash)).first() is None:
        connection.execute(insert(table).values(hash=ruleset_hash, text=text, created_at=now))
    number = connection.execute(select(func.max(tables.publication.c.number))).scalar() or 0
    connection.execute(
        insert(tables.publication).values(number=number + 1, ruleset=ruleset_hash, at=now, by=by, reason=reason)
    )
    if number:  # open clocks count in its calendars from now on
        promise_to_attend(connection, [(f"calendars:{number + 1}", None, False)], now)
    append(connection, [NewEvent(DEPLOYMENT, "ruleset.published", by, now, {"ruleset": ruleset_hash})])


def _latest(connection: Connection) -> Publication | None:
    table = tables.publication
    row = connection.execute(select(table).order_by(table.c.number.desc()).limit(1)).first()
    return Publication(row.number, row.ruleset, row.at, row.by, row.reason) if row else None
