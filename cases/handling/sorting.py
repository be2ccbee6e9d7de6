"""Sorting anew: a person says what kind of case it is, or how serious; what they correct is what the model learns from."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from cases.access.policy import Action
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.handling.hand import Hand, record
from cases.model.decision import Deadline, Decision, Rung
from cases.model.lifecycle import ENDED
from cases.model.words import Access
from cases.opening import add_clocks
from cases.store import tables
from cases.store.clocks import change_sla
from cases.store.dossier import open_decision
from cases.store.ladders import replace_ladder, slas_by_clock
from cases.store.rows import Rows
from cases.store.sight import SeenCase, require

Promised = Callable[[str, Decision | None, datetime], tuple[Sequence[Deadline], Sequence[Rung]]]
"""Deadlines and ladder of the new category, from the old one's name, the decision (None where it does not open), receipt."""


def set_category(
    connection: Connection,
    reference: str,
    hand: Hand,
    category: str,
    access: Access,
    known: Collection[str],
    *,
    promised: Promised,
) -> None:
    """Give a case another category. Its access becomes the stricter of what it is and `access`, the category's; its deadlines
    and ladder become what `promised` says, and keep the time that they were paused.

    Raises `Refused` for a category that is not `known`, or one whose cases are sealed: that takes keys of people.
    """
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    if category not in known:
        raise Refused(f"“{category[:40]}” is no category: {', '.join(sorted(known))}")
    if access is Access.SEALED and seen.access is not Access.SEALED:
        raise Refused(f"cases of {category.replace('_', ' ')} are sealed: have it opened anew as one")
    if category == seen.row.category:
        return
    stricter = max(seen.access, access, key=lambda one: one.strictness)
    values = {"category": category, "access": stricter.value}
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
    _promise_anew(connection, seen, hand, promised)
    record(
        connection,
        seen,
        hand,
        "category.changed",
        {"from": seen.row.category, "to": category, "access": stricter.value},
    )


def _promise_anew(connection: Connection, seen: SeenCase, hand: Hand, promised: Promised) -> None:
    """Nothing that ended begins again, and a deadline never moves in silence."""
    if seen.status in ENDED:
        return
    decision, at = open_decision(seen, hand.keys(connection, seen)), seen.moment(hand.now)
    deadlines, ladder = promised(seen.row.category, decision, seen.row.received_at)
    if not deadlines:
        return
    before = slas_by_clock(connection, seen.id)
    new = change_sla(connection, seen.id, deadlines, at, by=hand.address)
    after, rows = slas_by_clock(connection, seen.id), Rows()
    replace_ladder(connection, seen.id, {kind for kind in after if after[kind] != before.get(kind)}, ladder)
    begun = [one for one in deadlines if one.kind in new]
    add_clocks(rows, begun, ladder, seen.id, at)
    rows.write(connection)
    facts = [NewEvent(seen.id, "deadline.added", hand.address, at, {"clock": one.kind}) for one in begun]
    append(connection, facts)


def set_risk(connection: Connection, reference: str, hand: Hand, risk: str, levels: Sequence[str]) -> None:
    """Say how serious a case is; up or down. Raises `Refused` for what is no level of the ruleset."""
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    if risk not in levels:
        raise Refused(f"“{risk[:40]}” is no level of risk: {', '.join(levels)}")
    if risk == seen.row.risk:
        return
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(risk=risk))
    record(connection, seen, hand, "risk.changed", {"from": seen.row.risk, "to": risk})
