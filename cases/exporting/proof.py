"""A case's part of the chain: its events, and the heads that lead from them to a signed anchor."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from cases.audit import anchoring
from cases.audit.anchor import Anchor
from cases.audit.chain import GENESIS
from cases.store import tables

MOST_HEADS = 200_000
"""Between two anchors: a day has 86,400 seconds."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Files of proof, by name; and the anchor that covers them, None when none does yet."""

    files: dict[str, bytes]
    anchor: Anchor | None
    events: tuple[dict[str, Any], ...]


def prove(connection: Connection, case_id: str) -> Proof:
    """Everything that somebody outside needs to check this case's events; other cases are in it by id alone.

    The last head that names the case fixes all of its events before; from there the heads lead to the first anchor after.
    """
    events = tuple(_events(connection, case_id))
    head = tables.chain_head
    newest = connection.execute(
        select(head.c.seq)
        .where(head.c.entries.contains(f'"{case_id}"', autoescape=True))
        .order_by(head.c.seq.desc())
        .limit(1)
    ).scalar()
    anchor = anchoring.first_since(connection, newest) if newest else None
    first = newest or 0
    if newest and anchor is None and (before := anchoring.newest(connection)):
        covered = connection.execute(
            select(head.c.seq)
            .where(head.c.entries.contains(f'"{case_id}"', autoescape=True), head.c.seq <= before.seq)
            .order_by(head.c.seq.desc())
            .limit(1)
        ).scalar()
        if covered:  # not all of it is signed yet: what is, and the heads since
            anchor, first = before, covered
    heads = _heads(connection, first, anchor.seq if anchor and anchor.seq >= (newest or 0) else None) if newest else []
    files = {"proof/events.jsonl": _lines(events), "proof/heads.jsonl": _lines(heads)}
    if anchor:
        files["proof/anchor.txt"] = anchor.written().encode()
    return Proof(files, anchor, events)


def _events(connection: Connection, case_id: str) -> list[dict[str, Any]]:
    table = tables.event
    rows = connection.execute(select(table).where(table.c.stream_id == case_id).order_by(table.c.seq)).all()
    names = ("verb", "actor", "data", "hash")
    return [
        {"stream": row.stream_id, "seq": row.seq, "at": _instant(row.at)} | {name: getattr(row, name) for name in names}
        for row in rows
    ]


def _heads(connection: Connection, first: int, last: int | None) -> list[dict[str, Any]]:
    table = tables.chain_head
    query = select(table).where(table.c.seq >= first - 1).order_by(table.c.seq).limit(MOST_HEADS)
    rows = connection.execute(query.where(table.c.seq <= last) if last else query).all()
    previous = {row.seq + 1: row.hash for row in rows}
    return [
        {
            "seq": row.seq,
            "at": _instant(row.at),
            "entries": row.entries,
            "hash": row.hash,
            "previous": previous.get(row.seq, GENESIS),
        }
        for row in rows
        if row.seq >= first
    ]


def _lines(rows: tuple[dict[str, Any], ...] | list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
