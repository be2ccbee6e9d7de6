"""A step of an escalation ladder has come: its people are told, by the names that the ruleset gives them."""

from datetime import datetime

from sqlalchemy import select

from cases.model.wording import Phrase, phrase
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
    line, said = deadline_said(row.kind, row.due_at, over=over)
    mine = phrase("line.escalated_over" if over else "line.escalated_soon", **dict(line.values))
    desk.tell("notice_escalation", escalated, mine, urgent=grave, phrases=said)
    desk.tell("notice_deadline", told, line, urgent=grave and over, phrases=said)
    if escalated or over:
        desk.chat(phrase("chat.escalated" if escalated else "chat.overdue", clock=row.kind))
    data = {"clock": row.kind, "step": row.number, "percent": row.percent, "to": list(escalated), "told": list(told)}
    desk.note("case.escalated" if escalated else "deadline.reminded", data)


def deadline_said(clock: str, due_at: datetime, *, over: bool) -> tuple[Phrase, tuple[tuple[str, Phrase], ...]]:
    """A deadline in words: as a line of its own, and as what a notice of it names."""
    when, at = "over" if over else "soon", due_at.isoformat()
    line = phrase(f"deadline.{when}", clock=clock, moment=at)
    return line, (("deadline", line), ("due", phrase(f"due.{when}", clock=clock, short=at)))
