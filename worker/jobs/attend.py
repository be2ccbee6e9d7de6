"""The `attend` job: what is due is done, each in a transaction of its own, by the attender that its key names."""

import logging

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused, TryLater
from cases.store import outbox
from cases.store.engine import writing
from worker.attending import ATTENDERS
from worker.attending.desk import Desk
from worker.workshop import Workshop

log = logging.getLogger("heed.attend")


class Attend:
    """Runs batches. One that fails is put back with a back-off, or blocked; the rest goes on."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop

    def __call__(self, batch: str, ids: list[str]) -> None:
        """Attend to the entries of one lease; those whose lease has passed to another batch are left alone."""
        with writing(self._shop.record) as connection:
            entries = outbox.claim(connection, batch, ids)
        if not entries:
            return
        try:
            self._shop.rules()
        except TryLater as error:
            for entry in entries:
                self._failed(entry, error)
            return
        for entry in entries:
            try:
                self._one(entry)
            except Exception as error:  # noqa: BLE001  the boundary: one entry's fault is its own
                self._failed(entry, error)

    def _one(self, entry: outbox.OutboxEntry) -> None:
        ruleset, _ = self._shop.rules()
        attender = ATTENDERS.get(entry.key.partition(":")[0])
        if attender is None:
            raise Refused("nobody knows what this is")
        with writing(self._shop.record) as connection:
            now = self._shop.now()
            if outbox.mark_done(connection, [entry.id], now):
                attender(Desk(self._shop, connection, entry, ruleset, now), entry)

    def _failed(self, entry: outbox.OutboxEntry, error: Exception) -> None:
        """Written down by kind only: the words of an unforeseen error may quote content."""
        words = str(error) if isinstance(error, Refused | TryLater) else f"a fault ({type(error).__name__})"
        log.warning("effect %s not done, attempt %d: %s", entry.id, entry.attempts, words)
        now = self._shop.now()
        with writing(self._shop.record) as connection:
            if outbox.failed(connection, entry, now, error):
                fact = NewEvent(entry.case_id or DEPLOYMENT, "effect.blocked", "heed", now, {"entry": entry.id})
                append(connection, [fact])
