"""Opening a case: everything that follows from one decision, as rows that are written together or not at all."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from cases.audit.chain import GENESIS, next_event
from cases.keys.hashing import keyed_hash, message_id_hash, sender_hash
from cases.keys.links import NewReader
from cases.keys.ring import WorkerKeys
from cases.keys.sealing import KeyPair, Place, Sealer, Sealers
from cases.keys.wraps import wrap_place
from cases.model.acts import CONFIRM_FIRST, UNCONFIRMED
from cases.model.completeness import Filled
from cases.model.decision import Deadline, Decision, Rung
from cases.model.submission import Submission
from cases.model.words import Access, Authenticity, Channel, ClockState, Direction, Status
from cases.promises import Promises, asked_at_once, may_acknowledge, notice_key, start_of_day, told
from cases.store import files, tables
from cases.store.codec import StoredMessage, to_bytes, without_file_bytes
from cases.store.files import StoredFile
from cases.store.rows import Rows, new_id


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Where a change is confirmed before it is made: the directory's address of whom it claims to come from, and the link."""

    to: str = field(repr=False)
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery with what triage made of it. `readers` are the people who get a wrap: id and vault public key.

    `likeness` is a keyed hash that alike mails share; `answered` is False for who has had enough automatic mail for now.
    `files` are stored already, where the delivery is too large for a row: itself and each of its attachments. `kept` is what
    the case keeps of the submission, where that is less than what came: then `raw` is empty.
    """

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
    likeness: str = ""
    answered: bool = True
    confirm_at: Confirmation | None = None
    files: tuple[StoredFile, ...] = ()
    kept: Submission | None = field(default=None, repr=False)


def open_case(arrival: Arrival, keys: WorkerKeys, now: datetime, sealers: Sealers, pair: KeyPair | None = None) -> Rows:
    """All rows of a new case: the case, its keys' wraps, its first message, clocks, effects and first event.

    `sealers` are those of as many cases as are written together. An anonymous case has its own: what it shares with others
    would show beside whose it was written, and so when. `pair` becomes the case's own key pair.
    """
    rows = Rows()
    case_id, case_keys = new_id(), pair or KeyPair.generate()
    anonymous = arrival.submission.channel is Channel.ANONYMOUS
    at = start_of_day(now) if anonymous else now
    sealers = Sealers() if anonymous else sealers
    to_case = Sealer(case_keys.public)
    _case_row(rows, arrival, case_id, case_keys.public, to_case, keys, at)
    _wraps(rows, arrival, case_id, case_keys, sealers, keys.service.public, at)
    message_id, digest = add_message(
        rows, arrival, case_id=case_id, number=1, to_case=to_case, epoch=1, keys=keys, at=at
    )
    for excluded in arrival.decision.excluded:
        rows.add(tables.exclusion, case_id=case_id, person=excluded.person.casefold(), reason=excluded.reason[:128])
    add_clocks(rows, arrival.decision.deadlines, arrival.decision.ladder, case_id, at)
    _promises(Promises(rows, keys, sealers.to(keys.service.public), now), arrival, case_id, message_id)
    _first_event(rows, arrival, case_id, message_id, digest, at)
    return rows


def add_message(
    rows: Rows,
    arrival: Arrival,
    *,
    case_id: str,
    number: int,
    to_case: Sealer,
    epoch: int,
    keys: WorkerKeys,
    at: datetime,
    confirmed: bool = True,
    party_id: str = "",
) -> tuple[str, str]:
    """The rows of one message received, sealed to the case; returns its id and its salted digest."""
    message_id, submission = new_id(), arrival.submission
    content = to_bytes(StoredMessage(without_file_bytes(arrival.kept or submission), secrets.token_hex(16)))
    digest = sha256(content).hexdigest()
    rows.add(
        tables.message,
        id=message_id,
        case_id=case_id,
        party_id=party_id,
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
        content=to_case.seal(content, Place("message", message_id, "content")),
        raw=None
        if arrival.files or not arrival.raw
        else to_case.seal(arrival.raw, Place("message", message_id, "raw")),
        digest=digest,
    )
    for one in arrival.files:
        files.refer(rows, one, case_id=case_id, message_id=message_id, epoch=epoch, seal=to_case.seal)
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


def waits_for_confirmation(submission: Submission) -> bool:
    """Whether a form asks for a change that nobody makes before the directory's address has confirmed it."""
    return submission.authenticity is not Authenticity.PASS and dict(submission.fields).get(CONFIRM_FIRST) == "yes"


def fingerprint(index_key: bytes, submission: Submission) -> str:
    """What makes two deliveries the same mail: From, Date, Subject and body, under the index key."""
    date = submission.date.isoformat() if submission.date else ""
    files = " ".join(sorted(attachment.sha256 for attachment in submission.attachments))
    parts = (submission.message_id, submission.sender.address, date, submission.subject, submission.text, files)
    return keyed_hash(index_key, "fingerprint", "\x1f".join(parts))


def _case_row(
    rows: Rows, arrival: Arrival, case_id: str, public: bytes, to_case: Sealer, keys: WorkerKeys, at: datetime
) -> None:
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
        tags=" ".join((*decision.tags, *((UNCONFIRMED,) if waits_for_confirmation(submission) else ()))),
        legal_hold=decision.legal_hold,
        sender_hash="" if anonymous else sender_hash(keys.index, submission.sender.address),
        likeness="" if anonymous else arrival.likeness,
        received_at=arrival.received_at,
        opened_at=at,
        ruleset=decision.ruleset,
        model=decision.model,
        engine=decision.engine,
        public_key=public,
        needs_look=decision.needs_look,
        meant_for=decision.meant_for,
        completeness=Filled(description=True).percent,
        decision=to_case.seal(to_bytes(decision), Place("case_file", case_id, "decision")),
    )


def _wraps(
    rows: Rows,
    arrival: Arrival,
    case_id: str,
    case_keys: KeyPair,
    sealers: Sealers,
    service_public: bytes,
    at: datetime,
) -> None:
    readers: list[tuple[str, str, bytes | None, Sealer]]
    readers = [("staff", person, None, sealers.to(public)) for person, public in arrival.readers]
    readers += [(link.kind, link.lookup, link.public, Sealer(link.public)) for link in arrival.links]
    if arrival.decision.access is not Access.SEALED:
        readers.append(("service", "service", None, sealers.to(service_public)))
    for kind, reader, public, sealer in readers:
        rows.add(
            tables.wrap,
            case_id=case_id,
            epoch=1,
            compartment="content",
            reader_kind=kind,
            reader=reader,
            public=public,
            sealed=sealer.seal(case_keys.private, wrap_place(case_id, 1, "content", kind, reader)),
            created_at=at,
        )


def add_clocks(rows: Rows, deadlines: Sequence[Deadline], ladder: Sequence[Rung], case_id: str, at: datetime) -> None:
    """The rows of clocks that begin, with the steps of the ladder that watch them. `at` is when the case was opened."""
    started: dict[str, tuple[str, datetime]] = {}
    for deadline in deadlines:
        clock_id = new_id()
        started[deadline.kind] = (clock_id, deadline.due)
        rows.add(
            tables.clock,
            id=clock_id,
            case_id=case_id,
            kind=deadline.kind,
            sla=deadline.sla,
            state=ClockState.RUNNING.value,
            started_at=deadline.starts or at,
            due_at=deadline.due,
            pause_while=deadline.pause_while,
            span=deadline.span,
            calendar=deadline.calendar,
        )
    for number, rung in enumerate(ladder):
        if rung.clock in started:
            clock_id, due = started[rung.clock]
            rows.add(
                tables.rung,
                id=new_id(),
                case_id=case_id,
                clock_id=clock_id,
                number=number,
                at=rung.at or due,
                percent=rung.at_percent,
                offset_seconds=rung.offset_seconds,
                notify=" ".join(rung.notify_named or rung.notify),
                escalate_to=" ".join(rung.escalate_named or rung.escalate_to),
            )


def _promises(promises: Promises, arrival: Arrival, case_id: str, message_id: str) -> None:
    """The acknowledgement and the notices; nothing is sent here. Beyond the budget only what is urgent is promised."""
    if arrival.quiet:
        return
    submission, decision = arrival.submission, arrival.decision
    if arrival.answered and decision.acknowledgement and may_acknowledge(submission):
        promises.acknowledge(
            case_id,
            arrival.envelope_id,
            arrival.reference,
            submission,
            decision,
            status_url=arrival.status_url,
            received_at=arrival.received_at,
        )
    if arrival.confirm_at is not None:
        promises.confirmation(
            case_id, arrival.reference, arrival.confirm_at.to, submission.language, arrival.confirm_at.url
        )
    anonymous = submission.channel is Channel.ANONYMOUS
    for (kind, person), urgent in told(decision).items():
        if not arrival.answered and not urgent:
            continue
        key = notice_key(promises.keys, case_id, kind, person)
        at_once = urgent and (not anonymous or asked_at_once(decision, person))
        quotes = message_id if person.casefold() == decision.owner.casefold() else ""
        promises.notice(
            case_id,
            key,
            arrival.reference,
            kind,
            person,
            decision.risk,
            urgent=at_once,
            to_the_day=anonymous,
            quotes=quotes,
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
            **({"needs_look": True} if decision.needs_look else {}),
            **({} if arrival.answered else {"withheld": "too much automatic mail"}),
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
