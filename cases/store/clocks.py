"""What happens to a case's clocks when the event they wait for comes, or when nobody waits any more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, update
from sqlalchemy import case as when

from cases.model.words import ClockState
from cases.store.tables import clock

COUNTING = (ClockState.RUNNING.value, ClockState.PAUSED.value)


def meet(connection: Connection, case_ids: Sequence[str], kinds: Sequence[str], now: datetime) -> None:
    """The event that clocks of these kinds wait for has happened: met in time or while paused, else missed for good.

    One that was missed already keeps its state; `ended_at` then says when the event came at last.
    """
    if not case_ids:
        return
    chosen = (clock.c.case_id.in_(case_ids), clock.c.kind.in_(kinds), clock.c.ended_at.is_(None))
    in_time = (clock.c.state == ClockState.PAUSED.value) | (clock.c.due_at >= now)
    state = when((in_time, ClockState.MET.value), else_=ClockState.MISSED.value)
    connection.execute(update(clock).where(*chosen, clock.c.state.in_(COUNTING)).values(state=state, ended_at=now))
    connection.execute(update(clock).where(*chosen, clock.c.state == ClockState.MISSED.value).values(ended_at=now))


def cancel_rest(connection: Connection, case_id: str, now: datetime) -> None:
    """The case has ended: what still counted is cancelled, or missed where its time was over; missed ones end too."""
    still = (clock.c.case_id == case_id, clock.c.ended_at.is_(None))
    over = (clock.c.state == ClockState.RUNNING.value) & (clock.c.due_at < now)
    state = when((over, ClockState.MISSED.value), else_=ClockState.CANCELLED.value)
    connection.execute(update(clock).where(*still, clock.c.state.in_(COUNTING)).values(state=state, ended_at=now))
    connection.execute(update(clock).where(*still, clock.c.state == ClockState.MISSED.value).values(ended_at=now))
