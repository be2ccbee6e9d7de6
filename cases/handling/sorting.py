"""Sorting anew: a person says what kind of case it is, or how serious; what they correct is what the model learns from."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, update

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling.hand import Hand, record
from cases.model.words import Access
from cases.store import tables
from cases.store.sight import require


def set_category(
    connection: Connection, reference: str, hand: Hand, category: str, access: Access, known: Collection[str]
) -> None:
    """Give a case another category. Its access becomes the stricter of what it is and `access`, the category's.

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
    record(
        connection,
        seen,
        hand,
        "category.changed",
        {"from": seen.row.category, "to": category, "access": stricter.value},
    )


def set_risk(connection: Connection, reference: str, hand: Hand, risk: str, levels: Sequence[str]) -> None:
    """Say how serious a case is; up or down. Raises `Refused` for what is no level of the ruleset."""
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    if risk not in levels:
        raise Refused(f"“{risk[:40]}” is no level of risk: {', '.join(levels)}")
    if risk == seen.row.risk:
        return
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(risk=risk))
    record(connection, seen, hand, "risk.changed", {"from": seen.row.risk, "to": risk})
