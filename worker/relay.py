"""The relay: turns new envelopes and due effects into jobs, ticks the clocks, chains the heads. It holds nothing secret."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redis.exceptions import RedisError
from sqlalchemy import Connection, Engine

from cases.access.identity.ending import end_expired
from cases.audit.trail import chain_heads
from cases.errors import TryLater
from cases.store import leases, outbox
from cases.store.engine import reading, writing
from cases.store.files import sweep
from cases.store.tick import take_steps, tick
from cases.store.watch import Watch
from gateway.inbox import states
from worker.looking import Lookout
from worker.queues import ROUTINE, TRIAGE, URGENT, TableQueue, enqueue

log = logging.getLogger("heed.relay")
TICK_EVERY = timedelta(seconds=1)
TICK_LEASE_SECONDS = 5.0
SWEEP_EVERY = timedelta(minutes=10)
EFFECT_SECONDS = 240
"""After which a job of effects is ended: long enough for one mail at whose every step the mail relay takes its time."""
PER_WORKER = 2
"""Jobs kept waiting in each queue for each worker: enough to keep them busy, few enough that a lost Redis loses little."""


@dataclass
class Relay:
    """One relay; any number may run. `step` does what is due and says whether there was anything."""

    inbox: Engine
    record: Engine
    queues: dict[str, TableQueue]
    now: Callable[[], datetime]
    batch: int = 50
    lease_seconds: float = 10.0
    workers: int = 2
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    lookout: Lookout | None = None
    _ticked: datetime | None = None
    _looked: datetime | None = None
    _swept: datetime | None = None

    def __post_init__(self) -> None:
        """Watch both databases: while nobody commits and no second passes, there is nothing to look for."""
        self._watches = (Watch(self.inbox), Watch(self.record))

    def step(self) -> bool:
        """Lease and enqueue what is due: urgent effects, then envelopes, then routine effects; tick once a second."""
        busy = False
        try:
            if not self._worth_a_look():
                return False
            busy = self._effects(urgent=True) or busy
            busy = self._envelopes() or busy
            busy = self._effects(urgent=False) or busy
            self._tick()
        except TryLater as error:
            log.warning("later: %s", error)
        except RedisError as error:
            log.warning("Redis is away: %s", type(error).__name__)
        return busy

    def _worth_a_look(self) -> bool:
        """Whether anything was committed since the last look; once a second regardless, for what falls due by time."""
        now = self.now()
        changed = [watch.changed() for watch in self._watches]
        if any(changed) or self._looked is None or now - self._looked >= TICK_EVERY:
            self._looked = now
            return True
        return False

    def _envelopes(self) -> bool:
        if not self._room(TRIAGE):
            return False
        now = self.now()
        with reading(self.inbox) as connection:
            if not states.anything_new(connection, now):
                return False
        batch = secrets.token_hex(8)
        with writing(self.inbox) as connection:
            spent = states.hold_exhausted(connection, now)
            ids = states.lease_new(connection, batch=batch, now=now, seconds=self.lease_seconds, most=self.batch)
        for one in spent:
            log.error("envelope %s held: it used up its attempts", one)
        if ids:
            enqueue(self.queues[TRIAGE], "triage", batch, ids)
        return bool(ids)

    def _effects(self, *, urgent: bool) -> bool:
        queue = self.queues[URGENT if urgent else ROUTINE]
        if not self._room(queue.name):
            return False
        now, batch = self.now(), secrets.token_hex(8)
        with reading(self.record) as connection:
            if not outbox.anything_due(connection, now, urgent=urgent):
                return False
        with writing(self.record) as connection:
            leased = outbox.lease_due(
                connection, batch=batch, now=now, seconds=self.lease_seconds, most=self.batch, urgent=urgent
            )
        for kind, ids in leased.items():
            enqueue(queue, kind, batch, ids, timeout=EFFECT_SECONDS)
        return bool(leased)

    def _room(self, name: str) -> bool:
        """Whether a queue has room: what waits in Redis stays little, so that losing it costs little."""
        return self.queues[name].count < PER_WORKER * self.workers

    def _tick(self) -> None:
        now = self.now()
        if self._ticked is not None and now - self._ticked < TICK_EVERY:
            return
        self._ticked = now
        with writing(self.record) as connection:
            if leases.take(connection, "tick", self.holder, now, TICK_LEASE_SECONDS):
                tick(connection, now)
                take_steps(connection, now)
                end_expired(connection, now)
                chain_heads(connection, now)
                self._sweep(connection, now)
            else:
                return
        if self.lookout is not None:
            self.lookout.look(now)

    def _sweep(self, connection: Connection, now: datetime) -> None:
        """Once in a while, what a triage left behind that died before its commit."""
        if self._swept is None or now - self._swept >= SWEEP_EVERY:
            self._swept = now
            sweep(connection, now)
