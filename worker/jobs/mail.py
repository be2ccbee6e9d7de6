"""The `mail` job: promised mails are composed, handed over and written down; a batch shares one connection and commit."""

import logging
from dataclasses import dataclass

from sqlalchemy import Connection, update
from sqlalchemy import case as when

from cases.audit.trail import NewEvent, append
from cases.errors import Refused, TryLater
from cases.keys.sealing import Place, unseal
from cases.model.words import ClockKind, ClockState
from cases.store import outbox, tables
from cases.store.codec import MailPayload, payload_from
from cases.store.engine import writing
from worker.mail.compose import Sender, compose
from worker.workshop import Workshop

log = logging.getLogger("heed.mail")


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry that was handed over."""

    entry: outbox.OutboxEntry
    payload: MailPayload
    message_id: str


class SendMail:
    """Runs batches of mail entries. One that fails is put back with a back-off, or blocked; the rest goes on."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        organisation = workshop.settings.organisation
        self._sender = Sender(organisation.name, organisation.hr_name, organisation.hr_address)

    def __call__(self, batch: str, ids: list[str]) -> None:
        """Send the mails of one lease; those whose lease has passed to another batch are left alone."""
        with writing(self._shop.record) as connection:
            entries = outbox.claim(connection, batch, ids)
        sent: list[Sent] = []
        failed: list[tuple[outbox.OutboxEntry, Exception]] = []
        try:
            for entry in entries:
                try:
                    sent.append(self._send(entry))
                except (Refused, TryLater) as error:
                    failed.append((entry, error))
                except Exception as error:  # noqa: BLE001  the boundary: one mail's fault is its own
                    failed.append((entry, Refused(f"could not be composed ({type(error).__name__})")))
        finally:
            self._shop.transport.finish()
            with writing(self._shop.record) as connection:
                self._write_down(connection, sent, failed)

    def _send(self, entry: outbox.OutboxEntry) -> Sent:
        raw = unseal(self._shop.keys.service, entry.payload, Place("outbox", entry.id, "payload"))
        payload = payload_from(raw)
        mail = compose(entry.id, payload, entry.created_at, self._sender)
        self._shop.transport.send(mail)
        return Sent(entry, payload, mail.message_id)

    def _write_down(
        self, connection: Connection, sent: list[Sent], failed: list[tuple[outbox.OutboxEntry, Exception]]
    ) -> None:
        now = self._shop.now()
        done = set(outbox.mark_done(connection, [one.entry.id for one in sent], now))
        events = [
            NewEvent(
                one.entry.case_id,
                "acknowledgement.sent" if _acknowledges(one) else "notice.sent",
                "mail",
                now,
                {"entry": one.entry.id, "template": one.payload.template, "attempts": one.entry.attempts},
            )
            for one in sent
            if one.entry.id in done
        ]
        acknowledged = [one.entry.case_id for one in sent if one.entry.id in done and _acknowledges(one)]
        meet(connection, acknowledged, ClockKind.ACKNOWLEDGE.value, now)
        for entry, error in failed:
            log.warning("mail %s not sent, attempt %d: %s", entry.id, entry.attempts, error)
            if isinstance(error, Refused):
                outbox.block(connection, entry.id, now, str(error))
                blocked = True
            else:
                blocked = outbox.try_later(connection, entry, now, str(error))
            if blocked:
                events.append(NewEvent(entry.case_id, "mail.blocked", "mail", now, {"entry": entry.id}))
        append(connection, events)


def meet(connection: Connection, case_ids: list[str], kind: str, now) -> None:  # type: ignore[no-untyped-def]
    """The event that this kind of clock waits for has happened: met if in time, missed if not."""
    if not case_ids:
        return
    clock = tables.clock
    running = (clock.c.case_id.in_(case_ids), clock.c.kind == kind, clock.c.state == ClockState.RUNNING.value)
    state = when((clock.c.due_at >= now, ClockState.MET.value), else_=ClockState.MISSED.value)
    connection.execute(update(clock).where(*running).values(state=state, ended_at=now))


def _acknowledges(sent: Sent) -> bool:
    return sent.entry.key.startswith("ack:")
