"""Opening a case: everything that follows from one decision, as rows that are written together or not at all."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cases.audit.chain import GENESIS, next_event
from cases.keys.hashing import keyed_hash, message_id_hash, sender_hash
from cases.keys.links import NewReader
from cases.keys.ring import WorkerKeys
from cases.keys.sealing import KeyPair, Place, seal
from cases.keys.tokens import Purpose, person_tag, sign
from cases.model.decision import Decision, Notice
from cases.model.submission import Submission
from cases.model.words import Access, Authenticity, AutomaticKind, Channel, ClockState, Direction, Status
from cases.store import tables
from cases.store.codec import MailPayload, StoredMessage, to_bytes, without_file_bytes
from cases.store.rows import Rows

ROUTINE_NOTICE_AFTER = timedelta(seconds=3)
"""Routine notices to staff leave room for acknowledgements: an employee waits, a colleague may."""
ANONYMOUS_NOTICES_AT = timedelta(days=1, hours=6)
"""Notices about anonymous cases leave together, the next morning at six (UTC): when one came in shows nowhere."""
REPLY_DAYS = 400
"""How long a reply address works: beyond any case's life but its retention."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery with what triage made of it. `readers` are the people who get a wrap: id and vault public key."""

    envelope_id: str
    reference: str
    received_at: datetime
    submission: Submission
    decision: Decision
    raw: bytes = field(repr=False)
    quiet: bool = False
    readers: tuple[tuple[str, bytes], ...] = ()
    links: tuple[NewReader, ...] = ()
    status_url: str = field(default="", repr=False)


def new_id() -> str:
    """A random 128-bit id; nothing about order or time shows in it."""
    return secrets.token_hex(16)


def open_case(arrival: Arrival, keys: WorkerKeys, now: datetime) -> Rows:
    """All rows of a new case: the case, its keys' wraps, its first message, clocks, effects and first event."""
    rows = Rows()
    case_id, case_keys = new_id(), KeyPair.generate()
    anonymous = arrival.submission.channel is Channel.ANONYMOUS
    at = start_of_day(now) if anonymous else now
    _case_row(rows, arrival, case_id, case_keys, keys, at)
    _wraps(rows, arrival, case_id, case_keys, keys, at)
    message_id, digest = add_message(
        rows, arrival, case_id=case_id, number=1, public_key=case_keys.public, epoch=1, keys=keys, at=at
    )
    for excluded in arrival.decision.excluded:
        rows.add(tables.exclusion, case_id=case_id, person=excluded.person.casefold(), reason=excluded.reason[:128])
    _clocks(rows, arrival, case_id, at)
    _effects(rows, arrival, case_id, keys, now)
    _first_event(rows, arrival, case_id, message_id, digest, at)
    return rows


def add_message(
    rows: Rows,
    arrival: Arrival,
    *,
    case_id: str,
    number: int,
    public_key: bytes,
    epoch: int,
    keys: WorkerKeys,
    at: datetime,
    confirmed: bool = True,
) -> tuple[str, str]:
    """The rows of one message received, sealed to the case; returns its id and its salted digest."""
    message_id, submission = new_id(), arrival.submission
    content = to_bytes(StoredMessage(without_file_bytes(submission), secrets.token_hex(16)))
    digest = sha256(content).hexdigest()
    rows.add(
        tables.message,
        id=message_id,
        case_id=case_id,
        number=number,
        envelope_id=arrival.envelope_id,
        direction=Direction.INBOUND.value,
        channel=submission.channel.value,
        author="",
        automatic=submission.automatic.kind.value,
        authenticity=submission.authenticity.value,
        confirmed=confirmed,
        at=at,
        epoch=epoch,
        content=seal(public_key, content, Place("message", message_id, "content")),
        raw=seal(public_key, arrival.raw, Place("message", message_id, "raw")),
        digest=digest,
    )
    if submission.channel is Channel.MAIL:
        rows.add(
            tables.mail_id,
            hash=message_id_hash(keys.index, submission.message_id) or f"none-{message_id[:26]}",
            message_id=message_id,
            case_id=case_id,
            fingerprint=fingerprint(keys.index, submission),
            at=at,
        )
    return message_id, digest


def fingerprint(index_key: bytes, submission: Submission) -> str:
    """What makes two deliveries the same mail: From, Date, Subject and body, under the index key."""
    date = submission.date.isoformat() if submission.date else ""
    files = " ".join(sorted(attachment.sha256 for attachment in submission.attachments))
    parts = (submission.message_id, submission.sender.address, date, submission.subject, submission.text, files)
    return keyed_hash(index_key, "fingerprint", "\x1f".join(parts))


def _case_row(rows: Rows, arrival: Arrival, case_id: str, case_keys: KeyPair, keys: WorkerKeys, at: datetime) -> None:
    submission, decision = arrival.submission, arrival.decision
    anonymous = submission.channel is Channel.ANONYMOUS
    rows.add(
        tables.case,
        id=case_id,
        reference=arrival.reference,
        envelope_id=arrival.envelope_id,
        channel=submission.channel.value,
        category=decision.category,
        risk=decision.risk,
        access=decision.access.value,
        status=(Status.ASSIGNED if decision.owner else Status.TRIAGED).value,
        team=decision.team,
        owner=decision.owner.casefold(),
        backup=decision.backup.casefold(),
        language=submission.language,
        tags=" ".join(decision.tags),
        legal_hold=decision.legal_hold,
        sender_hash="" if anonymous else sender_hash(keys.index, submission.sender.address),
        received_at=arrival.received_at,
        opened_at=at,
        ruleset=decision.ruleset,
        model=decision.model,
        engine=decision.engine,
        public_key=case_keys.public,
        decision=seal(case_keys.public, to_bytes(decision), Place("case_file", case_id, "decision")),
    )


def _wraps(rows: Rows, arrival: Arrival, case_id: str, case_keys: KeyPair, keys: WorkerKeys, at: datetime) -> None:
    readers = [("staff", person, public) for person, public in arrival.readers]
    readers += [(link.kind, link.lookup, link.public) for link in arrival.links]
    if arrival.decision.access is not Access.SEALED:
        readers.append(("service", "service", keys.service.public))
    for kind, reader, public in readers:
        rows.add(
            tables.wrap,
            case_id=case_id,
            epoch=1,
            compartment="content",
            reader_kind=kind,
            reader=reader,
            sealed=seal(public, case_keys.private, wrap_place(case_id, 1, "content", kind, reader)),
            created_at=at,
        )


def wrap_place(case_id: str, epoch: int, compartment: str, kind: str, reader: str) -> Place:
    """Where a wrap lives: it opens for its own case, epoch, compartment and reader only."""
    return Place("wrap", f"{case_id}/{epoch}/{compartment}/{kind}/{reader}", "sealed")


def _clocks(rows: Rows, arrival: Arrival, case_id: str, at: datetime) -> None:
    started: dict[str, tuple[str, datetime]] = {}
    for deadline in arrival.decision.deadlines:
        clock_id = new_id()
        started[deadline.kind] = (clock_id, deadline.due)
        rows.add(
            tables.clock,
            id=clock_id,
            case_id=case_id,
            kind=deadline.kind,
            sla=deadline.sla,
            state=ClockState.RUNNING.value,
            started_at=at,
            due_at=deadline.due,
            pause_while=deadline.pause_while,
        )
    for number, rung in enumerate(arrival.decision.ladder):
        if rung.clock in started:
            clock_id, due = started[rung.clock]
            moment = at + (due - at) * (rung.at_percent / 100) + timedelta(seconds=rung.offset_seconds)
            rows.add(
                tables.rung,
                id=new_id(),
                case_id=case_id,
                clock_id=clock_id,
                number=number,
                at=moment,
                notify=" ".join(rung.notify),
                escalate_to=" ".join(rung.escalate_to),
            )


def _effects(rows: Rows, arrival: Arrival, case_id: str, keys: WorkerKeys, now: datetime) -> None:
    """The acknowledgement and the notices, as promises; nothing is sent here."""
    if arrival.quiet:
        return
    if arrival.decision.acknowledgement and may_acknowledge(arrival.submission):
        add_mail(rows, case_id, f"ack:{arrival.envelope_id}", acknowledgement(arrival, keys, now), keys, now)
    anonymous = arrival.submission.channel is Channel.ANONYMOUS
    asked = {(n.kind, who) for n in arrival.decision.notices if n.urgent for who in n.recipients}
    for (kind, recipient), urgent in told(arrival.decision).items():
        payload = notice_payload(keys, arrival.reference, kind, recipient, arrival.decision, now, to_the_day=anonymous)
        key = notice_key(keys, case_id, kind, recipient)
        if anonymous:
            at_once = (kind, recipient) in asked
            after = timedelta() if at_once else ANONYMOUS_NOTICES_AT
            add_mail(rows, case_id, key, payload, keys, start_of_day(now), urgent=at_once, after=after)
        else:
            after = timedelta() if urgent else ROUTINE_NOTICE_AFTER
            add_mail(rows, case_id, key, payload, keys, now, urgent=urgent, after=after)


def told(decision: Decision) -> dict[tuple[str, str], bool]:
    """Whom a decision tells, once for each kind of notice however many rules ask for it, and whether it is urgent."""
    wanted: dict[tuple[str, str], bool] = {}
    for notice in decision.notices:
        for recipient in notice.recipients:
            one = (notice.kind, recipient)
            wanted[one] = wanted.get(one, False) or is_urgent(notice)
    return wanted


def notice_key(keys: WorkerKeys, case_id: str, kind: str, recipient: str) -> str:
    """The outbox key of a notice: a person is told a thing of a case once."""
    return f"notice:{case_id}:{kind}:{keyed_hash(keys.index, 'recipient', recipient)}"


def is_urgent(notice: Notice) -> bool:
    """Escalations go before everything else, and so does what a rule calls urgent."""
    return notice.urgent or notice.kind == "escalation"


def may_acknowledge(submission: Submission) -> bool:
    """RFC 3834: a machine, a list or an empty return path is never answered."""
    by_mail = submission.channel is Channel.MAIL
    return (
        submission.automatic.kind is AutomaticKind.NONE
        and bool(submission.sender.address)
        and (not by_mail or submission.envelope_sender != "<>")
    )


def acknowledgement(arrival: Arrival, keys: WorkerKeys, now: datetime) -> MailPayload:
    """What the acknowledgement says, to whom, and how it threads. A sender who failed authentication gets no details."""
    submission, decision = arrival.submission, arrival.decision
    to = (
        (submission.reply_to or submission.sender).address
        if submission.channel is Channel.MAIL
        else submission.sender.address
    )
    if submission.authenticity is Authenticity.FAIL:
        to = submission.sender.address
    discreet = decision.access is not Access.MANAGED or submission.authenticity is Authenticity.FAIL
    facts = [("status_url", arrival.status_url)] if arrival.status_url else []
    return MailPayload(
        template=decision.acknowledgement,
        to=to,
        language=submission.language,
        reference=arrival.reference,
        reply_token=mail_token(keys, arrival.reference, submission.sender.address, Purpose.REPLY, now),
        bounce_token=mail_token(keys, arrival.reference, submission.sender.address, Purpose.BOUNCE, now),
        subject="" if discreet else submission.subject,
        in_reply_to=submission.message_id,
        references=submission.references[-10:],
        details=not discreet,
        facts=tuple(facts),
    )


def notice_payload(
    keys: WorkerKeys,
    reference: str,
    kind: str,
    person: str,
    decision: Decision,
    now: datetime,
    *,
    to_the_day: bool = False,
) -> MailPayload:
    """A content-free notice: that there is something to look at in a case, and how urgent it is."""
    return MailPayload(
        template=f"notice_{kind}",
        to=person,
        language="",
        reference=reference,
        reply_token="",
        bounce_token=mail_token(keys, reference, person, Purpose.BOUNCE, now),
        facts=(("risk", decision.risk),),
        to_the_day=to_the_day,
    )


def add_mail(
    rows: Rows,
    case_id: str,
    key: str,
    payload: MailPayload,
    keys: WorkerKeys,
    now: datetime,
    *,
    urgent: bool = False,
    after: timedelta = timedelta(),
) -> None:
    """Promise one mail, due `after` a while. Its unique key makes promising it twice impossible."""
    entry_id = new_id()
    rows.add(
        tables.outbox,
        id=entry_id,
        case_id=case_id,
        key=key,
        kind="mail",
        urgent=urgent,
        created_at=now.replace(microsecond=0),
        due_at=now + after,
        payload=seal(keys.service.public, to_bytes(payload), Place("outbox", entry_id, "payload")),
    )


def mail_token(keys: WorkerKeys, reference: str, person: str, purpose: Purpose, now: datetime) -> str:
    """A signed token for a mail address of this case and person."""
    return sign(
        keys.tokens, reference, person_tag(person.casefold()), purpose, (now + timedelta(days=REPLY_DAYS)).date()
    )


def _first_event(rows: Rows, arrival: Arrival, case_id: str, message_id: str, digest: str, at: datetime) -> None:
    decision = arrival.decision
    opened = next_event(
        case_id,
        1,
        GENESIS,
        verb="case.opened",
        actor="triage",
        at=at,
        data={
            "reference": arrival.reference,
            "envelope": arrival.envelope_id,
            "message": message_id,
            "digest": digest,
            "category": decision.category,
            "risk": decision.risk,
            "access": decision.access.value,
            "team": decision.team,
            "owner": decision.owner,
            "escalated_to": list(decision.escalated_to),
            "excluded": len(decision.excluded),
            "fired": list(decision.fired),
            "alarms": list(decision.alarms),
            "ruleset": decision.ruleset,
            "model": decision.model,
            "engine": decision.engine,
        },
    )
    rows.add(tables.stream, id=case_id, seq=1, head=opened.hash, chained_seq=0)
    rows.add(
        tables.event,
        stream_id=case_id,
        seq=1,
        verb=opened.verb,
        actor=opened.actor,
        at=opened.at,
        data=opened.data,
        hash=opened.hash,
    )


def start_of_day(instant: datetime) -> datetime:
    """Midnight before an instant: as precisely as anything about an anonymous reporter is kept."""
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)
