"""Whether words are still what the trail says was said: salted digests, held against rows and against what they seal."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from cases.audit.chain import Broken, Event
from cases.keys.sealing import CannotOpen, KeyPair, Opener, Place, unseal
from cases.keys.wraps import SERVICE, wrap_place
from cases.model.words import Compartment
from cases.store import tables

OF = ("message", "evidence", "conclusion", "action", "party")
"""By which of these an event names what its digest is of; a message comes before the party it belongs to."""

RESEALED = "message.protected"
"""The event of words that were sealed anew without their sender, with the digest that holds from then on."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of words: its table, the column that is sealed, whether the row bears its digest too."""

    name: str
    table: Table
    column: str
    has_digest: bool = True
    stays: bool = True


KINDS = (
    Kept("message", tables.message, "content"),
    Kept("evidence", tables.evidence, "about"),
    Kept("conclusion", tables.conclusion, "content"),
    Kept("action", tables.action_item, "content"),
    Kept("party", tables.party, "known", has_digest=False),
)


@dataclass
class Digests:
    """The digests that the trail holds, gathered while its events pass by."""

    of: dict[str, tuple[str, str]] = field(default_factory=dict)

    def take(self, events: list[Event]) -> None:
        """Remember what the events of one stream say. The first word about a thing counts, or where it was sealed anew."""
        for event in events:
            if '"digest"' not in event.data:
                continue
            data = json.loads(event.data)
            name = next((data[kind] for kind in OF if isinstance(data.get(kind), str)), "")
            if name and isinstance(data.get("digest"), str) and (event.verb == RESEALED or name not in self.of):
                self.of[name] = (data["digest"], event.stream)


def digest_in(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """What an event's digest is of, and the digest; None when it has none."""
    digest = data.get("digest")
    of = next((data[kind] for kind in OF if isinstance(data.get(kind), str)), None)
    return (of, digest) if of and isinstance(digest, str) else None


def first_altered(connection: Connection, known: Digests, service: KeyPair | None = None) -> Broken | None:
    """The first thing whose words are not those of the trail, or that is gone. With the service's key what it can open is
    opened; without, only the digests are compared. Erased cases have no words any more.
    """
    left, case = dict(known.of), tables.case
    erased = set(connection.execute(select(case.c.id).where(case.c.erased_at.is_not(None))).scalars())
    for kind in KINDS:
        for row in _rows(connection, kind):
            if row.case_id in erased:
                continue
            digest, _ = left.pop(row.id, ("", ""))
            if not digest or (kind.has_digest and row.digest != digest):
                return Broken(row.case_id, 0, f"{kind.name} {row.id} is not what the trail says was written")
    for name, (_, stream) in left.items():
        if stream not in erased:
            return Broken(stream, 0, f"{name}, which the trail knows, is missing")
    return _first_altered_words(connection, known, service) if service else None


def _first_altered_words(connection: Connection, known: Digests, service: KeyPair) -> Broken | None:
    keys = dict(_case_keys(connection, service))
    for kind in KINDS:
        sealed_rows = select(kind.table.c.id, kind.table.c.case_id, kind.table.c.epoch, kind.table.c[kind.column])
        for row in connection.execute(sealed_rows.execution_options(yield_per=500)):
            pair, value = keys.get((row.case_id, row.epoch)), row[3]
            if pair is None or value is None:
                continue
            try:
                raw = unseal(pair, value, Place(kind.table.name, row.id, kind.column))
            except CannotOpen:
                return Broken(row.case_id, 0, f"{kind.name} {row.id} does not open any more: it was altered")
            if sha256(raw).hexdigest() != known.of[row.id][0]:
                return Broken(row.case_id, 0, f"the words of {kind.name} {row.id} were altered")
    return None


def _case_keys(connection: Connection, service: KeyPair) -> Iterator[tuple[tuple[str, int], KeyPair]]:
    """Every case key that the service opens."""
    wrap, opener = tables.wrap, Opener(service)
    mine = (wrap.c.reader_kind == SERVICE, wrap.c.compartment == Compartment.CONTENT.value)
    for row in connection.execute(select(wrap).where(*mine)):
        place = wrap_place(row.case_id, row.epoch, row.compartment, row.reader_kind, row.reader)
        yield (row.case_id, row.epoch), KeyPair.of_private(opener.unseal(row.sealed, place))


def _rows(connection: Connection, kind: Kept) -> Iterator[Row[Any]]:
    columns = [kind.table.c.id, kind.table.c.case_id, *([kind.table.c.digest] if kind.has_digest else [])]
    yield from connection.execute(select(*columns).execution_options(yield_per=1000))
