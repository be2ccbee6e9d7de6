"""What is given to the person, given without some words, or withheld: a person decides each, with a reason; and acts on it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from cases.access.policy import Relation
from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.handling.hand import Hand, checked
from cases.handling.words import Words, write
from cases.keys.hashing import sender_hash
from cases.keys.sealing import KeyPair, Opener, Place, seal, unseal
from cases.keys.wraps import SERVICE, wrap_place
from cases.model.words import Compartment, Direction
from cases.promises import start_of_day
from cases.retention.erasing import Erased, erase
from cases.store import tables
from cases.store.codec import message_from
from cases.store.sight import NO_SUCH_CASE, SeenCase
from cases.store.subject_tables import subject_item, subject_search
from cases.subjects.requests import Reason, SubjectRequest
from cases.subjects.searching import not_kept_from, was_asked, words_of


@dataclass(frozen=True, slots=True)
class Item:
    """One message about somebody, and what was decided. `text` is what is given, once it is decided."""

    id: str
    case_id: str
    reference: str
    status: str
    message_id: str
    at: datetime
    direction: str
    why: str
    state: str
    reason: str
    text: str = field(repr=False)
    words: str = field(repr=False)
    decided_by: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader of sealed cases answered."""

    person_id: str
    state: str
    reason: str
    words: str = field(repr=False)


def items(connection: Connection, request: SubjectRequest, viewer: str, service: KeyPair) -> list[Item]:
    """What was found, oldest first; nothing of a case that the viewer (an address) is kept away from."""
    table, case, message = subject_item, tables.case, tables.message
    rows = connection.execute(
        select(table, case.c.reference, case.c.status, message.c.at, message.c.direction)
        .join(case, case.c.id == table.c.case_id)
        .join(message, message.c.id == table.c.message_id)
        .where(table.c.request_id == request.id, case.c.erased_at.is_(None), not_kept_from(viewer))
        .order_by(message.c.at, table.c.id)
    ).all()
    return [_item(row, service) for row in rows]


def one_item(connection: Connection, request: SubjectRequest, item_id: str, viewer: str, service: KeyPair) -> Item:
    """One of them; raises `Refused` when there is none for this viewer."""
    found = next((one for one in items(connection, request, viewer, service) if one.id == item_id), None)
    if found is None:
        raise Refused(NO_SUCH_CASE)
    return found


def read_item(connection: Connection, item: Item, hand: Hand) -> str:
    """What the message says; an audited fact of its case. Raises `Refused` when it is not there any more."""
    text = _open(connection, item, hand.service)
    case = _case(connection, item.case_id)
    data: dict[str, Json] = {"person": hand.viewer.person.id, "message": item.message_id, "for": "subject"}
    append(connection, [NewEvent(item.case_id, "case.read", hand.address, case.moment(hand.now), data)])
    return text


def decide(
    connection: Connection, item: Item, hand: Hand, *, state: str, reason: str = "", words: str = "", text: str = ""
) -> None:
    """Give it, give it as `text`, or withhold it. What is not given whole needs a reason of the closed set, and words."""
    if state not in {"given", "redacted", "withheld"}:
        raise Refused("choose what becomes of it")
    why = Reason(reason).value if reason in set(Reason) else ""
    if state != "given" and not why:
        raise Refused("choose why it is not given as it is")
    kept = {"text": "", "words": checked(words, what="the reason") if state != "given" else words.strip()}
    if state == "given":
        kept["text"] = _open(connection, item, hand.service)
    if state == "redacted":
        kept["text"] = checked(text, what="what is given")
    sealed = seal(hand.service.public, json.dumps(kept, ensure_ascii=False).encode(), _place(item.id))
    case = _case(connection, item.case_id)
    moment = case.moment(hand.now)
    values = {"state": state, "reason": why, "words": sealed, "decided_by": hand.address, "decided_at": moment}
    connection.execute(update(subject_item).where(subject_item.c.id == item.id).values(**values))
    data: dict[str, Json] = {"message": item.message_id, "decided": state, "reason": why}
    append(connection, [NewEvent(item.case_id, "subject.decided", hand.address, moment, data)])


def answer(
    connection: Connection, request: SubjectRequest, hand: Hand, *, state: str, reason: str = "", words: str = ""
) -> None:
    """A reader of sealed cases answers: nothing there, this may be given, or something is withheld and why."""
    if not was_asked(connection, request.id, hand.viewer.person.id):
        raise Refused("there is no such request")
    if state not in {"nothing", "given", "withheld"}:
        raise Refused("choose what you found")
    why = Reason(reason).value if reason in set(Reason) else ""
    if state == "withheld" and not why:
        raise Refused("choose why it is withheld")
    kept = checked(words, what="your answer") if state != "nothing" else words.strip()
    person_id = hand.viewer.person.id
    place = Place("subject_search", f"{request.id}/{person_id}", "words")
    values = {
        "state": state,
        "reason": why if state == "withheld" else "",
        "words": seal(hand.service.public, kept.encode(), place),
        "answered_at": start_of_day(hand.now),
    }
    table = subject_search
    mine = (table.c.request_id == request.id, table.c.person_id == person_id)
    connection.execute(update(table).where(*mine).values(**values))
    data: dict[str, Json] = {"request": request.id, "person": person_id}
    append(connection, [NewEvent(DEPLOYMENT, "subject.reader_answered", hand.address, hand.now, data)])


def answers(connection: Connection, request: SubjectRequest, service: KeyPair) -> list[Answer]:
    """What the readers of sealed cases said so far."""
    table = subject_search
    rows = connection.execute(select(table).where(table.c.request_id == request.id).order_by(table.c.person_id)).all()
    return [Answer(row.person_id, row.state, row.reason, _answered(row, service)) for row in rows]


def rectify(connection: Connection, item: Item, hand: Hand, words: str, once: str) -> None:
    """Put right what a case says about somebody: as a note beside it, for what was written stays written."""
    row = _case(connection, item.case_id)
    told = Words(f"Rectification asked for by the person concerned:\n\n{checked(words)}", once)
    written = write(connection, row, hand, Direction.NOTE, told)
    if written is not None:
        data: dict[str, Json] = {"message": once, "of": item.message_id, "digest": written.digest}
        append(connection, [NewEvent(item.case_id, "case.rectified", hand.address, row.moment(hand.now), data)])


def erase_for(connection: Connection, request: SubjectRequest, item: Item, hand: Hand, reason: str) -> Erased:
    """Erase a case that the person themselves brought, where that is lawful: closed, and no hold.

    Raises `Refused` for somebody else's case: there, rights of others stand against it (GDPR, article 17(3)).
    """
    checked(reason, what="the reason")
    row = _case(connection, item.case_id)
    hashes = {sender_hash(hand.index, address) for address in request.about.addresses}
    if row.row.sender_hash not in hashes or not row.row.sender_hash:
        raise Refused("this case was brought by somebody else: it is not erased at the wish of whom it is about")
    data: dict[str, Json] = {"request": request.id, "case": item.case_id}
    append(connection, [NewEvent(DEPLOYMENT, "subject.erased", hand.address, hand.now, data)])
    return erase(connection, item.case_id, because="subject", by=hand.address, now=hand.now)


def undecided(found: Sequence[Item]) -> int:
    """How many items nobody has decided about."""
    return sum(one.state == "open" for one in found)


def _item(row: Row[Any], service: KeyPair) -> Item:
    kept = (
        json.loads(unseal(service, row.words, _place(row.id))) if row.words is not None else {"text": "", "words": ""}
    )
    return Item(
        row.id, row.case_id, row.reference, row.status, row.message_id, row.at, row.direction, row.why, row.state, row.reason,
        kept["text"], kept["words"], row.decided_by,
    )  # fmt: skip


def _case(connection: Connection, case_id: str) -> SeenCase:
    """The case of an item. The officer's duty covers the item, nothing else of it."""
    row = connection.execute(select(tables.case).where(tables.case.c.id == case_id).with_for_update()).one()
    beside = Relation("", frozenset(), in_team=False, is_named=False, is_excluded=False, holds_wrap=False)
    return SeenCase(row, beside)


def _open(connection: Connection, item: Item, service: KeyPair) -> str:
    message, wrap = tables.message, tables.wrap
    row = connection.execute(select(message).where(message.c.id == item.message_id)).first()
    if row is None or row.content is None:
        raise Refused("the message is not there any more")
    mine = (wrap.c.case_id == item.case_id, wrap.c.epoch == row.epoch, wrap.c.reader_kind == SERVICE)
    kept = connection.execute(select(wrap).where(*mine, wrap.c.compartment == Compartment.CONTENT.value)).first()
    if kept is None:
        raise Refused("the case was sealed since it was found: its readers answer for it")
    place = wrap_place(kept.case_id, kept.epoch, kept.compartment, kept.reader_kind, kept.reader)
    keys = KeyPair.of_private(Opener(service).unseal(kept.sealed, place))
    raw = unseal(keys, row.content, Place("message", row.id, "content"))
    return words_of(message_from(raw).submission)


def _answered(row: Row[Any], service: KeyPair) -> str:
    if row.words is None:
        return ""
    place = Place("subject_search", f"{row.request_id}/{row.person_id}", "words")
    return unseal(service, row.words, place).decode()


def _place(item_id: str) -> Place:
    return Place("subject_item", item_id, "words")
