"""The end of cases, once a day: whose time is nearly over is warned about, whose is over is erased, unless a hold stands."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert

from cases.errors import Refused
from cases.model.wording import phrase
from cases.retention.erasing import RETENTION, erase
from cases.retention.expiring import Expiring, State, of_case, page
from cases.store.outbox import OutboxEntry, promise_to_attend
from cases.store.trail_tables import expiry
from gateway.settings import RelaySlice
from rules.keeping import keeping_of
from worker.attending.desk import Desk
from worker.attending.found import Found


def find(_connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Today's look: a worker, which has the ruleset, goes through the closed cases."""
    return [Found(f"keeping:{now:%Y%m%d}")] if settings.keeping.erase else []


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Go through some hundred closed cases, promise what is due, and promise the next ones: nobody waits long behind it."""
    day, after = desk.subject[0], desk.subject[1] if len(desk.subject) > 1 else ""
    service, keep = desk.shop.keys.service, keeping_of(desk.ruleset)
    found, last = page(desk.connection, service, keep, now=desk.now, warn=_warn(desk), after=after)
    due = [(one.key(day), one.case_id, False) for one in found if one.state in {State.WARN, State.ERASE}]
    promise_to_attend(desk.connection, due, desk.now)
    if last:
        promise_to_attend(desk.connection, [(f"keeping:{day}:{last}", None, False)], desk.now)


def attend_warning(desk: Desk, _entry: OutboxEntry) -> None:
    """Tell the team's lead a month ahead, in a sealed case whoever can open it; from now the time runs."""
    one = _still(desk, State.WARN)
    if one is None:
        return
    desk.connection.execute(delete(expiry).where(expiry.c.case_id == one.case_id))
    values = {"case_id": one.case_id, "closed_at": one.closed_at, "warned_at": desk.now, "due_at": one.due_at}
    desk.connection.execute(insert(expiry).values(**values))
    day = f"{one.due_at:%Y-%m-%d}"
    persons = desk.who(("lead",)) or desk.who(("guardian",))
    said = (("erased_on", phrase("day", day=day)),)
    desk.tell("notice_expiring", persons, phrase("line.expiring", day=day), phrases=said)
    desk.note("case.expiring", {"due": day, "told": len(persons)})


def attend_erasure(desk: Desk, entry: OutboxEntry) -> None:
    """Erase, if its time is still over: a hold, a reopening or another ruleset since then wins."""
    one = _still(desk, State.ERASE)
    if one is not None:
        try:
            erase(desk.connection, one.case_id, because=RETENTION, by=RETENTION, now=desk.now, entry=entry.id)
        except Refused:
            desk.note("erasure.refused", {})


def _still(desk: Desk, state: State) -> Expiring | None:
    service, keep = desk.shop.keys.service, keeping_of(desk.ruleset)
    one = of_case(desk.connection, desk.subject[0], service, keep, now=desk.now, warn=_warn(desk))
    return one if one is not None and one.state is state else None


def _warn(desk: Desk) -> timedelta:
    return timedelta(days=desk.shop.settings.keeping.warn_days)
