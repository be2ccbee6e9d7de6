"""A ruleset was published: open clocks count in its calendars from now on."""

from datetime import datetime

from sqlalchemy import Connection, select

from cases.store.clock_rows import COUNTING, keep_calendars
from cases.store.clocks import recalculate
from cases.store.outbox import OutboxEntry, promise_to_attend
from cases.store.tables import calendar, clock
from gateway.settings import RelaySlice
from rules.kept_calendars import kept_calendars
from worker.attending.desk import Desk
from worker.attending.found import Found

AT_ONCE = 500


def find(connection: Connection, now: datetime, _settings: RelaySlice) -> list[Found]:
    """Open clocks that began in a calendar which was replaced just then: a worker had not heard of the new one yet."""
    late = select(clock.c.id).join(calendar, calendar.c.id == clock.c.calendar)
    behind = late.where(calendar.c.replaced_by != "", clock.c.state.in_(COUNTING)).limit(1)
    return [Found(f"calendars:late{now:%Y%m%d%H%M}")] if connection.execute(behind).first() else []


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Bring some hundred open clocks up to date and promise the next ones: nobody waits long behind it."""
    number, after = desk.subject[0], desk.subject[1] if len(desk.subject) > 1 else ""
    calendars = kept_calendars(desk.ruleset)
    keep_calendars(desk.connection, calendars)
    last = recalculate(desk.connection, calendars, after, AT_ONCE, desk.now)
    if last:
        promise_to_attend(desk.connection, [(f"calendars:{number}:{last}", None, False)], desk.now)
