"""A case ends, or is opened again: what its row and its clocks say from then on, whoever ended or opened it."""

from datetime import datetime

from sqlalchemy import Connection, update

from cases.model.words import Status
from cases.store import tables
from cases.store.clocks import cancel_rest, status_changed


def end(
    connection: Connection, case_id: str, status: Status, at: datetime, outcome: str = "", *, by: str = "case ended"
) -> None:
    """Nobody owes anybody anything any more: clocks that still count are cancelled, or missed where they were over."""
    cancel_rest(connection, case_id, at, by)
    _set(connection, case_id, status, at, outcome)


def reopen(connection: Connection, case_id: str, at: datetime, by: str = "case.reopened") -> None:
    """It has no end and no outcome any more; its clocks start again."""
    _set(connection, case_id, Status.REOPENED, None, "")
    status_changed(connection, case_id, Status.REOPENED, at, by)


def _set(connection: Connection, case_id: str, status: Status, closed_at: datetime | None, outcome: str) -> None:
    values = {"status": status.value, "closed_at": closed_at, "outcome": outcome}
    connection.execute(update(tables.case).where(tables.case.c.id == case_id).values(**values))
