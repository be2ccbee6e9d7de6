"""What a receipt or a status link opens: one case, as far as its reporter may see it, with the link's own key."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, select

from cases.keys.links import LinkReader
from cases.keys.sealing import KeyPair, Place, unseal
from cases.keys.wraps import wrap_place
from cases.model.submission import Submission
from cases.model.words import Access, AutomaticKind, Channel, Compartment, Direction, Status
from cases.store import tables
from cases.store.codec import message_from
from cases.store.key_tables import identity

RATED = "outcome.rated"
"""The event that holds a rating."""
DISCLOSED, IDENTITY_READ = "content.disclosed", "identity.read"
SHOWS = ("case.read", "file.read", DISCLOSED, IDENTITY_READ)
"""The events by which somebody learns who the reporter is."""
PROTECTED_SINCE = "reporter.protected"
"""The event after which reading a case shows it no more."""


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file of the dialogue: its place among those of its message, its name as sent and its size in bytes."""

    index: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """An answer of ours in its reader's hands: its row (id, channel), the key that opens its files, and what it says."""

    row: Row[*tuple[Any, ...]]
    key: KeyPair = field(repr=False)
    said: Submission = field(repr=False)


@dataclass(frozen=True, slots=True)
class SharedMessage:
    """One entry of the dialogue. Who of the staff wrote an answer is not part of it, unless they signed in the text."""

    number: int
    from_reporter: bool
    at: datetime
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    files: tuple[SharedFile, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SharedClock:
    """One deadline: its kind, state (a `ClockState`) and when it is due."""

    kind: str
    state: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of the staff who has seen who the reporter is: their name (their address where they have none), last when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as its reporter sees it: no note, no owner, no risk, no rule."""

    reference: str
    channel: Channel
    category: str
    access: Access
    status: Status
    received_at: datetime
    closed_at: datetime | None
    clocks: tuple[SharedClock, ...]
    messages: tuple[SharedMessage, ...]
    tags: tuple[str, ...] = ()
    link_made_at: datetime | None = None
    rating: int = 0
    identified: bool = False
    seen_by: tuple[Reader, ...] = ()


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a case stands, for a page that looks every few seconds: its status, and a mark that every change alters."""

    status: Status
    mark: str


def pulse_of(connection: Connection, kind: str, lookup: str) -> Pulse | None:
    """The pulse of the case that a link opens, found by its lookup alone; nothing is opened."""
    wrap, case, message, clock = tables.wrap, tables.case, tables.message, tables.clock
    row = connection.execute(
        select(case.c.id, case.c.status, case.c.tags)
        .join(wrap, wrap.c.case_id == case.c.id)
        .where(wrap.c.reader_kind == kind, wrap.c.reader == lookup)
        .order_by(wrap.c.created_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    shown = (message.c.case_id == row.id, message.c.direction != Direction.NOTE.value, message.c.party_id == "")
    said = connection.execute(select(func.count()).where(*shown)).scalar()
    clocks = connection.execute(
        select(clock.c.state, clock.c.due_at).where(clock.c.case_id == row.id).order_by(clock.c.id)
    ).all()
    facts = repr((row.status, row.tags, said, [(one.state, one.due_at.isoformat()) for one in clocks]))
    return Pulse(Status(row.status), sha256(facts.encode()).hexdigest()[:16])


def find_by_link(connection: Connection, reader: LinkReader) -> OpenedCase | None:
    """The case that a link's letters open, or None when there is none.

    Raises `CannotOpen` when a wrap or a message is not what was sealed. Reads only; of several cases (there is one,
    unless a code was used twice) the newest counts.
    """
    opened = _keys(connection, reader)
    if opened is None:
        return None
    case_id, keys, made_at = opened
    row = connection.execute(select(tables.case).where(tables.case.c.id == case_id)).one()
    return OpenedCase(
        reference=row.reference,
        channel=Channel(row.channel),
        category=row.category,
        access=Access(row.access),
        status=Status(row.status),
        received_at=row.received_at,
        closed_at=row.closed_at,
        clocks=_clocks(connection, case_id),
        messages=_messages(connection, case_id, keys),
        tags=tuple(row.tags.split()),
        link_made_at=made_at,
        rating=rating_of(connection, case_id),
        identified=is_identified(connection, case_id),
        seen_by=() if row.channel == Channel.ANONYMOUS.value else seen_by(connection, case_id),
    )


def find_answer(connection: Connection, reader: LinkReader, number: int) -> OpenedMessage | None:
    """What was written to the reporter under this number, for its files; None for anything else. Raises `CannotOpen`."""
    opened = _keys(connection, reader)
    if opened is None:
        return None
    case_id, keys, _ = opened
    message = tables.message
    row = connection.execute(
        select(message.c.id, message.c.channel, message.c.at, message.c.epoch, message.c.content).where(
            message.c.case_id == case_id,
            message.c.number == number,
            message.c.party_id == "",
            message.c.direction == Direction.OUTBOUND.value,
            message.c.automatic == AutomaticKind.NONE.value,
            message.c.content.is_not(None),
            message.c.epoch.in_(tuple(keys)),
        )
    ).first()
    if row is None:
        return None
    stored = message_from(unseal(keys[row.epoch], row.content, Place("message", row.id, "content")))
    return OpenedMessage(row, keys[row.epoch], stored.submission)


def _keys(connection: Connection, reader: LinkReader) -> tuple[str, dict[int, KeyPair], datetime] | None:
    """The case a link opens, its key pairs by epoch, and when the link was made; None when there is no such link."""
    wrap = tables.wrap
    wraps = connection.execute(
        select(wrap.c.case_id, wrap.c.epoch, wrap.c.sealed, wrap.c.created_at)
        .where(
            wrap.c.reader_kind == reader.kind,
            wrap.c.reader == reader.lookup,
            wrap.c.compartment == Compartment.CONTENT.value,
        )
        .order_by(wrap.c.created_at.desc())
    ).all()
    if not wraps:
        return None
    case_id = wraps[0].case_id
    keys = {row.epoch: _open_wrap(row, reader) for row in wraps if row.case_id == case_id}
    return case_id, keys, wraps[0].created_at


def is_identified(connection: Connection, case_id: str) -> bool:
    """Whether the custodians hold who the reporter is."""
    return connection.execute(select(identity.c.id).where(identity.c.case_id == case_id).limit(1)).first() is not None


def seen_by(connection: Connection, case_id: str) -> tuple[Reader, ...]:
    """Who has seen who the reporter is, as the trail has it: who read the case, or was mailed its words, before the name was
    moved, and to whom a custodian has let it be known since.
    """
    event, person = tables.event, tables.person
    rows = connection.execute(
        select(event.c.verb, event.c.actor, event.c.at, event.c.data)
        .where(event.c.stream_id == case_id, event.c.verb.in_((*SHOWS, PROTECTED_SINCE)))
        .order_by(event.c.seq)
    ).all()
    last: dict[str, datetime] = {}
    hidden = False
    for row in rows:
        if row.verb == PROTECTED_SINCE:
            hidden = True
        elif not hidden or row.verb == IDENTITY_READ:
            last[str(json.loads(row.data)["to"]) if row.verb == DISCLOSED else row.actor] = row.at
    query = select(person.c.address, person.c.name).where(person.c.address.in_(list(last)))
    names: dict[str, str] = {one.address: one.name for one in connection.execute(query)}
    return tuple(Reader(names.get(address) or address, at) for address, at in last.items())


def rating_of(connection: Connection, case_id: str) -> int:
    """How the reporter found the outcome, 1 to 5, or 0."""
    event = tables.event
    data = connection.execute(
        select(event.c.data).where(event.c.stream_id == case_id, event.c.verb == RATED).limit(1)
    ).scalar()
    return int(json.loads(data)["rating"]) if data else 0


def _open_wrap(wrap: Row[*tuple[Any, ...]], reader: LinkReader) -> KeyPair:
    place = wrap_place(wrap.case_id, wrap.epoch, Compartment.CONTENT.value, reader.kind, reader.lookup)
    return KeyPair.of_private(unseal(reader.keys, wrap.sealed, place))


def _clocks(connection: Connection, case_id: str) -> tuple[SharedClock, ...]:
    clock = tables.clock
    rows = connection.execute(
        select(clock.c.kind, clock.c.state, clock.c.due_at).where(clock.c.case_id == case_id).order_by(clock.c.due_at)
    ).all()
    return tuple(SharedClock(row.kind, row.state, row.due_at) for row in rows)


def _messages(connection: Connection, case_id: str, keys: dict[int, KeyPair]) -> tuple[SharedMessage, ...]:
    """What the reporter wrote (confirmed, by hand) and what was written to them, as far as the link's epochs reach."""
    message = tables.message
    rows = connection.execute(
        select(message.c.id, message.c.number, message.c.direction, message.c.at, message.c.epoch, message.c.content)
        .where(
            message.c.case_id == case_id,
            message.c.party_id == "",
            message.c.direction.in_((Direction.INBOUND.value, Direction.OUTBOUND.value)),
            message.c.confirmed.is_(True),
            message.c.automatic == AutomaticKind.NONE.value,
            message.c.content.is_not(None),
            message.c.epoch.in_(tuple(keys)),
        )
        .order_by(message.c.number)
    ).all()
    return tuple(_shared(row, keys[row.epoch]) for row in rows)


def _shared(row: Row[*tuple[Any, ...]], keys: KeyPair) -> SharedMessage:
    stored = message_from(unseal(keys, row.content, Place("message", row.id, "content")))
    said = stored.submission
    return SharedMessage(
        number=row.number,
        from_reporter=row.direction == Direction.INBOUND.value,
        at=row.at,
        text=said.new_text or said.text,
        subject=said.subject,
        files=tuple(
            SharedFile(index, one.filename, one.size) for index, one in enumerate(said.attachments) if not one.inline
        ),
    )
