"""The arithmetic of the audit chain: canonical bytes, links, and what is wrong with a chain. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

GENESIS = "0" * 64
DEPLOYMENT = "deployment"
"""The stream of what belongs to no case: sign-ins, publications, keys."""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Event:
    """One audited fact. `data` holds ids and words from closed sets, never content."""

    stream: str
    seq: int
    verb: str
    actor: str
    at: datetime
    data: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """One link of the deployment's chain: where each touched stream stood."""

    seq: int
    at: datetime
    entries: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first bad link found, and what is bad about it."""

    stream: str
    seq: int
    problem: str


def canonical(data: Mapping[str, Json] | list[Json]) -> str:
    """JSON with sorted keys and no spaces: equal data, equal bytes."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(previous: str, *fields: str | int | datetime) -> str:
    """The hash of a link: SHA-256 over the previous hash and the fields, as a canonical JSON list."""
    plain: list[Json] = [previous]
    plain += [_instant(value) if isinstance(value, datetime) else value for value in fields]
    return sha256(canonical(plain).encode()).hexdigest()


def next_event(
    stream: str, seq: int, previous: str, *, verb: str, actor: str, at: datetime, data: Mapping[str, Json]
) -> Event:
    """The event that follows `previous` (the stream's head hash; GENESIS before the first) as number `seq`."""
    text = canonical(dict(data))
    return Event(stream, seq, verb, actor, at, text, link(previous, stream, seq, verb, actor, at, text))


def next_head(previous: str, seq: int, at: datetime, streams: Iterable[tuple[str, int, str]]) -> Head:
    """The deployment head that records where these streams stand (id, seq, hash)."""
    entries = canonical([[stream, number, digest] for stream, number, digest in sorted(streams)])
    return Head(seq, at, entries, link(previous, seq, at, entries))


def first_bad_event(events: Iterable[Event], expected: tuple[int, str]) -> Broken | None:
    """The first bad link in one stream's events (in order of seq), or in how it ends; `expected` is its (seq, hash)."""
    previous, number, stream = GENESIS, 0, ""
    for event in events:
        stream = event.stream
        if event.seq != number + 1:
            return Broken(stream, number + 1, f"event {number + 1} is missing")
        fields = (event.stream, event.seq, event.verb, event.actor, event.at, event.data)
        if link(previous, *fields) != event.hash:
            return Broken(stream, event.seq, "the event was altered, or the one before it")
        previous, number = event.hash, event.seq
    if (number, previous) != expected:
        return Broken(stream, number, f"the stream ends at {number}, its head says {expected[0]}")
    return None


def first_bad_head(heads: Iterable[Head]) -> Broken | None:
    """The first bad link of the deployment's chain."""
    previous, number = GENESIS, 0
    for head in heads:
        if head.seq != number + 1:
            return Broken("chain", number + 1, f"head {number + 1} is missing")
        if link(previous, head.seq, head.at, head.entries) != head.hash:
            return Broken("chain", head.seq, "the head was altered, or the one before it")
        previous, number = head.hash, head.seq
    return None


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
