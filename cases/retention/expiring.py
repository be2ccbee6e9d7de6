"""Which closed cases come to their end, and when: the ruleset says how long they are kept, holds and warnings come first."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from cases.keys.sealing import CannotOpen, KeyNotHere, KeyPair, Opener, Place, unseal
from cases.keys.wraps import SERVICE, wrap_place
from cases.model.decision import Where
from cases.model.lifecycle import Outcome
from cases.model.words import Compartment
from cases.retention.keeping import Keeping
from cases.store import tables
from cases.store.codec import decision_from
from cases.store.trail_tables import expiry

log = logging.getLogger("heed.retention")
AT_ONCE = 500


class State(StrEnum):
    """What is to be done about a case now."""

    KEPT = "kept"
    HELD = "held"
    WARN = "warn"
    WARNED = "warned"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Expiring:
    """A closed case with an end. `due_at` is the earliest moment at which it may be erased."""

    case_id: str
    reference: str
    category: str
    outcome: str
    access: str
    closed_at: datetime
    due_at: datetime
    state: State

    def key(self, look: str) -> str:
        """The outbox key of what is to be done about it: once a look."""
        kind = "expiring" if self.state is State.WARN else "erasing"
        return f"{kind}:{self.case_id}:{self.closed_at:%Y%m%d%H%M%S}:{look}"


def page(
    connection: Connection,
    service: KeyPair | None,
    keeping: Keeping,
    *,
    now: datetime,
    warn: timedelta,
    after: str = "",
) -> tuple[list[Expiring], str]:
    """Closed cases with an end, in the order of their ids from `after` on; and the last id looked at, "" at the end.

    With the service's key, what varies by place is asked for the case's own; without, and in sealed cases, for no place.
    A merged case waits for the one that it lives on in. Nothing is written.
    """
    rows = connection.execute(_closed().where(tables.case.c.id > after).limit(AT_ONCE)).all()
    return _ends(connection, service, keeping, rows, now, warn), rows[-1].id if len(rows) == AT_ONCE else ""


def every(
    connection: Connection, service: KeyPair | None, keeping: Keeping, *, now: datetime, warn: timedelta
) -> list[Expiring]:
    """All of them, soonest first."""
    found, after = page(connection, service, keeping, now=now, warn=warn)
    while after:
        more, after = page(connection, service, keeping, now=now, warn=warn, after=after)
        found += more
    return sorted(found, key=lambda one: (one.due_at, one.reference))


def of_case(
    connection: Connection, case_id: str, service: KeyPair, keeping: Keeping, *, now: datetime, warn: timedelta
) -> Expiring | None:
    """How it stands with one case now."""
    rows = connection.execute(_closed().where(tables.case.c.id == case_id)).all()
    return next(iter(_ends(connection, service, keeping, rows, now, warn)), None)


def _closed() -> Select[Any]:
    """Closed cases that are not erased, by their ids, with the warning there was."""
    case = tables.case
    survivor = case.alias("survivor")
    return (
        select(case, expiry.c.closed_at.label("warned_closing"), expiry.c.warned_at)
        .outerjoin(expiry, expiry.c.case_id == case.c.id)
        .outerjoin(survivor, survivor.c.id == case.c.merged_into)
        .where(
            case.c.closed_at.is_not(None),
            case.c.erased_at.is_(None),
            (case.c.merged_into == "") | survivor.c.erased_at.is_not(None),
        )
        .order_by(case.c.id)
    )


def _ends(
    connection: Connection,
    service: KeyPair | None,
    keeping: Keeping,
    rows: Sequence[Row[Any]],
    now: datetime,
    warn: timedelta,
) -> list[Expiring]:
    """Those of these cases that have an end. One whose place cannot be read has none until somebody has looked at it."""
    places, unread = _places(connection, service, rows) if service else ({}, set())
    found = [_of(row, keeping, places.get(row.id, Where()), now, warn) for row in rows if row.id not in unread]
    return [one for one in found if one is not None]


def _of(row: Row[Any], keeping: Keeping, where: Where, now: datetime, warn: timedelta) -> Expiring | None:
    keep = keeping(row.category, Outcome(row.outcome) if row.outcome else None, where)
    if keep is None:
        return None
    due = row.closed_at + keep
    warned = row.warned_at if row.warned_closing == row.closed_at else None
    if warned is not None:  # whoever shortens a time in the ruleset cannot shorten the warning
        due = max(due, warned + min(warn, keep))
    if row.legal_hold:
        state = State.HELD
    elif warned is None:
        state = State.WARN if now >= due - warn else State.KEPT
        due = max(due, now + min(warn, keep)) if state is State.WARN else due
    else:
        state = State.ERASE if now >= due else State.WARNED
    return Expiring(row.id, row.reference, row.category, row.outcome, row.access, row.closed_at, due, state)


def _places(connection: Connection, service: KeyPair, rows: Sequence[Row[Any]]) -> tuple[dict[str, Where], set[str]]:
    """Where each case's sender works, as triage decided, of those that the service opens; and ids of what is damaged."""
    wrap, opener = tables.wrap, Opener(service)
    by_id = {row.id: row for row in rows}
    mine = (wrap.c.reader_kind == SERVICE, wrap.c.compartment == Compartment.CONTENT.value, wrap.c.epoch == 1)
    found, unread = dict[str, Where](), set[str]()
    for one in connection.execute(select(wrap).where(wrap.c.case_id.in_(list(by_id)), *mine)):
        place = wrap_place(one.case_id, one.epoch, one.compartment, one.reader_kind, one.reader)
        try:
            keys = KeyPair.of_private(opener.unseal(one.sealed, place))
            raw = unseal(keys, by_id[one.case_id].decision, Place("case_file", one.case_id, "decision"))
        except (CannotOpen, KeyNotHere) as error:  # one case is kept too long, the others are not
            log.warning("case %s is kept: its decision cannot be read: %s", one.case_id, error)
            unread.add(one.case_id)
        else:
            found[one.case_id] = decision_from(raw).where
    return found, unread
