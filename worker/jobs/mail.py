"""The `mail` job: promised mails are composed, handed over and written down; a batch shares one connection and commit."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused, TryLater, Unreachable
from cases.model.words import ClockKind
from cases.promises import start_of_day
from cases.store import leases, outbox
from cases.store.clocks import MEETS, meet_by_mail
from cases.store.codec import MailPayload
from cases.store.engine import writing
from worker.mail.batch import Composed, Composer
from worker.mail.compose import sender_of
from worker.mail.phrases import recognised
from worker.mail.reports import report_unsent
from worker.mail.templates import ANSWER, ANSWERS
from worker.mail.together import put_together
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
    discloses: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was handed over, what was not, and what was not meant to leave any more, since it was last written down."""

    sent: list[Sent] = field(default_factory=list)
    failed: list[tuple[outbox.OutboxEntry, Exception]] = field(default_factory=list)
    withdrawn: list[Sent] = field(default_factory=list)


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
        left = put_together(self._shop, left, self._shop.now())
        started = written = self._shop.now()
        composer, trying, ahead = Composer(self._shop, self._sender), Tried(), list[Composed]()
        try:
            while left and not self._stopping() and self._shop.now() - started < LONGEST_RUN:
                ahead = ahead or composer.ahead(left, self._shop.now())
                self._try(ahead.pop(0), trying)
                del left[0]
                if self._shop.now() - written >= WRITE_DOWN_EVERY:
                    trying = self._written_down(trying)
                    written = self._shop.now()
                    ahead.clear()  # so much later the record may say otherwise
        except Unreachable as error:  # nor will the others leave now
            trying.failed.extend((one, error) for one in left)
            left.clear()
        except TryLater as error:  # the record cannot be read: nobody's fault, and no attempt of theirs
            log.warning("mail put back: %s", error)
            with writing(self._shop.record) as connection:
                outbox.postpone(connection, [one.id for one in left], self._shop.now() + ANOTHER_SENDS)
            left.clear()
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

    def _try(self, one: Composed, tried: Tried) -> None:
        if one.error is not None:
            tried.failed.append((one.entry, one.error))
            return
        assert one.payload is not None  # noqa: S101  or there is an error
        if one.mail is None:
            tried.withdrawn.append(Sent(one.entry, one.payload))
            return
        try:
            self._shop.transport.send(one.mail)
            tried.sent.append(Sent(one.entry, one.payload, one.discloses))
        except Unreachable:
            raise
        except (Refused, TryLater) as error:
            tried.failed.append((one.entry, error))
        except Exception as error:  # noqa: BLE001  the boundary: one mail's fault is its own
            tried.failed.append((one.entry, Refused(f"could not be handed over ({type(error).__name__})")))

    def _written_down(self, tried: Tried, left: Sequence[outbox.OutboxEntry] = ()) -> Tried:
        """Write it down and begin anew. Tried three times: mails that are sent and not written down are sent again."""
        for again in (True, True, False):
            try:
                with writing(self._shop.record) as connection:
                    self._write_down(connection, tried)
                    if left:
                        outbox.release(connection, [entry.id for entry in left])
                break
            except TryLater:
                if not again:
                    raise
        return Tried()

    def _write_down(self, connection: Connection, tried: Tried) -> None:
        sent = tried.sent
        now = self._shop.now()
        day = start_of_day(now)
        done = set[str]()
        for at, coarse in ((now, False), (day, True)):
            ids = [one.entry.id for one in (*sent, *tried.withdrawn) if one.payload.to_the_day is coarse]
            done |= set(outbox.mark_done(connection, ids, at))
        events = [
            NewEvent(
                one.entry.case_id or DEPLOYMENT,
                verb,
                "mail",
                day if one.payload.to_the_day else now,
                {"entry": one.entry.id, "template": one.payload.template, "attempts": one.entry.attempts},
            )
            for verb, one in (
                *((_verb(one), one) for one in sent),
                *((_withdrawn(one), one) for one in tried.withdrawn),
            )
            if one.entry.id in done
        ]
        events += [_disclosure(one, now) for one in sent if one.entry.id in done and one.discloses]
        told = (*sent, *tried.withdrawn)  # an answer that is not mailed any more stands at the page
        for kinds in {_meets(one) for one in told} - {()}:
            met = {one.entry.id: one.entry.case_id for one in told if one.entry.id in done and _meets(one) == kinds}
            meet_by_mail(connection, met, kinds, now)
        for entry, error in tried.failed:
            log.warning("mail %s not sent, attempt %d: %s", entry.id, entry.attempts, error)
            if outbox.failed(connection, entry, now, error):
                events.append(NewEvent(entry.case_id or DEPLOYMENT, "mail.blocked", "mail", now, {"entry": entry.id}))
                report_unsent(connection, entry.id, recognised(str(error)), self._shop.keys, now)
        append(connection, events)


def _verb(sent: Sent) -> str:
    """What the trail calls it."""
    if _acknowledges(sent):
        return "acknowledgement.sent"
    return "reply.sent" if sent.payload.template in ANSWERS else "notice.sent"


def _withdrawn(sent: Sent) -> str:
    return "notice.withdrawn" if sent.payload.template.startswith("notice") else "mail.withdrawn"


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
