"""Every training of the classifier and what came of it, newest last; what the console shows and the relay goes by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select

from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.store.learning_tables import refit as table

KEPT, REFUSED, FAILED, ROLLED_BACK = "kept", "refused", "failed", "rolled_back"


@dataclass(frozen=True, slots=True)
class Refit:
    """One training, or a return to an earlier model. `figures`: name → before and after, measured on the frozen set.

    `because` says, one a line, why a candidate was refused; `corrections` is how many it learned from.
    """

    number: int
    at: datetime
    by: str
    outcome: str
    model: str
    before: str
    corrections: int
    because: tuple[str, ...]
    figures: Mapping[str, tuple[float, float]]


def add(
    connection: Connection,
    *,
    by: str,
    now: datetime,
    outcome: str,
    model: str = "",
    before: str = "",
    corrections: int = 0,
    because: tuple[str, ...] = (),
    figures: Mapping[str, tuple[float, float]] | None = None,
) -> None:
    """Write one down, with an event on the deployment's stream."""
    number = (connection.execute(select(func.max(table.c.number))).scalar() or 0) + 1
    values: dict[str, Json] = {"outcome": outcome, "model": model, "before": before, "corrections": corrections}
    words = {"because": "\n".join(because), "figures": json.dumps(dict(figures or {}))}
    connection.execute(insert(table).values(number=number, at=now, by=by, **values, **words))
    append(connection, [NewEvent(DEPLOYMENT, f"model.{outcome}", by, now, {"number": number, **values})])


def latest(connection: Connection, *outcomes: str, most: int = 20) -> list[Refit]:
    """The newest first; of some outcomes only where they are given."""
    query = select(table).order_by(table.c.number.desc()).limit(most)
    return [
        _refit(row) for row in connection.execute(query.where(table.c.outcome.in_(outcomes)) if outcomes else query)
    ]


def trained_at(connection: Connection) -> datetime | None:
    """When corrections were last learned from, whatever came of it; None: never."""
    last = latest(connection, KEPT, REFUSED, FAILED, most=1)
    return last[0].at if last else None


def _refit(row: Row[tuple[object, ...]]) -> Refit:
    figures = {name: (float(before), float(after)) for name, (before, after) in json.loads(row.figures).items()}
    because = tuple(row.because.splitlines())
    return Refit(row.number, row.at, row.by, row.outcome, row.model, row.before, row.corrections, because, figures)
