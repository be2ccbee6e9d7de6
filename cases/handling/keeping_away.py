"""Keeping away: who turns out to be a party sees nothing of the case from that moment on, nor do those who report to them."""

from sqlalchemy import Connection, insert, select, update

from cases.handling.hand import Hand, record
from cases.keys.epochs import new_epoch
from cases.keys.hashing import keyed_hash
from cases.model.words import PartyRole
from cases.store import directory, people, tables
from cases.store.sight import SeenCase

ACCUSED = frozenset({PartyRole.RESPONDENT, PartyRole.SUBJECT})
"""Roles whose reports are kept away too: nobody looks into their own manager's case."""


def exclude_party(
    connection: Connection, seen: SeenCase, hand: Hand, address: str, reason: str, *, with_reports: bool = False
) -> frozenset[str]:
    """Exclude a person under all their addresses, from this moment on; gives the addresses of staff newly kept away.

    They own nothing of it any more, notices on their way to them are stopped, their wraps are destroyed, and a sealed case
    goes on under a new key. The case must be locked (`require(…, lock=True)`). Raises `Refused` when nobody would be left.
    """
    out = _people(connection, address, with_reports=with_reports)
    known = tables.exclusion
    before = set(connection.execute(select(known.c.person).where(known.c.case_id == seen.id)).scalars())
    fresh = sorted(set(out) - before)
    if not fresh:
        return frozenset()
    rows = [{"case_id": seen.id, "person": one, "reason": reason if not out[one] else out[one]} for one in fresh]
    connection.execute(insert(known), rows)
    away = frozenset(out) | before
    _replace_owner(connection, seen, away)
    for one in fresh:
        stop_notices(connection, hand, seen.id, one)
    staff = {one.address for one in people.whole_staff(connection)}
    if new := frozenset(fresh) & staff:
        new_epoch(connection, seen, hand, sorted(new))
    record(connection, seen, hand, "people.excluded", {"count": len(fresh)})
    return new


def stop_notices(connection: Connection, hand: Hand, case_id: str, address: str) -> int:
    """Take back what is promised to somebody about this case and has not left; returns how many."""
    outbox, tag = tables.outbox, keyed_hash(hand.index, "recipient", address)
    theirs = outbox.c.key.like(f"notice:{case_id}:%:{tag}%")
    values = {"state": "done", "payload": None, "done_at": hand.now, "error": "the recipient is kept away", "batch": ""}
    stopping = update(outbox).where(outbox.c.case_id == case_id, outbox.c.state == "pending", theirs)
    return connection.execute(stopping.values(**values)).rowcount


def _people(connection: Connection, address: str, *, with_reports: bool) -> dict[str, str]:
    """Every address of the person, and of staff who report to them with the reason; in lower case."""
    book = directory.load(connection)
    person = book.find(address)
    out = dict.fromkeys([address.casefold()], "")
    for alias in (person.address, *person.aliases) if person else ():
        out.setdefault(alias.casefold(), "")
    staff = {one.address for one in people.everyone(connection)}
    for one in book.reports_of(person.address if person else address) if with_reports else ():
        for name in (one.address, *one.aliases):
            if name.casefold() in staff:
                out.setdefault(name.casefold(), "reports to a party")
    return out


def _replace_owner(connection: Connection, seen: SeenCase, away: frozenset[str]) -> None:
    """Whoever is kept away owns nothing: the backup takes over, or nobody until the case is given to somebody."""
    owner, backup = seen.row.owner, seen.row.backup
    stays = [one for one in (owner, backup) if one and one not in away]
    values = {"owner": stays[0] if stays else "", "backup": stays[1] if len(stays) > 1 else ""}
    if (values["owner"], values["backup"]) != (owner, backup):
        connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
