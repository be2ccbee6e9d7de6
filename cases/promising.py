"""A running case is promised something else: sorted anew, or by a rule that adds an SLA. Clocks and ladder follow together."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from cases.audit.trail import NewEvent, append
from cases.model.decision import Deadline, Rung
from cases.model.words import Status
from cases.opening import add_clocks
from cases.store.clocks import align, change_sla
from cases.store.ladders import replace_ladder, slas_by_clock
from cases.store.rows import Rows
from cases.store.tables import case


def promise_anew(
    connection: Connection,
    case_id: str,
    deadlines: Sequence[Deadline],
    ladder: Sequence[Rung],
    at: datetime,
    *,
    by: str,
    tighten: bool = False,
) -> None:
    """Give the case these deadlines, and each of its clocks that has another SLA now that one's ladder.

    With `tighten` nothing becomes later and nothing is dropped. What is new begins as the case stands: a clock that pauses
    while an employee is waited for does not run meanwhile, and one that does not pause any more goes on.
    """
    before = slas_by_clock(connection, case_id)
    new = change_sla(connection, case_id, deadlines, at, by=by, tighten=tighten)
    after, rows = slas_by_clock(connection, case_id), Rows()
    other = {kind for kind in after if after[kind] != before.get(kind)}
    watched = {step.clock for step in ladder}
    replace_ladder(connection, case_id, other & watched if tighten else other, ladder)
    begun = [one for one in deadlines if one.kind in new]
    add_clocks(rows, begun, ladder, case_id, at)
    rows.write(connection)
    status = connection.execute(select(case.c.status).where(case.c.id == case_id)).scalar_one()
    align(connection, case_id, Status(status), at, by)
    append(connection, [NewEvent(case_id, "deadline.added", by, at, {"clock": one.kind}) for one in begun])
