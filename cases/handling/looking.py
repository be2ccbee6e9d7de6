"""A triager's look at a case that the classifier was wary of: from then on it may be quoted, and go outside."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from cases.access.policy import Action, may_hold
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.hand import Hand, notice_prefix, promise, record, staff_notice
from cases.store import people, tables
from cases.store.rows import new_id
from cases.store.sight import require


def looked(connection: Connection, reference: str, hand: Hand, outside: Sequence[str] | None = None) -> None:
    """Somebody has looked. With `outside`, addresses of the team that waits for it, the case goes there now.

    Raises `Refused` when nobody needed to look, or nobody of that team can have it.
    """
    seen = require(connection, reference, hand.viewer, Action.LOOK, lock=True)
    if not seen.row.needs_look:
        raise Refused("somebody has looked at it already")
    values: dict[str, str | bool] = {"needs_look": False, "meant_for": ""}
    facts: dict[str, Json] = {}
    if outside is not None:
        if not seen.row.meant_for:
            raise Refused("no outside team waits for it")
        owner = _owner(connection, seen, outside)
        values |= {"team": seen.row.meant_for, "owner": owner}
        facts = {"team": seen.row.meant_for, "owner": owner}
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
    record(connection, seen, hand, "case.looked_at", facts)
    if outside is not None:
        key = f"{notice_prefix(hand, seen.id, 'given', str(values['owner']))}:{new_id()[:12]}"
        promise(connection, seen, hand, key, staff_notice("notice_owner", str(values["owner"]), seen))


def _owner(connection: Connection, seen, outside: Sequence[str]) -> str:  # type: ignore[no-untyped-def]
    """The first of the team who works here and is not kept away."""
    table = tables.exclusion
    away = set(connection.execute(select(table.c.person).where(table.c.case_id == seen.id)).scalars())
    able = {one.address for one in people.everyone(connection) if may_hold(frozenset(one.roles), seen.access)} - away
    found = next((one.casefold() for one in outside if one.casefold() in able), "")
    if not found:
        raise Refused("nobody of that team can be given this case")
    return found
