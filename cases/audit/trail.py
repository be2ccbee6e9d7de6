"""Writing the trail: events join their stream in the caller's transaction, heads are chained by the relay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from cases.audit.chain import GENESIS, Event, Json, next_event, next_head
from cases.model.words import Channel
from cases.store import tables
from cases.store.engine import one_at_a_time

MOST_STREAMS_A_HEAD = 500


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to write down. `data` holds ids and words from closed sets, never content."""

    stream: str
    verb: str
    actor: str
    at: datetime
    data: Mapping[str, Json]


def append(connection: Connection, events: Sequence[NewEvent]) -> list[Event]:
    """Chain events onto their streams, in the order given, inside the caller's transaction."""
    if not events:
        return []
    names = sorted({event.stream for event in events})
    table = tables.stream
    rows = connection.execute(select(table).where(table.c.id.in_(names)).order_by(table.c.id).with_for_update()).all()
    heads = {row.id: (row.seq, row.head) for row in rows}
    for name in set(names) - set(heads):
        connection.execute(insert(table).values(id=name, seq=0, head=GENESIS, chained_seq=0))
    written = []
    for new in events:
        seq, head = heads.get(new.stream, (0, GENESIS))
        event = next_event(new.stream, seq + 1, head, verb=new.verb, actor=new.actor, at=new.at, data=new.data)
        heads[new.stream] = (event.seq, event.hash)
        written.append(event)
    connection.execute(insert(tables.event), [_row(event) for event in written])
    connection.execute(
        update(table).where(table.c.id == bindparam("stream_id")).values(seq=bindparam("to"), head=bindparam("digest")),
        [{"stream_id": name, "to": heads[name][0], "digest": heads[name][1]} for name in names],
    )
    return written


def chain_heads(connection: Connection, now: datetime) -> int:
    """Record in the deployment's chain where every stream that moved now stands; returns how many did.

    A head that names an anonymous case is dated to the day: its second would be the one in which somebody wrote. Whoever
    chains heads is alone at it until their transaction ends: the next head stands on the one before.
    """
    one_at_a_time(connection, "heads")
    stream, head, case = tables.stream, tables.chain_head, tables.case
    moved = connection.execute(
        select(stream.c.id, stream.c.seq, stream.c.head, case.c.channel)
        .outerjoin(case, case.c.id == stream.c.id)
        .where(stream.c.seq > stream.c.chained_seq)
        .limit(MOST_STREAMS_A_HEAD)
        .with_for_update(skip_locked=True, of=stream)
    ).all()
    if not moved:
        return 0
    last = connection.execute(select(head.c.seq, head.c.hash).order_by(head.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    if any(row.channel == Channel.ANONYMOUS.value for row in moved):
        now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    new = next_head(previous, seq + 1, now, [(row.id, row.seq, row.head) for row in moved])
    connection.execute(insert(head).values(seq=new.seq, at=new.at, entries=new.entries, hash=new.hash))
    connection.execute(
        update(stream).where(stream.c.id == bindparam("stream_id")).values(chained_seq=bindparam("to")),
        [{"stream_id": row.id, "to": row.seq} for row in moved],
    )
    return len(moved)


def _row(event: Event) -> dict[str, object]:
    return {
        "stream_id": event.stream,
        "seq": event.seq,
        "verb": event.verb,
        "actor": event.actor,
        "at": event.at,
        "data": event.data,
        "hash": event.hash,
    }
