"""What triage keeps apart: large files; of protected reporters files as sent, and who wrote what became a sealed case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from cases.access import originals
from cases.access.identity import keeping
from cases.access.originals import Original
from cases.audit.trail import NewEvent, append
from cases.keys.ring import WorkerKeys
from cases.keys.sealing import KeyPair
from cases.model.veil import PROTECTED
from cases.model.words import Channel
from cases.protecting import protect as protect_sender
from cases.store import files
from cases.store.links import PROTECTED_SINCE
from cases.store.lookups import RecordLookups
from cases.store.people import Person
from gateway.cleaning.cleaner import clean_apart
from gateway.cleaning.protecting import protect
from gateway.message_files import files_in

if TYPE_CHECKING:
    from worker.jobs.item import Item


def clean(item: "Item") -> None:
    """From here on the item holds cleaned copies under plain names, and apart what was sent."""
    safe = protect(item.submission, item.delivery.raw, clean_apart)
    item.submission, item.as_sent = safe.submission, safe.originals
    item.delivery = replace(item.delivery, raw=safe.payload)


def store(item: "Item", record: Engine, now: datetime) -> None:
    """Seal what was sent in pieces, before the commit that refers to them. Raises `TryLater`."""
    pieces = files.DatabasePieces(record)
    item.originals = tuple(
        Original(files.store(pieces, one.number, [one.content], now), one.name) for one in item.as_sent
    )


def kept_apart(item: "Item", record: Engine, now: datetime) -> tuple[files.StoredFile, ...]:
    """A large delivery, and each of its files, in sealed pieces: stored before the commit that refers to them."""
    if len(item.delivery.raw) <= files.INLINE_BYTES:
        return ()
    pieces = files.DatabasePieces(record)
    sources = [(files.RAW, item.delivery.raw)]
    sources += [(number, one.content) for number, one in enumerate(item.submission.attachments)]
    return tuple(files.store(pieces, number, [content], now) for number, content in sources)


def take_name(item: "Item", staff: Sequence[Person]) -> None:
    """Mark a new sealed case whose sender is known: nobody who reads it is to see who that is, unless a custodian says so.

    Where there is neither a custodian nor a guardian to keep it, the name stays with the words.
    """
    arrival = item.arrival
    if arrival is None or arrival.submission.channel is Channel.ANONYMOUS:
        return
    sender, excluded = arrival.submission.sender, {one.person.casefold() for one in arrival.decision.excluded}
    if (sender.address or sender.name) and keeping.guards(staff, excluded):
        decision = replace(arrival.decision, tags=(*arrival.decision.tags, PROTECTED))
        item.arrival, item.pair = replace(arrival, decision=decision), KeyPair.generate()


def set_apart(
    connection: Connection, items: "Sequence[Item]", placed: "Sequence[Item]", keys: WorkerKeys, now: datetime
) -> None:
    """Who said who they are, and their files as sent: to the custodians, beside the case and under another key.

    `placed` are those that were written just now; who sent one that opened a sealed case moves out of it.
    """
    lookups = RecordLookups(connection, keys.index, now)
    for item in items:
        if not (item.pair or item.links.identity or item.originals):
            continue
        case = lookups.case_row(item.leased.reference) if item.joins is None else item.joins
        if case is None:
            continue
        if item.pair is not None and item in placed:
            to_workers, pairs = keys.triage.public, {1: item.pair}
            protect_sender(connection, case.id, pairs, to_workers=to_workers, files_in=files_in, by="triage", now=now)
            append(connection, [NewEvent(case.id, PROTECTED_SINCE, "triage", now, {})])
        if item.links.identity:
            keeping.give(connection, case.id, item.links.identity, item.leased.id, now)
        if item.originals:
            originals.keep(connection, case.id, item.leased.id, item.originals, now)
