"""Files on their way through triage: large ones apart; of protected reporters cleaned, and as sent for the custodians."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from cases.access.originals import Original
from cases.store import files
from gateway.cleaning.cleaner import clean_apart
from gateway.cleaning.protecting import protect

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
