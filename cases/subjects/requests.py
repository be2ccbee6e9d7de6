"""Requests of people about themselves: opened by the data protection officer, answered within a month."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import KeyPair, Place, seal, unseal
from cases.store.directory import load
from cases.store.outbox import promise_to_attend
from cases.store.rows import new_id
from cases.store.subject_tables import subject_item, subject_search
from cases.store.subject_tables import subject_request as table

ANSWERED_WITHIN = timedelta(days=30)
"""One month (GDPR, article 12(3))."""


class Kind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"


class Reason(StrEnum):
    """Why something is redacted or withheld; a person chooses it, and says why in words."""

    OPEN_INVESTIGATION = "open_investigation"
    REPORTER_IDENTITY = "reporter_identity"
    OTHER_PERSON = "other_person"
    LEGAL_ADVICE = "legal_advice"
    NOT_ABOUT_THEM = "not_about_them"


@dataclass(frozen=True, slots=True)
class About:
    """Whom a request is about: a name, every address, and what they wrote."""

    name: str = field(repr=False)
    addresses: tuple[str, ...] = field(repr=False)
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SubjectRequest:
    """A request as it stands."""

    id: str
    kind: Kind
    state: str
    about: About = field(repr=False)
    opened_by: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    waiting: int
    """Items nobody has decided about, and readers who have not answered."""


def open_request(
    connection: Connection, service: bytes, *, kind: Kind, name: str, address: str, words: str, by: str, now: datetime
) -> str:
    """Open a request about somebody; their other addresses and their name come from the directory. Its id.

    Raises `Refused` without a name or an address to search for.
    """
    known = load(connection).find(address) if address.strip() else None
    addresses = [address, *((known.address, *known.aliases) if known else ())]
    tidy = tuple(dict.fromkeys(one.strip().casefold() for one in addresses if "@" in one))
    called = " ".join((name or (known.name if known else "")).split())
    if not tidy and len(called) < 5:
        raise Refused("say their mail address, or their whole name: that is what is searched for")
    request_id = new_id()
    raw = json.dumps(asdict(About(called, tidy, words.strip()[:20_000])), ensure_ascii=False).encode()
    connection.execute(
        insert(table).values(
            id=request_id,
            kind=kind.value,
            state="searching",
            about=seal(service, raw, _place(request_id)),
            opened_by=by,
            opened_at=now,
            due_at=now + ANSWERED_WITHIN,
        )
    )
    append(connection, [NewEvent(DEPLOYMENT, "subject.asked", by, now, {"request": request_id, "kind": kind.value})])
    promise_to_attend(connection, [(f"subject:{request_id}", None, False)], now)
    return request_id


def search_again(connection: Connection, request: SubjectRequest, *, by: str, now: datetime) -> None:
    """Search once more, for what has come since; what was found and decided stays, and readers of sealed cases who found
    nothing are asked again. Raises `Refused` when it is closed.
    """
    if request.state == "closed":
        raise Refused("the person has been answered: open another request")
    connection.execute(update(table).where(table.c.id == request.id).values(state="searching"))
    again = (subject_search.c.request_id == request.id, subject_search.c.state == "nothing")
    connection.execute(delete(subject_search).where(*again))
    append(connection, [NewEvent(DEPLOYMENT, "subject.searched", by, now, {"request": request.id})])
    promise_to_attend(connection, [(f"subject:{request.id}::{now:%Y%m%dT%H%M%S%f}", None, False)], now)


def every(connection: Connection, service: KeyPair) -> list[SubjectRequest]:
    """All requests, the most pressing first."""
    rows = connection.execute(select(table).order_by(table.c.closed_at.is_not(None), table.c.due_at)).all()
    return [_request(connection, row, service) for row in rows]


def get(connection: Connection, request_id: str, service: KeyPair) -> SubjectRequest:
    """One request; raises `Refused` when there is none."""
    row = connection.execute(select(table).where(table.c.id == request_id)).first()
    if row is None:
        raise Refused("there is no such request")
    return _request(connection, row, service)


def close(connection: Connection, request: SubjectRequest, *, by: str, now: datetime) -> None:
    """The person has been answered. Raises `Refused` while something is undecided."""
    if request.waiting or request.state == "searching":
        raise Refused(f"{request.waiting} decisions or answers are still missing")
    connection.execute(update(table).where(table.c.id == request.id).values(state="closed", closed_at=now))
    append(connection, [NewEvent(DEPLOYMENT, "subject.answered", by, now, {"request": request.id})])


def addresses_of(requests: Sequence[SubjectRequest]) -> set[str]:
    """Every address that these are about."""
    return {address for one in requests for address in one.about.addresses}


def _request(connection: Connection, row: Row[Any], service: KeyPair) -> SubjectRequest:
    given = json.loads(unseal(service, row.about, _place(row.id)))
    about = About(given["name"], tuple(given["addresses"]), given["words"])
    waiting = sum(
        int(
            connection.execute(
                select(func.count())
                .select_from(one)
                .where(one.c.request_id == row.id, one.c.state.in_(("open", "asked")))
            ).scalar_one()
        )
        for one in (subject_item, subject_search)
    )
    return SubjectRequest(
        row.id, Kind(row.kind), row.state, about, row.opened_by, row.opened_at, row.due_at, row.closed_at, waiting
    )


def _place(request_id: str) -> Place:
    return Place("subject_request", request_id, "about")
