"""Handling a case: note, reply, assign, move, close, reopen; each one transaction with its event."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select, update

from cases.access.policy import WORKS_ON_CASES, Action
from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys import wraps
from cases.keys.sealing import KeyPair, Place, seal, unseal
from cases.model.decision import Decision
from cases.model.lifecycle import AT_WORK, FRESH, Outcome, moved
from cases.model.submission import Submission
from cases.model.words import Access, AutomaticKind, Channel, ClockKind, Direction, Status
from cases.store import tables
from cases.store.clocks import cancel_rest, meet
from cases.store.codec import MailPayload, StoredMessage, message_from, to_bytes
from cases.store.dossier import open_decision
from cases.store.people import Person
from cases.store.rows import new_id
from cases.store.sight import SeenCase, Viewer, case_keys, relation_of, require

ANSWER_MEETS = (ClockKind.ACKNOWLEDGE.value, ClockKind.FIRST_RESPONSE.value)
"""Which deadlines a person's answer to the reporter keeps; feedback only when they say that it is the feedback."""
CLOSING_MEETS = (*ANSWER_MEETS, ClockKind.FEEDBACK.value, ClockKind.RESOLVE.value)
LONGEST_TEXT = 50_000
"""Characters of a reply or a note."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, with which keys, and when. No `vault` for who acts by mail: only what the service can open is theirs."""

    viewer: Viewer
    vault: KeyPair | None = field(repr=False)
    service: KeyPair = field(repr=False)
    now: datetime

    @property
    def address(self) -> str:
        """The actor that events name."""
        return self.viewer.person.address


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to the reporter. `once` is an id of the form it was written in, so that sent twice it is one answer."""

    text: str = field(repr=False)
    once: str
    feedback: bool = False
    status: Status = Status.IN_PROGRESS


def add_note(connection: Connection, reference: str, hand: Hand, text: str, once: str) -> None:
    """Add words that only staff see. Raises `Refused` for no words, too many, or a case that is not theirs."""
    seen = require(connection, reference, hand.viewer, Action.NOTE, lock=True)
    digest = _write(connection, seen, hand, Direction.NOTE, _said(text, seen), once)
    if digest:
        _event(connection, seen, hand, "note.added", {"message": once, "digest": digest})


def reply(connection: Connection, reference: str, hand: Hand, answer: Answer) -> bool:
    """Answer the reporter: by mail where there is an address, else at the page behind their link. True when by mail.

    Raises `Refused` for no words, too many, a status it may not have, or a case that is not theirs.
    """
    seen = require(connection, reference, hand.viewer, Action.REPLY, lock=True)
    status = _after_answer(seen, answer.status)
    heard = _last_heard(connection, seen, hand)
    to = _address(heard)
    digest = _write(connection, seen, hand, Direction.OUTBOUND, _said(answer.text, seen), answer.once)
    if not digest:
        return bool(to)
    if to:
        _promise(connection, seen, hand, f"reply:{answer.once}", _reply_mail(seen, heard, to, answer.text))
    kinds = (*ANSWER_MEETS, ClockKind.FEEDBACK.value) if answer.feedback else ANSWER_MEETS
    meet(connection, [seen.id], kinds, seen.moment(hand.now))
    data: dict[str, Json] = {"message": answer.once, "digest": digest, "by_mail": bool(to), "feedback": answer.feedback}
    _event(connection, seen, hand, "reply.written", data)
    if status is not seen.status:
        _set_status(connection, seen, hand, status)
    return bool(to)


def assign(connection: Connection, reference: str, hand: Hand, person: Person) -> None:
    """Give a case an owner; oneself is taking it. Raises `Refused` for who may not see it or does not work on cases.

    In a sealed case the new owner gets a wrap from the keys of whoever hands it on.
    """
    myself = person.id == hand.viewer.person.id
    seen = require(connection, reference, hand.viewer, Action.TAKE if myself else Action.ASSIGN, lock=True)
    then = relation_of(connection, seen, person, hand.viewer.teams)
    if then.is_excluded or not person.active or not then.roles & WORKS_ON_CASES:
        raise Refused(f"{person.address} cannot be given this case")
    if seen.access is Access.SEALED and not then.holds_wrap:
        _share(connection, seen, hand, person)
    changes = {"owner": person.address}
    if seen.row.backup == person.address:
        changes["backup"] = seen.row.owner  # whoever had it stands by: nobody is owner and backup at once
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**changes))
    _event(connection, seen, hand, "case.assigned", {"to": person.address})
    if seen.status in {Status.RECEIVED, Status.TRIAGED, Status.REOPENED}:
        _set_status(connection, seen, hand, Status.ASSIGNED)
    if not myself:
        payload = _notice("notice_owner", person.address, seen)
        _promise(connection, seen, hand, f"assigned:{new_id()}", payload)


def move(connection: Connection, reference: str, hand: Hand, to: Status) -> None:
    """Say where the work stands. Only an investigator or lead starts an investigation, and that meets its deadline."""
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    if to not in {*AT_WORK, Status.RESOLVED}:
        raise Refused("that status is not set by hand")
    if to is Status.INVESTIGATING:
        if not seen.may(Action.INVESTIGATE):
            raise Refused("an investigation is started by its owner or backup, as investigator or lead")
        meet(connection, [seen.id], [ClockKind.START_INVESTIGATION.value], seen.moment(hand.now))
    _set_status(connection, seen, hand, to)


def close(connection: Connection, reference: str, hand: Hand, outcome: Outcome) -> None:
    """Close with an outcome: kept deadlines are met, the others end. Nothing is sent.

    Raises `Refused` where a rule asked for a review before closing and the owner closes alone.
    """
    seen = require(connection, reference, hand.viewer, Action.CLOSE, lock=True)
    moved(seen.status, Status.CLOSED)
    if seen.row.owner == hand.address and needs_second_person(decision_of(connection, seen, hand)):
        raise Refused("this case is closed by a second person: ask the backup or a lead")
    at = seen.moment(hand.now)
    meet(connection, [seen.id], CLOSING_MEETS, at)
    cancel_rest(connection, seen.id, at)
    values = {"status": Status.CLOSED.value, "closed_at": at, "outcome": outcome.value}
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
    _event(connection, seen, hand, "case.closed", {"from": seen.status.value, "outcome": outcome.value})


def reopen(connection: Connection, reference: str, hand: Hand) -> None:
    """Open a case again that was resolved, closed or withdrawn."""
    seen = require(connection, reference, hand.viewer, Action.REOPEN, lock=True)
    moved(seen.status, Status.REOPENED)
    values = {"status": Status.REOPENED.value, "closed_at": None, "outcome": ""}
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
    _event(connection, seen, hand, "case.reopened", {"from": seen.status.value})


def needs_second_person(decision: Decision | None) -> bool:
    """Whether somebody other than the owner closes the case: a rule said `review_before_close`."""
    return decision is not None and decision.review_before_close


def decision_of(connection: Connection, seen: SeenCase, hand: Hand) -> Decision | None:
    """What triage decided, opened; None for who joined after the case's key was changed."""
    return open_decision(seen, case_keys(connection, seen, hand.viewer.person, hand.vault, hand.service))


def _after_answer(seen: SeenCase, wanted: Status) -> Status:
    """The status after an answer: the one asked for; where it makes no difference, the one it has."""
    if wanted is seen.status or (wanted is Status.IN_PROGRESS and seen.status not in FRESH):
        return seen.status
    if wanted not in {Status.IN_PROGRESS, Status.WAITING_FOR_EMPLOYEE, Status.RESOLVED}:
        raise Refused("an answer does not lead to that status")
    return moved(seen.status, wanted)


def _set_status(connection: Connection, seen: SeenCase, hand: Hand, to: Status) -> None:
    moved(seen.status, to)
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(status=to.value))
    if to is Status.RESOLVED:
        meet(connection, [seen.id], [ClockKind.RESOLVE.value], seen.moment(hand.now))
    _event(connection, seen, hand, "status.changed", {"from": seen.status.value, "to": to.value})


def _said(text: str, seen: SeenCase) -> Submission:
    """A staff member's words as they are stored."""
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        raise Refused("there are no words in it")
    if len(words) > LONGEST_TEXT:
        raise Refused(f"it is longer than {LONGEST_TEXT:,} characters")
    return Submission(channel=Channel.STAFF, text=words, new_text=words, language=seen.row.language)


def _write(
    connection: Connection, seen: SeenCase, hand: Hand, direction: Direction, said: Submission, once: str
) -> str:
    """Seal the words to the case; returns their salted digest, or "" when this form's words are there already."""
    if len(once) != 32 or not set(once) <= set("0123456789abcdef"):
        raise Refused("the form is damaged; load the page again")
    table = tables.message
    if connection.execute(select(table.c.id).where(table.c.id == once)).first() is not None:
        return ""
    content = to_bytes(StoredMessage(said, secrets.token_hex(16)))
    highest = connection.execute(select(func.max(table.c.number)).where(table.c.case_id == seen.id)).scalar()
    digest = sha256(content).hexdigest()
    connection.execute(
        insert(table).values(
            id=once,
            case_id=seen.id,
            number=(highest or 0) + 1,
            direction=direction.value,
            channel=Channel.STAFF.value,
            author=hand.address,
            at=seen.moment(hand.now),
            epoch=seen.row.epoch,
            content=seal(seen.row.public_key, content, Place("message", once, "content")),
            digest=digest,
        )
    )
    return digest


def _last_heard(connection: Connection, seen: SeenCase, hand: Hand) -> list[Submission]:
    """The reporter's first words and their latest confirmed ones: whom to answer, and what the answer follows."""
    table = tables.message
    rows = connection.execute(
        select(table.c.id, table.c.epoch, table.c.content)
        .where(
            table.c.case_id == seen.id,
            table.c.direction == Direction.INBOUND.value,
            table.c.confirmed.is_(True),
            table.c.automatic == AutomaticKind.NONE.value,
            table.c.content.is_not(None),
        )
        .order_by(table.c.number)
    ).all()
    keys = case_keys(connection, seen, hand.viewer.person, hand.vault, hand.service)
    opened = [row for row in rows if row.epoch in keys]
    return [
        message_from(unseal(keys[row.epoch], row.content, Place("message", row.id, "content"))).submission
        for row in ([opened[0], opened[-1]] if opened else [])
    ]


def _address(heard: list[Submission]) -> str:
    """Where the reporter is reached: the sender of the first words, never a Reply-To that anyone could have set."""
    if not heard or heard[0].channel is Channel.ANONYMOUS:
        return ""
    return heard[0].sender.address


def _reply_mail(seen: SeenCase, heard: list[Submission], to: str, text: str) -> MailPayload:
    """The mail that carries an answer. The worker signs its addresses, since the console holds no token key."""
    latest = next((one for one in reversed(heard) if one.message_id), None)
    discreet = seen.access is not Access.MANAGED
    return MailPayload(
        template="reply",
        to=to,
        language=seen.row.language,
        reference=seen.row.reference,
        reply_token="",
        bounce_token="",
        subject="" if discreet or latest is None else latest.subject,
        in_reply_to=latest.message_id if latest else "",
        references=latest.references[-10:] if latest else (),
        facts=(("words", text.strip()),),
        sign_for=to,
    )


def _notice(template: str, to: str, seen: SeenCase) -> MailPayload:
    """A content-free notice to a colleague."""
    return MailPayload(
        template=template,
        to=to,
        language="",
        reference=seen.row.reference,
        reply_token="",
        bounce_token="",
        facts=(("risk", seen.row.risk),),
        to_the_day=seen.row.channel == Channel.ANONYMOUS.value,
        sign_for=to,
    )


def _promise(connection: Connection, seen: SeenCase, hand: Hand, key: str, payload: MailPayload) -> None:
    """One mail in the outbox, sealed to the workers."""
    entry_id = new_id()
    connection.execute(
        insert(tables.outbox).values(
            id=entry_id,
            case_id=seen.id,
            key=key,
            kind="mail",
            created_at=seen.moment(hand.now).replace(microsecond=0),
            due_at=hand.now,
            payload=seal(hand.service.public, to_bytes(payload), Place("outbox", entry_id, "payload")),
        )
    )


def _share(connection: Connection, seen: SeenCase, hand: Hand, person: Person) -> None:
    """Wrap every key of the case that the giver holds to the new reader's vault; an audited fact of its own."""
    keys = case_keys(connection, seen, hand.viewer.person, hand.vault, hand.service)
    for epoch, pair in keys.items():
        wraps.add(
            connection,
            case_id=seen.id,
            epoch=epoch,
            private=pair.private,
            kind=wraps.STAFF,
            reader=person.id,
            public=person.vault_public,
            at=seen.moment(hand.now),
        )
    _event(connection, seen, hand, "case.shared", {"with": person.address})


def _event(connection: Connection, seen: SeenCase, hand: Hand, verb: str, data: dict[str, Json]) -> None:
    append(connection, [NewEvent(seen.id, verb, hand.address, seen.moment(hand.now), data)])
