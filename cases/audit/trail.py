"""Writing and checking the trail: events join their stream in the caller's transaction, heads are chained by the relay."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from cases.audit.chain import GENESIS, Broken, Event, Head, Json, first_bad_event, first_bad_head, next_event, next_head
from cases.model.words import Channel
from cases.store import tables

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

    A head that names an anonymous case is dated to the day: its second would be the one in which somebody wrote.
    """
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


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole trail found."""

    streams: int
    events: int
    heads: int
    broken: Broken | None


def verify(connection: Connection) -> Verified:
    """Check every stream, the deployment's chain, and that each recorded head still stands in its stream."""
    heads = [
        Head(row.seq, row.at, row.entries, row.hash)
        for row in connection.execute(select(tables.chain_head).order_by(tables.chain_head.c.seq))
    ]
    broken = first_bad_head(heads)
    recorded: dict[str, dict[int, str]] = {}
    for head in heads:
        for stream, seq, digest in json.loads(head.entries):
            recorded.setdefault(stream, {})[seq] = digest
    streams = {row.id: (row.seq, row.head) for row in connection.execute(select(tables.stream))}
    broken = broken or next(
        (
            Broken(name, max(seqs), "the whole stream is missing")
            for name, seqs in recorded.items()
            if name not in streams
        ),
        None,
    )
    count = 0
    for events in _by_stream(connection):
        count += len(events)
        name = events[0].stream
        broken = (
            broken
            or first_bad_event(events, streams.pop(name, (0, GENESIS)))
            or _unrecorded(events, recorded.get(name, {}))
        )
    left = next((name for name, (seq, _) in streams.items() if seq), None)
    if broken is None and left is not None:
        broken = Broken(left, 1, "the stream's events are missing")
    total = connection.execute(select(tables.stream.c.id)).all()
    return Verified(len(total), count, len(heads), broken)


def _unrecorded(events: Sequence[Event], recorded: Mapping[int, str]) -> Broken | None:
    by_seq = {event.seq: event.hash for event in events}
    for seq, digest in recorded.items():
        if by_seq.get(seq) != digest:
            return Broken(events[0].stream, seq, "the deployment's chain recorded another event here")
    return None


def _by_stream(connection: Connection) -> Iterator[list[Event]]:
    table = tables.event
    gathered: list[Event] = []
    for row in connection.execution_options(yield_per=1000).execute(
        select(table).order_by(table.c.stream_id, table.c.seq)
    ):
        if gathered and row.stream_id != gathered[0].stream:
            yield gathered
            gathered = []
        gathered.append(Event(row.stream_id, row.seq, row.verb, row.actor, row.at, row.data, row.hash))
    if gathered:
        yield gathered


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
