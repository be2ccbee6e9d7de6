"""Handing a case over from a provider's team to the inside: their access ends at once, and a line without words stays."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from cases.access.policy import WORKS_ON_CASES, Action
from cases.conflicts import forget
from cases.errors import Refused
from cases.handling.hand import Hand, notice_prefix, promise, record, staff_notice
from cases.store import people, tables
from cases.store.rows import new_id
from cases.store.sight import Viewer, require

HANDED_OVER = "handed over to the inside"
"""Why a provider's people are kept away from then on."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Where a case goes: a team, and addresses in the order in which they are asked to own it."""

    team: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """What stays with the provider: which case, and when."""

    reference: str
    at: datetime


def hand_over(connection: Connection, reference: str, hand: Hand, provider: Collection[str], to: Inside) -> None:
    """Give the case to a team of the house; `provider` are the addresses of the provider's people, in any letters.

    From this transaction on the case does not exist for them: replies by mail that they send later are refused with
    everything else, and notices on their way to them are stopped. Raises `Refused` when the case is not with a provider.
    """
    seen = require(connection, reference, hand.viewer, Action.HAND_OVER, lock=True)
    away = {one.casefold() for one in provider}
    if not away or not to.team or to.team == seen.row.team:
        raise Refused("this case is with no provider: give it to somebody instead")
    known = tables.exclusion
    before = set(connection.execute(select(known.c.person).where(known.c.case_id == seen.id)).scalars())
    able = {one.address for one in people.everyone(connection) if set(one.roles) & WORKS_ON_CASES}
    heirs = [one.casefold() for one in to.people if one.casefold() in able - before - away]
    heirs = list(dict.fromkeys(heirs))
    values = {"team": to.team, "owner": heirs[0] if heirs else "", "backup": heirs[1] if len(heirs) > 1 else ""}
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
    for one in sorted(away - before):
        connection.execute(insert(known).values(case_id=seen.id, person=one, reason=HANDED_OVER))
    at = seen.moment(hand.now)
    forget(connection, seen.id, sorted(away), str(values["owner"]), hand.index, at)
    row = {"id": new_id(), "case_id": seen.id, "from_team": seen.row.team, "author": hand.address, "at": at}
    connection.execute(insert(tables.hand_over).values(**row))
    fact = {"from": seen.row.team, "to": to.team, "owner": values["owner"]}
    record(connection, seen, hand, "case.handed_over", {**fact})
    if heirs:
        key = f"{notice_prefix(hand, seen.id, 'given', heirs[0])}:{new_id()[:12]}"
        promise(connection, seen, hand, key, staff_notice("notice_owner", heirs[0], seen))


def handed_over(connection: Connection, viewer: Viewer, most: int = 200) -> list[Handed]:
    """What this person's teams have handed over, newest first: no more than that. Nothing of a case they are party to."""
    table, case, known = tables.hand_over, tables.case, tables.exclusion
    mine = known.c.person == viewer.person.address
    accused = select(known.c.case_id).where(mine, known.c.reason != HANDED_OVER)
    rows = connection.execute(
        select(case.c.reference, table.c.at)
        .join(case, case.c.id == table.c.case_id)
        .where(table.c.from_team.in_(viewer.own_teams), table.c.case_id.not_in(accused))
        .order_by(table.c.at.desc())
        .limit(most)
    ).all()
    return [Handed(row.reference, row.at) for row in rows]
