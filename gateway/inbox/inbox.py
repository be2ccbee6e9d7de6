"""Storing envelopes: many deliveries share one synced commit, and nobody is answered before it."""

import queue
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from cases.errors import HeedError, TryLater
from cases.keys.sealing import Sealer
from cases.model.codes import new_reference
from cases.model.words import Channel
from cases.store.engine import writing
from gateway.inbox.envelope import Delivery, Envelope, seal_delivery
from gateway.inbox.tables import envelope as table

MOST_IN_ONE_COMMIT = 256
MOST_BYTES_IN_ONE_COMMIT = 64 * 1024 * 1024
"""A commit holds each of its deliveries in memory twice: as it came and sealed."""
GATHER_SECONDS = 0.002
"""How long a commit waits for those who are on their way: a sync costs more than this."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery on its way to the disk, and whoever waits to hear of it."""

    delivery: Delivery
    envelope_id: str
    quiet: bool
    stored: "Future[str]"


class Inbox:
    """The write-only end of the inbox: holds the triage public key and one database, and reads nothing back.

    `put` may be called from any thread; one thread of the inbox's own commits whatever has gathered meanwhile.
    """

    def __init__(
        self,
        engine: Engine,
        triage_public: bytes,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        random_bits: Callable[[int], int] = secrets.randbits,
        on_their_way: Callable[[], int] = lambda: 0,
    ) -> None:
        """`on_their_way` tells how many deliveries may arrive any moment, those waiting included (0: unknown)."""
        self._engine = engine
        self._triage_public = triage_public
        self._now = now
        self._random_bits = random_bits
        self._on_their_way = on_their_way
        self._waiting: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._commit_forever, name="inbox", daemon=True)
        self._thread.start()

    def put(self, delivery: Delivery, *, quiet: bool = False, envelope_id: str = "") -> "Future[str]":
        """Queue a delivery to be sealed and stored. The future gives its reference once it is on disk, or raises `TryLater`.

        A door that may be handed the same thing twice names it by an `envelope_id` (32 hex digits) of its own: what is
        stored already stays as it is, and its reference is given again.
        """
        stored: Future[str] = Future()
        self._waiting.put(Waiting(delivery, envelope_id or f"{self._random_bits(128):032x}", quiet, stored))
        return stored

    def close(self) -> None:
        """Commit what is waiting and end."""
        self._waiting.put(None)
        self._thread.join()
        self._engine.dispose()

    def _commit_forever(self) -> None:
        ended = False
        while not ended:
            batch: list[Waiting] = []
            ended = self._gather(batch)
            # From here on nobody can take a delivery back: who hung up before is not stored and never heard a 250.
            wanted = [one for one in batch if one.stored.set_running_or_notify_cancel()]
            if wanted:
                self._commit(wanted)

    def _gather(self, batch: "list[Waiting]") -> bool:
        """Wait for one delivery and take all that come along; True when the inbox is closing."""
        deadline, size = 0.0, 0
        while len(batch) < MOST_IN_ONE_COMMIT and size < MOST_BYTES_IN_ONE_COMMIT:
            try:
                one = self._waiting.get(timeout=max(0.0, deadline - time.monotonic()) if batch else None)
            except queue.Empty:
                return False
            if one is None:
                return True
            batch.append(one)
            size += len(one.delivery.raw)
            if len(batch) == 1:
                deadline = time.monotonic() + GATHER_SECONDS
            if len(batch) >= self._on_their_way():
                deadline = 0.0
        return False

    def _commit(self, batch: "list[Waiting]") -> None:
        """Store these and answer each. What is no fault of the database may be one delivery's own: then each by itself."""
        try:
            references = self._store(self._sealed(batch))
        except Exception as error:  # noqa: BLE001  the boundary: this thread outlives whatever one delivery does to it
            if len(batch) > 1 and not isinstance(error, (HeedError, OSError)):
                for one in batch:
                    self._commit([one])
                return
            for one in batch:
                one.stored.set_exception(TryLater(f"the inbox cannot store now ({type(error).__name__})"))
            return
        for reference, one in zip(references, batch, strict=True):
            one.stored.set_result(reference)

    def _sealed(self, batch: "list[Waiting]") -> list[dict[str, Any]]:
        """The rows of one commit. Named deliveries share a boxed data key; an anonymous one has no neighbours."""
        shared = Sealer(self._triage_public)
        return [
            _row(
                seal_delivery(
                    one.delivery,
                    to_triage=Sealer(self._triage_public) if one.delivery.channel is Channel.ANONYMOUS else shared,
                    envelope_id=one.envelope_id,
                    reference=new_reference(self._random_bits),
                    now=self._now(),
                    quiet=one.quiet,
                )
            )
            for one in batch
        ]

    def _store(self, rows: list[dict[str, Any]]) -> list[str]:
        """Insert them all in one commit; the slower way round only when an id or a reference is taken."""
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(table), rows)
        except IntegrityError:
            with writing(self._engine) as connection:
                return _store_carefully(connection, rows, self._random_bits)
        return [row["reference"] for row in rows]


def _store_carefully(
    connection: Connection, rows: list[dict[str, Any]], random_bits: Callable[[int], int]
) -> list[str]:
    """Insert them all; returns their references in order.

    One that is stored already keeps its row; a reference that is taken (once in billions) is drawn anew.
    """
    fresh, known = rows, dict[str, str]()
    while fresh:
        try:
            with connection.begin_nested():
                connection.execute(insert(table), fresh)
            break
        except IntegrityError:
            known |= _stored(connection, [row["id"] for row in fresh])
            once = list({row["id"]: row for row in fresh if row["id"] not in known}.values())
            if not _draw_anew(connection, once, random_bits) and len(once) == len(fresh):
                raise
            fresh = once
    known |= {row["id"]: row["reference"] for row in fresh}
    return [known[row["id"]] for row in rows]


def _stored(connection: Connection, ids: list[str]) -> dict[str, str]:
    """Which of these envelopes are stored, with their references."""
    rows = connection.execute(select(table.c.id, table.c.reference).where(table.c.id.in_(ids))).all()
    return {row.id: row.reference for row in rows}


def _draw_anew(connection: Connection, rows: list[dict[str, Any]], random_bits: Callable[[int], int]) -> int:
    """Another reference for every row whose own is taken, by a stored envelope or a row before it; returns how many."""
    asked = [row["reference"] for row in rows]
    taken = set(connection.execute(select(table.c.reference).where(table.c.reference.in_(asked))).scalars())
    drawn = 0
    for row in rows:
        if row["reference"] in taken:
            row["reference"] = new_reference(random_bits)
            drawn += 1
        taken.add(row["reference"])
    return drawn


def _row(one: Envelope) -> dict[str, Any]:
    return {
        "id": one.id,
        "reference": one.reference,
        "channel": one.channel.value,
        "state": "new",
        "received_at": one.received_at,
        "size": one.size,
        "sealed": one.sealed,
        "quiet": int(one.quiet),
    }
