"""A step of an escalation ladder has come: its people are told, by the names that the ruleset gives them."""

from sqlalchemy import select

from cases.model.words import ClockKind
from cases.store import tables
from cases.store.outbox import OutboxEntry
from worker.attending.desk import Desk


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Tell whom the step names, unless its clock has ended meanwhile; an event says who was told."""
    rung_id, turn = desk.subject
    rung, clock = tables.rung, tables.clock
    columns = (rung, clock.c.kind, clock.c.turn, clock.c.due_at, clock.c.ended_at)
    row = desk.connection.execute(
        select(*columns).join(clock, clock.c.id == rung.c.clock_id).where(rung.c.id == rung_id)
    ).first()
    if row is None or row.ended_at is not None or row.turn != int(turn):
        return
    escalated = desk.who(row.escalate_to.split())
    told = tuple(one for one in desk.who(row.notify.split()) if one not in escalated)
    grave = desk.is_grave()
    over = row.due_at < desk.now
    what = row.kind.replace("_", " ")
    line = f"{what}: {'overdue since' if over else 'due by'} {row.due_at:%Y-%m-%d %H:%M} UTC"
    facts = (("deadline", line),)
    desk.tell("notice_escalation", escalated, f"escalated to you, {line}", urgent=grave, facts=facts)
    desk.tell("notice_deadline", told, line, urgent=grave and over, facts=facts)
    if escalated or over:
        desk.chat(
            f"{'escalated' if escalated else 'overdue'}: {what if what != ClockKind.RESOLVE.value else 'solution'}"
        )
    data = {"clock": row.kind, "step": row.number, "percent": row.percent, "to": list(escalated), "told": list(told)}
    desk.note("case.escalated" if escalated else "deadline.reminded", data)
