"""Routine notices that had better come together: at night for the morning, and in a burst for whoever gets most of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import update

from cases.keys.hashing import keyed_hash
from cases.keys.sealing import CannotOpen, KeyNotHere, Place, unseal
from cases.model.risk import is_grave
from cases.store import tables
from cases.store.codec import payload_from
from cases.store.engine import writing
from cases.store.outbox import OutboxEntry

if TYPE_CHECKING:
    from worker.workshop import Workshop

FEW = 5
"""So many notices at once come one by one, so that each can be answered from the mailbox; more are one list."""


def put_together(shop: "Workshop", entries: Sequence[OutboxEntry], now: datetime) -> list[OutboxEntry]:
    """Those of a batch to send now; the others are put back, to be gathered (see `worker.jobs.digest`): no attempt is counted."""
    quiet = shop.settings.notices.quiet
    if sum(_may_wait(one) for one in entries) <= (0 if quiet else FEW):
        return list(entries)
    ruleset, _ = shop.rules()
    theirs = _routine(shop, entries, ruleset.risk_levels)
    until = not_quiet(now, quiet, ruleset.settings.timezone)
    later = {person: mine for person, mine in theirs.items() if until > now or len(mine) > FEW}
    if not later:
        return list(entries)
    table = tables.outbox
    gathered = {"kind": "digest", "due_at": until, "batch": "", "leased_until": None, "attempts": table.c.attempts - 1}
    with writing(shop.record) as connection:
        for person, mine in later.items():
            bundle = keyed_hash(shop.keys.index, "recipient", person)
            chosen = (table.c.id.in_([one.id for one in mine]), table.c.state == "pending")
            connection.execute(update(table).where(*chosen).values(**gathered, bundle=bundle))
    back = {one.id for mine in later.values() for one in mine}
    return [one for one in entries if one.id not in back]


def _may_wait(one: OutboxEntry) -> bool:
    """A routine notice that nobody has tried to send: one tried may be in its mailbox, and goes again as it was."""
    return one.key.startswith("notice:") and not one.urgent and one.attempts == 1


def _routine(shop: "Workshop", entries: Sequence[OutboxEntry], levels: Sequence[str]) -> dict[str, list[OutboxEntry]]:
    """Notices about cases of no high risk, by whom they are for. What does not open fails when it is composed."""
    found: dict[str, list[OutboxEntry]] = defaultdict(list)
    for one in filter(_may_wait, entries):
        try:
            payload = payload_from(unseal(shop.keys.service, one.payload, Place("outbox", one.id, "payload")))
        except (CannotOpen, KeyNotHere):
            continue
        risk = dict(payload.facts).get("risk")
        if risk is None or not is_grave(risk, levels):
            found[payload.to].append(one)
    return found


def not_quiet(moment: datetime, quiet: str, zone: str) -> datetime:
    """The moment, or the end of the quiet hours (`HH:MM-HH:MM` of the zone, "" for none) that it falls in."""
    if not quiet:
        return moment
    begin, end = (time.fromisoformat(part) for part in quiet.split("-"))
    local = moment.astimezone(ZoneInfo(zone))
    at = local.time()
    inside = begin <= at < end if begin <= end else at >= begin or at < end
    if not inside:
        return moment
    day = local.date() + timedelta(days=1 if at >= begin > end else 0)
    return datetime.combine(day, end, ZoneInfo(zone)).astimezone(moment.tzinfo)
