"""Promises of mail: the acknowledgement and the notices of a case, as outbox rows with sealed payloads."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases.keys.hashing import keyed_hash
from cases.keys.ring import WorkerKeys
from cases.keys.sealing import Sealer
from cases.keys.tokens import Purpose, sign
from cases.model.decision import Decision, Notice
from cases.model.submission import Address, Submission
from cases.model.words import Access, Authenticity, AutomaticKind, Channel
from cases.store import tables
from cases.store.codec import MailPayload
from cases.store.outbox import mail_row
from cases.store.rows import Rows

ROUTINE_NOTICE_AFTER = timedelta(seconds=3)
"""Routine notices to staff leave room for acknowledgements: an employee waits, a colleague may."""

ANONYMOUS_NOTICES_AT = timedelta(days=1, hours=6)
"""Notices about anonymous cases leave together, the next morning at six (UTC): when one came in shows nowhere."""

REPLY_DAYS = 400
"""How long a reply address works: beyond any case's life but its retention."""

KINDS = ("escalation", "owner", "reply", "undeliverable", "notify")
"""Kinds of notice, weightiest first: who gets several of one decision is told the first."""


@dataclass(frozen=True, slots=True)
class Promises:
    """Where promises are written: rows of a transaction, under the keys of a worker. `to_service` seals to the service."""

    rows: Rows
    keys: WorkerKeys = field(repr=False)
    to_service: Sealer = field(repr=False)
    now: datetime

    def acknowledge(
        self,
        case_id: str,
        envelope_id: str,
        reference: str,
        submission: Submission,
        decision: Decision,
        *,
        status_url: str,
        received_at: datetime,
    ) -> None:
        """One acknowledgement for the envelope: to whom, how it threads. Who failed authentication gets no details.

        It was due when the envelope was received: so in a backlog every acknowledgement leaves before any notice.
        """
        believed = submission.authenticity is not Authenticity.FAIL
        to = answer_address(submission)
        discreet = decision.access is not Access.MANAGED or not believed
        payload = MailPayload(
            template=decision.acknowledgement,
            to=to.address,
            language=submission.language,
            reference=reference,
            reply_token=mail_token(self.keys, reference, submission.sender.address, Purpose.REPLY, self.now),
            bounce_token=mail_token(self.keys, reference, submission.sender.address, Purpose.BOUNCE, self.now),
            subject="" if discreet else submission.subject,
            in_reply_to=submission.message_id,
            references=submission.references[-10:],
            details=not discreet,
            facts=(*((("status_url", status_url),) if status_url else ()), *(() if discreet else decision.facts)),
            wording=decision.wording,
        )
        self._add(case_id, f"ack:{envelope_id}", payload, at=self.now, after=received_at - self.now)

    def notice(
        self,
        case_id: str,
        key: str,
        reference: str,
        kind: str,
        person: str,
        risk: str,
        *,
        urgent: bool,
        to_the_day: bool = False,
        facts: tuple[tuple[str, str], ...] = (),
        quotes: str = "",
        answerable: bool = True,
    ) -> None:
        """One notice: that there is something to look at in a case, and how urgent it is.

        One that is not `answerable` has no reply address: an answer by mail would go to the reporter.

        It carries nothing of what was said, unless `quotes` names a message that its reader may have quoted when it leaves.
        """
        payload = MailPayload(
            template=f"notice_{kind}",
            to=person,
            language="",
            reference=reference,
            reply_token=mail_token(self.keys, reference, person, Purpose.STAFF_REPLY, self.now) if answerable else "",
            bounce_token=mail_token(self.keys, reference, person, Purpose.STAFF_BOUNCE, self.now),
            facts=(("risk", risk), *facts),
            to_the_day=to_the_day,
            quotes=quotes,
        )
        routine = ANONYMOUS_NOTICES_AT if to_the_day else ROUTINE_NOTICE_AFTER
        at = start_of_day(self.now) if to_the_day else self.now
        wait = timedelta() if urgent else routine
        self._add(case_id, key, payload, at=at, urgent=urgent, patient=not urgent, after=wait)

    def confirmation(self, case_id: str, reference: str, to: str, language: str, url: str) -> None:
        """One mail to the directory's address that asks whether they wrote it; it quotes nothing."""
        facts = (("confirm_url", url),)
        payload = MailPayload("confirm", to, language, reference, reply_token="", bounce_token="", facts=facts)
        self._add(case_id, f"confirm:{case_id}", payload, at=self.now)

    def mail(self, case_id: str, key: str, payload: MailPayload) -> None:
        """One mail that somebody asked for, at once."""
        self._add(case_id, key, payload, at=self.now)

    def _add(
        self,
        case_id: str,
        key: str,
        payload: MailPayload,
        *,
        at: datetime,
        urgent: bool = False,
        patient: bool = False,
        after: timedelta = timedelta(),
    ) -> None:
        """Promise one mail, due `after` a while. Its unique key makes promising it twice impossible."""
        more = {"urgent": urgent, "patient": patient}
        row = mail_row(self.to_service, key, payload, case_id=case_id, at=at, due=at + after, **more)
        self.rows.add(tables.outbox, **row)


def told(decision: Decision) -> dict[tuple[str, str], bool]:
    """Whom a decision tells, by kind and person, and whether urgently: one notice a person, the weightiest."""
    wanted: dict[str, tuple[str, bool]] = {}
    for notice in sorted(decision.notices, key=lambda one: KINDS.index(one.kind)):
        for person in notice.recipients:
            kind, urgent = wanted.get(person, (notice.kind, False))
            wanted[person] = (kind, urgent or _is_urgent(notice))
    return {(kind, person): urgent for person, (kind, urgent) in wanted.items()}


def asked_at_once(decision: Decision, person: str) -> bool:
    """Whether a rule itself calls a notice to this person urgent."""
    return any(notice.urgent and person in notice.recipients for notice in decision.notices)


def notice_key(keys: WorkerKeys, case_id: str, kind: str, recipient: str) -> str:
    """The outbox key of a notice: a person is told a thing of a case once."""
    return f"notice:{case_id}:{kind}:{keyed_hash(keys.index, 'recipient', recipient)}"


def may_acknowledge(submission: Submission) -> bool:
    """RFC 3834: a machine, a list or an empty return path is never answered; nor is what lay in junk, before a person has
    looked: an answer tells a spammer that somebody reads here. Its clock runs, and reminds that person.
    """
    by_mail = submission.channel is Channel.MAIL
    return (
        submission.automatic.kind is AutomaticKind.NONE
        and bool(submission.sender.address)
        and not submission.junk
        and (not by_mail or submission.envelope_sender != "<>")
    )


def answer_address(submission: Submission) -> Address:
    """Where a machine answers: the sender, or the Reply-To of a sender who is proven (RFC 3834 section 4).

    Whoever writes in somebody's name must not be sent the link that opens the case.
    """
    proven = submission.channel is Channel.MAIL and submission.authenticity is Authenticity.PASS
    return submission.reply_to if proven and submission.reply_to else submission.sender


def mail_token(keys: WorkerKeys, reference: str, person: str, purpose: Purpose, now: datetime) -> str:
    """A signed token for a mail address of this case and person."""
    until = (now + timedelta(days=REPLY_DAYS)).date()
    return sign(keys.tokens, reference, person, purpose, until)


def start_of_day(instant: datetime) -> datetime:
    """Midnight before an instant: as precisely as anything about an anonymous reporter is kept."""
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)


def _is_urgent(notice: Notice) -> bool:
    """Escalations go before everything else, and so does what a rule calls urgent."""
    return notice.urgent or notice.kind == "escalation"
