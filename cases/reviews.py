"""Regular reviews of the case load: opened when due, looked through by one person with what they found, signed by another.

Figures are of the whole organisation and freeze what the load was, the same for whoever reads them. What was found is sealed to
the service key: it may speak of a team, and belongs in no log.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, func, insert, select, update

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import KeyPair, Place, Sealer, unseal
from cases.model.lifecycle import OPEN
from cases.model.words import ClockState
from cases.store.rows import new_id
from cases.store.tables import case, clock, event
from cases.store.work_tables import review

SIGNS = frozenset({"lead", "guardian"})
"""Roles that look a review through, and that sign it."""
TIME_TO_SIGN = timedelta(days=7)
LONGEST = 4000
"""Characters of what was found."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The load of one period: cases that came and ended, deadlines, and what was open at its end."""

    received: int
    closed: int
    escalations: int
    deadlines_missed: int
    open_now: int
    overdue_now: int
    unowned_now: int


@dataclass(frozen=True, slots=True)
class Review:
    """One review. `words` is what the first person found (None where the key to it is not at hand)."""

    id: str
    since: datetime
    until: datetime
    due_at: datetime
    figures: Figures
    looked_by: str
    looked_at: datetime | None
    signed_by: str
    signed_at: datetime | None
    words: str | None = field(default=None, repr=False)

    @property
    def is_signed(self) -> bool:
        """Whether it is done."""
        return self.signed_at is not None


def last(connection: Connection) -> tuple[datetime, bool] | None:
    """Until when the newest review reaches, and whether it is signed; None while there is none."""
    row = connection.execute(
        select(review.c.until, review.c.signed_at).order_by(review.c.until.desc()).limit(1)
    ).first()
    return None if row is None else (row.until, row.signed_at is not None)


def begin(connection: Connection, now: datetime) -> str:
    """Open the review of what happened since the last one (or since the first case); gives its id."""
    before = last(connection)
    first = connection.execute(select(func.min(case.c.opened_at))).scalar()
    since, review_id = (before[0] if before else first) or now, new_id()
    figures = figures_of(connection, since, now)
    connection.execute(
        insert(review).values(
            id=review_id,
            since=since,
            until=now,
            due_at=now + TIME_TO_SIGN,
            figures=json.dumps({name: getattr(figures, name) for name in Figures.__dataclass_fields__}),
        )
    )
    append(connection, [NewEvent(DEPLOYMENT, "review.opened", "heed", now, {"review": review_id})])
    return review_id


def figures_of(connection: Connection, since: datetime, until: datetime) -> Figures:
    """The load from `since` to `until`, everybody's together."""

    def number(query: object) -> int:
        return int(connection.execute(query).scalar_one())  # type: ignore[call-overload]

    cases, events = select(func.count()).select_from(case), select(func.count()).select_from(event)
    within = (event.c.at > since, event.c.at <= until)
    is_open = case.c.status.in_(OPEN)
    late = clock.c.state == ClockState.MISSED.value, clock.c.ended_at.is_(None)
    overdue = select(clock.c.case_id).where(*late)
    return Figures(
        received=number(cases.where(case.c.received_at > since, case.c.received_at <= until)),
        closed=number(cases.where(case.c.closed_at > since, case.c.closed_at <= until)),
        escalations=number(events.where(event.c.verb == "case.escalated", *within)),
        deadlines_missed=number(events.where(event.c.verb == "deadline.missed", *within)),
        open_now=number(cases.where(is_open)),
        overdue_now=number(cases.where(is_open, case.c.id.in_(overdue))),
        unowned_now=number(cases.where(is_open, case.c.owner == "")),
    )


def newest(connection: Connection, service: KeyPair, most: int = 50) -> list[Review]:
    """The reviews, newest first, with what was found."""
    return [
        _read(row, service) for row in connection.execute(select(review).order_by(review.c.until.desc()).limit(most))
    ]


def look_through(
    connection: Connection,
    review_id: str,
    by: str,
    roles: Collection[str],
    words: str,
    to_service: Sealer,
    now: datetime,
) -> None:
    """Somebody has looked the cases through and says what they found. Raises `Refused` without words, a role, or too late."""
    row = _locked(connection, review_id, roles)
    if row.signed_at is not None:
        raise Refused("this review is signed already; what you found belongs in the next one")
    said = words.strip()
    if not said:
        raise Refused("say what you found, if only that nothing stands out")
    if len(said) > LONGEST:
        raise Refused(f"say it in {LONGEST} characters at most")
    sealed = to_service.seal(said.encode(), _place(review_id))
    connection.execute(update(review).where(review.c.id == review_id).values(looked_by=by, looked_at=now, words=sealed))
    append(connection, [NewEvent(DEPLOYMENT, "review.looked", by, now, {"review": review_id})])


def sign(connection: Connection, review_id: str, by: str, roles: Collection[str], now: datetime) -> None:
    """A second person signs it. Raises `Refused` for the one who looked it through, before that, or a second time."""
    row = _locked(connection, review_id, roles)
    if row.signed_at is not None:
        raise Refused(f"{row.signed_by} has signed this review")
    if row.looked_at is None:
        raise Refused("nobody has looked it through yet: there is nothing to sign")
    if row.looked_by.casefold() == by.casefold():
        raise Refused("you looked it through: somebody else signs")
    connection.execute(update(review).where(review.c.id == review_id).values(signed_by=by, signed_at=now))
    append(connection, [NewEvent(DEPLOYMENT, "review.signed", by, now, {"review": review_id})])


def unsigned(connection: Connection) -> list[Review]:
    """Those that still want a signature, the oldest first; without what was found."""
    return [
        _read(row)
        for row in connection.execute(select(review).where(review.c.signed_at.is_(None)).order_by(review.c.due_at))
    ]


def _locked(connection: Connection, review_id: str, roles: Collection[str]) -> Row[tuple[object, ...]]:
    if not SIGNS & set(roles):
        raise Refused("a lead or a guardian reviews the cases")
    row = connection.execute(select(review).where(review.c.id == review_id).with_for_update()).first()
    if row is None:
        raise Refused("there is no such review")
    return row


def _read(row: Row[tuple[object, ...]], service: KeyPair | None = None) -> Review:
    words = unseal(service, row.words, _place(row.id)).decode() if service and row.words else None
    return Review(
        row.id,
        row.since,
        row.until,
        row.due_at,
        Figures(**json.loads(row.figures)),
        row.looked_by,
        row.looked_at,
        row.signed_by,
        row.signed_at,
        words,
    )


def _place(review_id: str) -> Place:
    return Place("review", review_id, "words")
