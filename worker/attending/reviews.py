"""The case load is reviewed regularly: a review opens when it is due, and who should sign it hears before and after its day."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from cases import reviews
from cases.model.wording import phrase
from cases.store.outbox import OutboxEntry
from cases.store.tables import case
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found

BEFORE = timedelta(days=2)
AGAIN = timedelta(days=7)


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """A review to open, one at a time; those to be signed soon, and those whose day has passed, each week anew."""
    if not settings.reminders.review_days:
        return []
    found = []
    for one in reviews.unsigned(connection):
        if now > one.due_at:
            found.append(Found(f"review:late:{one.id}:{(now - one.due_at) // AGAIN}"))
        elif now >= one.due_at - BEFORE:
            found.append(Found(f"review:soon:{one.id}"))
    last = reviews.last(connection)
    since = last[0] if last else connection.execute(select(func.min(case.c.opened_at))).scalar()
    if since and now >= since + timedelta(days=settings.reminders.review_days) and (last is None or last[1]):
        found.append(Found(f"review:open:{since:%Y%m%d%H%M%S}"))
    return found


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Open it, or remind who leads; once its day has passed the guardian hears too. Nobody is reminded of what is signed."""
    what, which = desk.subject[0], desk.subject[1]
    leads = desk.with_role("lead") or desk.with_role("guardian")
    if what == "open":
        reviews.begin(desk.connection, desk.now)
        _tell(desk, leads, "open", desk.now + reviews.TIME_TO_SIGN)
        return
    waiting = next((one for one in reviews.unsigned(desk.connection) if one.id == which), None)
    if waiting is None:
        return
    if what == "soon":
        _tell(desk, leads, "sign" if waiting.looked_at else "look", waiting.due_at)
    else:
        everyone = tuple(dict.fromkeys((*leads, *desk.with_role("guardian"))))
        _tell(desk, everyone, "late", waiting.due_at)


def _tell(desk: Desk, persons: tuple[str, ...], what: str, by: datetime) -> None:
    line = phrase(f"review.{what}", day=by.isoformat())
    desk.tell("notice_review", persons, line, phrases=(("review", line),))
