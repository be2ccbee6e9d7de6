"""An employee has heard nothing for a while: how things stand. Where nothing has moved the lead hears first, a day before."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, select

from cases.model.wording import phrase
from cases.model.words import Access, ClockState, Direction, Status
from cases.store import tables
from cases.store.outbox import OutboxEntry, promise_to_attend
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found
from worker.attending.letters import reporter_of, write_to
from worker.mail.phrases import known

_TELLS = tuple(
    status.value
    for status in (
        Status.TRIAGED,
        Status.ASSIGNED,
        Status.IN_PROGRESS,
        Status.INVESTIGATING,
        Status.WAITING_FOR_THIRD_PARTY,
        Status.REOPENED,
    )
)
STEPS = ("case.opened", "case.assigned", "status.changed", "case.reopened", "reply.sent", "evidence.added", "step.done")
"""Events that mean that something has moved."""
HEARS = ("acknowledgement.sent", "reply.sent", "progress.told")
"""Events after which the reporter has heard something."""
LEAD_FIRST = timedelta(days=1)


def find(connection: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Open cases whose reporter has heard nothing for so many days; each silence once."""
    if not settings.reminders.progress_days:
        return []
    file, event = tables.case, tables.event
    before = now - timedelta(days=settings.reminders.progress_days)
    heard = func.max(case((event.c.verb.in_(HEARS), event.c.at)))
    moved = func.max(case((event.c.verb.in_(STEPS), event.c.at)))
    rows = connection.execute(
        select(file.c.id, file.c.opened_at, heard.label("heard"), moved.label("moved"))
        .join(event, event.c.stream_id == file.c.id)
        .where(file.c.status.in_(_TELLS), file.c.opened_at <= before, file.c.access != Access.SEALED.value)
        .where(file.c.undeliverable.is_(False), file.c.channel != "anonymous")
        .group_by(file.c.id, file.c.opened_at)
    )
    found = []
    for row in rows:
        since = row.heard or row.opened_at
        if since > before:
            continue
        still = row.moved is None or row.moved <= since
        kind = "stalled" if still else "progress"
        found.append(Found(f"{kind}:{row.id}:{since:%Y%m%d%H%M%S}", row.id))
    return found


def attend_stalled(desk: Desk, _entry: OutboxEntry) -> None:
    """Nothing has moved: the lead hears of it, and a day later the employee hears the truth."""
    case_id, since = desk.subject
    if desk.case.status not in _TELLS:
        return
    desk.tell("notice_stalled", desk.who(("owner", "team_lead")), phrase("line.stalled"))
    due = desk.not_quiet(desk.now + LEAD_FIRST)
    promise_to_attend(desk.connection, [(f"progress:{case_id}:{since}", case_id, False)], desk.now, due=due)


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Write to the employee: the last real step, the next one, and by when. Not if they have heard something meanwhile."""
    since, event = desk.subject[1], tables.event
    verbs = select(event.c.verb, event.c.at).where(event.c.stream_id == desk.case.id).order_by(event.c.seq)
    facts = desk.connection.execute(verbs).all()
    heard = [row.at for row in facts if row.verb in HEARS]
    to = reporter_of(desk)
    if to is None or desk.case.status not in _TELLS or (heard and f"{heard[-1]:%Y%m%d%H%M%S}" > since):
        return
    moved = [row for row in facts if row.verb in STEPS]
    clock = tables.clock
    due = desk.connection.execute(
        select(func.min(clock.c.due_at)).where(
            clock.c.case_id == desk.case.id, clock.c.state == ClockState.RUNNING.value, clock.c.due_at > desk.now
        )
    ).scalar()
    last = moved[-1].at if moved else desk.case.opened_at
    words = (
        ("last_step", known("last", moved[-1].verb if moved else "")),
        ("last_day", phrase("day", day=last.isoformat())),
        ("next_step", known("next", desk.case.status)),
        *((("by_day", phrase("day", day=due.isoformat())),) if due else ()),
    )
    if write_to(desk, to, "progress", *words):
        desk.note("progress.told", {"direction": Direction.OUTBOUND.value})
