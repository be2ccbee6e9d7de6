"""Keeping away: who turns out to be a party sees nothing of the case from that moment on, nor do those who report to them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from cases.access.policy import WORKS_ON_CASES
from cases.conflicts import forget
from cases.handling.hand import Hand, record
from cases.keys.epochs import new_epoch
from cases.model.words import PartyRole
from cases.store import directory, people, tables
from cases.store.sight import SeenCase

ACCUSED = frozenset({PartyRole.RESPONDENT, PartyRole.SUBJECT})
"""Roles whose reports are kept away too: nobody looks into their own manager's case."""


def exclude_party(
    connection: Connection,
    seen: SeenCase,
    hand: Hand,
    addresses: Collection[str],
    reason: str,
    *,
    with_reports: bool = False,
) -> frozenset[str]:
    """Exclude people under all their addresses, from this moment on; gives the addresses of staff newly kept away.

    They own nothing of it any more, notices on their way to them are stopped, their wraps are destroyed, and a sealed case
    goes on under a new key. The case must be locked (`require(…, lock=True)`). Raises `Refused` when nobody would be left.
    """
    out = _people(connection, addresses, hand.now, with_reports=with_reports)
    known = tables.exclusion
    before = set(connection.execute(select(known.c.person).where(known.c.case_id == seen.id)).scalars())
    fresh = sorted(set(out) - before)
    if not fresh:
        return frozenset()
    rows = [{"case_id": seen.id, "person": one, "reason": reason if not out[one] else out[one]} for one in fresh]
    connection.execute(insert(known), rows)
    away = frozenset(out) | before
    owner = _replace_owner(connection, seen, hand, away)
    forget(connection, seen.id, fresh, owner, hand.index, seen.moment(hand.now))
    staff = {one.address for one in people.whole_staff(connection)}
    if new := frozenset(fresh) & staff:
        new_epoch(connection, seen, hand, sorted(new))
    record(connection, seen, hand, "people.excluded", {"count": len(fresh)})
    return new


def _people(connection: Connection, addresses: Collection[str], now: datetime, *, with_reports: bool) -> dict[str, str]:
    """Every address of these people, and of staff who report to them with the reason; in lower case."""
    if not addresses:
        return {}
    working = people.everyone(connection)
    book = directory.DirectoryKeeper().look(connection, working, now).directory
    staff, out, reporting = {one.address for one in working}, dict[str, str](), dict[str, str]()
    for address in addresses:
        person = book.find(address)
        names = (address, *((person.address, *person.aliases) if person else ()))
        out |= dict.fromkeys([one.casefold() for one in names], "")
        for one in book.reports_of(person.address if person else address) if with_reports else ():
            theirs = {name.casefold() for name in (one.address, *one.aliases)} & staff
            reporting |= dict.fromkeys(theirs, "reports to a party")
    return reporting | out


def _replace_owner(connection: Connection, seen: SeenCase, hand: Hand, away: frozenset[str]) -> str:
    """Whoever is kept away owns nothing: the backup takes over, else whoever acts, if they may; gives the owner."""
    mine = (hand.address,) if hand.viewer.roles & WORKS_ON_CASES else ()
    stays = [one for one in dict.fromkeys((seen.row.owner, seen.row.backup, *mine)) if one and one not in away]
    owner = stays[0] if stays else ""
    backup = seen.row.backup if seen.row.backup not in {owner, *away} else ""
    if (owner, backup) != (seen.row.owner, seen.row.backup):
        values = {"owner": owner, "backup": backup}
        connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
        if owner != seen.row.owner:
            record(connection, seen, hand, "case.assigned", {"to": owner, "because": "conflict"})
    return owner
