"""A ruleset was published: open clocks count in its calendars from now on."""

from cases.store.clock_rows import keep_calendars
from cases.store.clocks import recalculate
from cases.store.outbox import OutboxEntry, promise_to_attend
from rules.kept_calendars import kept_calendars
from worker.attending.desk import Desk

AT_ONCE = 500


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Bring some hundred open clocks up to date and promise the next ones: nobody waits long behind it."""
    number, after = desk.subject[0], desk.subject[1] if len(desk.subject) > 1 else ""
    calendars = kept_calendars(desk.ruleset)
    keep_calendars(desk.connection, calendars)
    last = recalculate(desk.connection, calendars, after, AT_ONCE, desk.now)
    if last:
        promise_to_attend(desk.connection, [(f"calendars:{number}:{last}", None, False)], desk.now)
