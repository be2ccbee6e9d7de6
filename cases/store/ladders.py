"""The ladder of a case that has another SLA: steps that were taken stay, those to come are the new one's."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from cases.model.decision import Rung
from cases.store.clock_rows import COUNTING, load, time_rungs
from cases.store.rows import new_id
from cases.store.tables import clock, rung


def slas_by_clock(connection: Connection, case_id: str) -> dict[str, str]:
    """The SLA of each clock that counts, by the clock's kind."""
    return {one.clock.kind: one.clock.sla for one in load(connection, [case_id], clock.c.state.in_(COUNTING))}


def replace_ladder(connection: Connection, case_id: str, kinds: Collection[str], ladder: Sequence[Rung]) -> None:
    """Clocks of these kinds, whose SLA is another now, are watched by this ladder; moments are those of their own clocks."""
    for one in load(connection, [case_id], clock.c.state.in_(COUNTING), clock.c.kind.in_(list(kinds))):
        mine = rung.c.clock_id == one.id
        connection.execute(delete(rung).where(mine, rung.c.state.in_(("waiting", "held"))))
        highest = connection.execute(select(func.max(rung.c.number)).where(mine)).scalar()
        first = 0 if highest is None else highest + 1
        steps = [step for step in ladder if step.clock == one.clock.kind]
        for number, step in enumerate(steps, first):
            connection.execute(
                insert(rung).values(
                    id=new_id(),
                    case_id=case_id,
                    clock_id=one.id,
                    number=number,
                    at=one.clock.due,
                    percent=step.at_percent,
                    offset_seconds=step.offset_seconds,
                    notify=" ".join(step.notify_named or step.notify),
                    escalate_to=" ".join(step.escalate_named or step.escalate_to),
                )
            )
        time_rungs(connection, one)
