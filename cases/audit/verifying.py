"""Checking the whole trail: every link, every recorded head, every anchor, every digest; the first bad one is named."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from cases.audit import anchoring
from cases.audit.anchor import Anchor
from cases.audit.chain import GENESIS, Broken, Event, Head, first_bad_event, first_bad_head
from cases.audit.digests import Digests, first_altered
from cases.keys.sealing import KeyPair
from cases.store import tables


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole trail found."""

    streams: int
    events: int
    heads: int
    anchors: int
    broken: Broken | None


def verify(
    connection: Connection,
    *,
    known: Collection[str] = (),
    elsewhere: Sequence[Anchor] = (),
    service: KeyPair | None = None,
) -> Verified:
    """Check every stream, the deployment's chain, that each recorded head still stands in its stream, anchors and digests.

    `known` are the anchor keys of this deployment, now and before; `elsewhere` anchors that were kept outside of it; with
    `service` the words that it can open are opened and held against their digests.
    """
    heads = [
        Head(row.seq, row.at, row.entries, row.hash)
        for row in connection.execute(select(tables.chain_head).order_by(tables.chain_head.c.seq))
    ]
    anchors = anchoring.kept(connection)
    broken = (
        first_bad_head(heads)
        or anchoring.first_bad(connection, anchors, known)
        or next(filter(None, (anchoring.first_bad(connection, [one], known) for one in elsewhere)), None)
    )
    recorded: dict[str, dict[int, str]] = {}
    for head in heads:
        for stream, seq, digest in json.loads(head.entries):
            recorded.setdefault(stream, {})[seq] = digest
    streams = {row.id: (row.seq, row.head) for row in connection.execute(select(tables.stream))}
    missing = (name for name in recorded if name not in streams)
    broken = broken or next(
        (Broken(name, max(recorded[name]), "the whole stream is missing") for name in missing), None
    )
    total, count, digests = len(streams), 0, Digests()
    for events in _by_stream(connection):
        count += len(events)
        name = events[0].stream
        digests.take(events)
        broken = (
            broken
            or first_bad_event(events, streams.pop(name, (0, GENESIS)))
            or _unrecorded(events, recorded.get(name, {}))
        )
    left = next((name for name, (seq, _) in streams.items() if seq or name in recorded), None)
    if broken is None and left is not None:
        broken = Broken(left, 1, "the stream's events are missing")
    broken = broken or first_altered(connection, digests, service)
    return Verified(total, count, len(heads), len(anchors), broken)


def _unrecorded(events: Sequence[Event], recorded: Mapping[int, str]) -> Broken | None:
    by_seq = {event.seq: event.hash for event in events}
    for seq, digest in recorded.items():
        if by_seq.get(seq) != digest:
            return Broken(events[0].stream, seq, "the deployment's chain recorded another event here")
    return None


def _by_stream(connection: Connection) -> Iterator[list[Event]]:
    table = tables.event
    gathered: list[Event] = []
    ordered = select(table).order_by(table.c.stream_id, table.c.seq)
    for row in connection.execute(ordered.execution_options(yield_per=1000)):
        if gathered and row.stream_id != gathered[0].stream:
            yield gathered
            gathered = []
        gathered.append(Event(row.stream_id, row.seq, row.verb, row.actor, row.at, row.data, row.hash))
    if gathered:
        yield gathered
