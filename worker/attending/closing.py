"""A case has waited long for its employee: they are warned, and three days later it is closed; never where it matters much."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select

from cases.errors import NotYet
from cases.model.lifecycle import Outcome
from cases.model.wording import phrase
from cases.model.words import Access, Status
from cases.store import tables
from cases.store.ending import end
from cases.store.outbox import OutboxEntry, promise_to_attend
from cases.store.rulesets import text_of
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found
from worker.attending.letters import reporter_of, write_to
from worker.attending.waiting import WAITING, waiting_since

WARNED_BEFORE = timedelta(days=3)


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Open cases to warn about. Only managed ones; their risk is looked at when it comes to it."""
    if not settings.reminders.close_days or not settings.reminders.waiting_days:
        return []
    whole = timedelta(days=settings.reminders.waiting_days + settings.reminders.close_days)
    return [
        Found(f"closing:{one}:{since:%Y%m%d%H%M%S}:warn", one)
        for one, since, _risk, access in waiting_since(connection, now - whole + WARNED_BEFORE)
        if access == Access.MANAGED.value
    ]


def attend(desk: Desk, entry: OutboxEntry) -> None:
    """Warn or close. Never at high risk, restricted or sealed, under a legal hold, or where closing needs more than a click."""
    case = desk.case
    if case.status != WAITING or case.access != Access.MANAGED.value or case.legal_hold or desk.is_grave():
        return
    sorted_by = desk.shop.versions.of(case.ruleset, case.category, desk.ruleset, partial(text_of, desk.connection))
    category = sorted_by.categories.get(sorted_by.current_name(case.category))
    if category is not None and category.close_needs:
        return
    to = reporter_of(desk)
    if to is None:  # nobody can be warned, or the warning came back
        return
    if entry.key.endswith(":warn"):
        day = phrase("day", day=(desk.now + WARNED_BEFORE).isoformat())
        if write_to(desk, to, "closing", ("close_day", day)):
            desk.note("closing.announced", {})
            closing = (entry.key.removesuffix("warn") + "close", case.id, False)
            promise_to_attend(desk.connection, [closing], desk.now, due=desk.now + WARNED_BEFORE)
    elif _warned(desk, entry.key.removesuffix("close") + "warn"):
        end(desk.connection, case.id, Status.CLOSED, desk.now, Outcome.NO_ACTION.value, by="case.closed")
        desk.note("case.closed", {"from": case.status, "outcome": Outcome.NO_ACTION.value, "because": "no answer"})


def _warned(desk: Desk, key: str) -> bool:
    """Whether there was a warning. Raises `NotYet` until it has been out for three days."""
    table = tables.outbox
    query = select(table.c.state, table.c.done_at).where(table.c.key == f"letter:{key}"[:128])
    letter = desk.connection.execute(query).first()
    if letter is None:
        return False
    left = letter.done_at if letter.state == "done" else desk.now
    if left > desk.now - WARNED_BEFORE:
        raise NotYet("the warning has not been out for three days", left + WARNED_BEFORE - desk.now)
    return True
