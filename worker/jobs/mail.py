"""The `mail` job: promised mails are composed, handed over and written down; a batch shares one connection and commit."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused, TryLater
from cases.keys.sealing import Opener, Place
from cases.keys.tokens import Purpose
from cases.model.words import ClockKind
from cases.promises import mail_token
from cases.store import leases, outbox
from cases.store.clocks import MEETS, meet_by_mail
from cases.store.codec import MailPayload, payload_from
from cases.store.engine import reading, writing
from worker.mail.compose import compose, sender_of
from worker.mail.enclosure import NOTHING, Encloser
from worker.mail.reports import report_unsent
from worker.mail.templates import ANSWER, ANSWERS
from worker.workshop import Workshop

log = logging.getLogger("heed.mail")
WRITE_DOWN_EVERY = timedelta(seconds=2)
LONGEST_RUN = timedelta(seconds=45)
SENDING = "sending"
ANOTHER_SENDS = timedelta(seconds=2)
RATE_IS_USED_UP = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry that was handed over."""

    entry: outbox.OutboxEntry
    payload: MailPayload
    message_id: str
    discloses: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was handed over, and what was not, since it was last written down."""

    sent: list[Sent] = field(default_factory=list)
    failed: list[tuple[outbox.OutboxEntry, Exception]] = field(default_factory=list)


class SendMail:
    """Runs batches of mail entries. One that fails is put back with a back-off, or blocked; the rest goes on."""

    def __init__(self, workshop: Workshop, stopping: Callable[[], bool] = lambda: False) -> None:
        """`stopping` tells whether this process was asked to end."""
        self._shop = workshop
        self._stopping = stopping
        self._sender = sender_of(workshop.settings)

    def __call__(self, batch: str, ids: list[str]) -> None:
        """Send the mails of one lease; those whose lease has passed to another batch are left alone.

        What was sent is written down every two seconds, and after three quarters of a minute the rest is given back: a
        mail relay that is slow must not have a job ended with mails in it that are sent and not written down.
        """
        with writing(self._shop.record) as connection:
            left = self._in_pace(connection, batch, outbox.claim(connection, batch, ids))
        started = written = self._shop.now()
        opener, trying = Opener(self._shop.keys.service), Tried()
        try:
            while left and not self._stopping() and self._shop.now() - started < LONGEST_RUN:
                self._try(left.pop(0), opener, trying)
                if self._shop.now() - written >= WRITE_DOWN_EVERY:
                    trying = self._written_down(trying)
                    written = self._shop.now()
        finally:
            try:
                self._written_down(trying, left)
            finally:
                self._shop.transport.finish()
                self._rest(batch)

    def _in_pace(
        self, connection: Connection, batch: str, entries: list[outbox.OutboxEntry]
    ) -> list[outbox.OutboxEntry]:
        """Those that the relay's rate allows now, urgent batches first come; the others come back soon, no attempt counted.

        With a rate one batch sends at a time, whatever the number of workers and machines.
        """
        pace, now = self._shop.settings.outgoing.pace, self._shop.now()
        if not pace or not entries:
            return entries
        allowed, wait = 0, ANOTHER_SENDS
        if leases.take(connection, SENDING, batch, now, LONGEST_RUN.total_seconds() * 2):
            allowed = max(0, pace - outbox.done_since(connection, now - timedelta(minutes=1)))
            wait = RATE_IS_USED_UP
        outbox.postpone(connection, [one.id for one in entries[allowed:]], now + wait)
        return entries[:allowed]

    def _rest(self, batch: str) -> None:
        if self._shop.settings.outgoing.pace:
            with writing(self._shop.record) as connection:
                leases.give_up(connection, SENDING, batch)

    def _try(self, entry: outbox.OutboxEntry, opener: Opener, tried: Tried) -> None:
        try:
            tried.sent.append(self._send(entry, opener))
        except (Refused, TryLater) as error:
            tried.failed.append((entry, error))
        except Exception as error:  # noqa: BLE001  the boundary: one mail's fault is its own
            tried.failed.append((entry, Refused(f"could not be composed ({type(error).__name__})")))

    def _written_down(self, tried: Tried, left: Sequence[outbox.OutboxEntry] = ()) -> Tried:
        """Write it down and begin anew. Tried three times: mails that are sent and not written down are sent again."""
        for again in (True, True, False):
            try:
                with writing(self._shop.record) as connection:
                    self._write_down(connection, tried.sent, tried.failed)
                    if left:
                        outbox.release(connection, [entry.id for entry in left])
                break
            except TryLater:
                if not again:
                    raise
        return Tried()

    def _send(self, entry: outbox.OutboxEntry, opener: Opener) -> Sent:
        raw = opener.unseal(entry.payload, Place("outbox", entry.id, "payload"))
        payload = payload_from(raw)
        if payload.sign_for:
            payload = self._signed(payload, entry)
        enclosed, wording = NOTHING, None
        if payload.template in ANSWERS or payload.template.startswith("notice"):
            ruleset, _ = self._shop.rules()
            wording = ruleset.template(payload.template, payload.language)
            with reading(self._shop.record) as connection:
                enclosed = self._encloser().for_entry(connection, entry, payload)
        mail = compose(entry.id, payload, entry.created_at, self._sender, enclosed, wording)
        self._shop.transport.send(mail)
        return Sent(entry, payload, mail.message_id, enclosed.discloses)

    def _encloser(self) -> Encloser:
        settings = self._shop.settings
        return Encloser(
            service=self._shop.keys.service,
            ruleset=lambda: self._shop.rules()[0],
            console=settings.console.address,
            most_bytes=settings.outgoing.max_file_bytes,
            now=self._shop.now(),
        )

    def _signed(self, payload: MailPayload, entry: outbox.OutboxEntry) -> MailPayload:
        """Tokens for a mail that the console promised; from the entry's own time, so that they never change."""
        keys, who, at = self._shop.keys, payload.sign_for, entry.created_at
        to_staff = payload.template.startswith("notice")
        answer, bounce = (Purpose.STAFF_REPLY, Purpose.STAFF_BOUNCE) if to_staff else (Purpose.REPLY, Purpose.BOUNCE)
        mine = (payload.party, Purpose.PARTY) if payload.party else (who, answer)
        return replace(
            payload,
            reply_token=mail_token(keys, payload.reference, *mine, at),
            bounce_token=mail_token(keys, payload.reference, who, bounce, at),
        )

    def _write_down(
        self, connection: Connection, sent: list[Sent], failed: list[tuple[outbox.OutboxEntry, Exception]]
    ) -> None:
        now = self._shop.now()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        done = set[str]()
        for at, coarse in ((now, False), (day, True)):
            ids = [one.entry.id for one in sent if one.payload.to_the_day is coarse]
            done |= set(outbox.mark_done(connection, ids, at))
        events = [
            NewEvent(
                one.entry.case_id or DEPLOYMENT,
                _verb(one),
                "mail",
                day if one.payload.to_the_day else now,
                {"entry": one.entry.id, "template": one.payload.template, "attempts": one.entry.attempts},
            )
            for one in sent
            if one.entry.id in done
        ]
        events += [_disclosure(one, now) for one in sent if one.entry.id in done and one.discloses]
        for kinds in {_meets(one) for one in sent} - {()}:
            met = {one.entry.id: one.entry.case_id for one in sent if one.entry.id in done and _meets(one) == kinds}
            meet_by_mail(connection, met, kinds, now)
        for entry, error in failed:
            log.warning("mail %s not sent, attempt %d: %s", entry.id, entry.attempts, error)
            if isinstance(error, Refused):
                outbox.block(connection, entry.id, now, str(error))
                blocked = True
            else:
                blocked = outbox.try_later(connection, entry, now, str(error))
            if blocked:
                events.append(NewEvent(entry.case_id or DEPLOYMENT, "mail.blocked", "mail", now, {"entry": entry.id}))
                report_unsent(connection, entry, str(error), self._shop.keys, now)
        append(connection, events)


def _verb(sent: Sent) -> str:
    """What the trail calls it."""
    if _acknowledges(sent):
        return "acknowledgement.sent"
    return "reply.sent" if sent.payload.template in ANSWERS else "notice.sent"


def _disclosure(sent: Sent, now: datetime) -> NewEvent:
    """Somebody's words have left by mail: which, and to whom. Only cases that the service can open are ever quoted."""
    data: dict[str, Json] = {"entry": sent.entry.id, "message": sent.discloses, "to": sent.payload.to}
    return NewEvent(sent.entry.case_id, "content.disclosed", "mail", now, data)


def _meets(sent: Sent) -> tuple[str, ...]:
    """The kinds of clock that wait for this mail. A notice to staff meets none."""
    if _acknowledges(sent):
        return (ClockKind.ACKNOWLEDGE.value,)
    return tuple(dict(sent.payload.facts).get(MEETS, "").split()) if sent.payload.template == ANSWER else ()


def _acknowledges(sent: Sent) -> bool:
    return sent.entry.key.startswith("ack:")
