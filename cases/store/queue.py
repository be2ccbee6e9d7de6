"""The queue: a viewer's cases as a list, filtered, counted and paged; metadata only, and nothing that is not theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, select
from sqlalchemy import case as when

from cases.model.lifecycle import OPEN
from cases.model.words import ClockState
from cases.store.sight import Viewer, visible_to
from cases.store.tables import case, clock, message

PAGE = 50
"""Cases on one page."""
_SHOWN = [case.c[name] for name in ("id", "reference", "channel", "category", "risk", "access", "status", "team", "owner",
                                    "received_at", "undeliverable", "needs_look")]  # fmt: skip
"""What a line needs; which cases are on the page is found in the index `ix_case_file_listed` alone."""

_COUNTING = clock.c.state == ClockState.RUNNING.value


class View(StrEnum):
    """Which of the cases."""

    OPEN = "open"
    MINE = "mine"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    LOOK = "look"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list. Empty `status` and `category` mean any; pages count from 1."""

    view: View = View.OPEN
    status: str = ""
    category: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in the list. `due_kind` and `due_at` are its most pressing deadline, "" and None when there is none."""

    reference: str
    channel: str
    category: str
    risk: str
    access: str
    status: str
    team: str
    owner: str
    received_at: datetime
    messages: int
    undeliverable: bool
    needs_look: bool
    due_kind: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the list. `total` is how many there are in all; done ones, which are many, are not counted: None."""

    lines: tuple[CaseLine, ...]
    total: int | None
    page: int
    more: bool


def list_cases(connection: Connection, viewer: Viewer, wanted: Wanted, now: datetime) -> QueuePage:
    """The viewer's cases of one view: open ones by their most pressing deadline, done ones by when they were closed."""
    chosen = and_(visible_to(viewer), _of_view(wanted.view, viewer, now), *_filters(wanted))
    page, total = max(1, wanted.page), None
    if wanted.view is not View.DONE:
        total = int(connection.execute(select(func.count()).select_from(case).where(chosen)).scalar_one())
        page = min(page, max(1, -(-total // PAGE)))
    ordered = _ordered(select(case.c.id).where(chosen), wanted.view).limit(PAGE + 1).offset((page - 1) * PAGE)
    ids = connection.execute(ordered).scalars().all()
    return QueuePage(tuple(_lines(connection, ids[:PAGE])), total, page, len(ids) > PAGE)


def count_views(connection: Connection, viewer: Viewer, now: datetime) -> dict[View, int]:
    """How many of the viewer's open cases each view holds; done ones are not counted."""
    parts = [(view, narrower) for view, narrower in _narrower(viewer, now).items()]
    sums = [func.coalesce(func.sum(when((narrower, 1), else_=0)), 0) for _, narrower in parts]
    query = select(func.count(), *sums).select_from(case).where(visible_to(viewer), case.c.status.in_(OPEN))
    row = connection.execute(query).one()
    return {View.OPEN: int(row[0])} | {view: int(row[1 + place]) for place, (view, _) in enumerate(parts)}


def _of_view(view: View, viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    if view is View.DONE:
        return case.c.closed_at.is_not(None)
    still_open = case.c.status.in_(OPEN)
    return still_open if view is View.OPEN else and_(still_open, _narrower(viewer, now)[view])


def _narrower(viewer: Viewer, now: datetime) -> dict[View, ColumnElement[bool]]:
    """What the views other than all open ones ask beside."""
    return {
        View.MINE: case.c.owner == viewer.person.address,
        View.TEAM: case.c.team.in_(viewer.own_teams),
        View.UNASSIGNED: case.c.owner == "",
        View.LOOK: case.c.needs_look,
        View.OVERDUE: _overdue(now),
    }


def _overdue(now: datetime) -> ColumnElement[bool]:
    """A deadline has passed and what it waits for has not come."""
    late = ((clock.c.state == ClockState.MISSED.value) | _COUNTING) & (clock.c.due_at < now)
    return exists().where(clock.c.case_id == case.c.id, clock.c.ended_at.is_(None), late)


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen = []
    # Coalesced so that no index is chosen for these: the views have the ones that narrow down most, or that give the order.
    if wanted.status:
        chosen.append(func.coalesce(case.c.status, "") == wanted.status)
    if wanted.category:
        chosen.append(func.coalesce(case.c.category, "") == wanted.category)
    return chosen


def _ordered(query: Select[Any], view: View) -> Select[Any]:
    if view is View.DONE:
        return query.order_by(case.c.closed_at.desc())
    first = (
        select(func.min(clock.c.due_at))
        .where(clock.c.case_id == case.c.id, clock.c.ended_at.is_(None), _pressing())
        .scalar_subquery()
    )
    return query.order_by(first.is_(None), first, case.c.received_at.desc(), case.c.reference)


def _pressing() -> ColumnElement[bool]:
    return clock.c.state.in_((ClockState.RUNNING.value, ClockState.MISSED.value))


def _lines(connection: Connection, ids: Sequence[str]) -> list[CaseLine]:
    """The cases of one page, in this order."""
    rows = {row.id: row for row in connection.execute(select(*_SHOWN).where(case.c.id.in_(ids)))}
    due: dict[str, tuple[str, datetime]] = {}
    for one in connection.execute(
        select(clock.c.case_id, clock.c.kind, clock.c.due_at)
        .where(clock.c.case_id.in_(ids), clock.c.ended_at.is_(None), _pressing())
        .order_by(clock.c.due_at)
    ):
        due.setdefault(one.case_id, (one.kind, one.due_at))
    counted = connection.execute(
        select(message.c.case_id, func.count()).where(message.c.case_id.in_(ids)).group_by(message.c.case_id)
    ).all()
    messages = {row[0]: int(row[1]) for row in counted}
    return [_line(rows[one], due.get(one), messages.get(one, 0)) for one in ids]


def _line(row: Row[Any], due: tuple[str, datetime] | None, messages: int) -> CaseLine:
    return CaseLine(
        reference=row.reference,
        channel=row.channel,
        category=row.category,
        risk=row.risk,
        access=row.access,
        status=row.status,
        team=row.team,
        owner=row.owner,
        received_at=row.received_at,
        messages=messages,
        undeliverable=row.undeliverable,
        needs_look=row.needs_look,
        due_kind=due[0] if due else "",
        due_at=due[1] if due else None,
    )
