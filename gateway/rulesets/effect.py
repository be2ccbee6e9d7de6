"""What a change of rules means for cases that there are: who was decided meanwhile, whose deadlines would end otherwise."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, true

from cases.model.decision import Where
from cases.model.words import ClockState
from cases.store import tables
from cases.store.engine import reading
from cases.store.sight import Viewer, visible_to
from rules.deadlines import deadlines_from
from rules.ruleset import Ruleset

READ = ("case.read", "file.read")


@dataclass(frozen=True, slots=True)
class DecidedMeanwhile:
    """A case that another version decided since this one was in force before, and who has read it."""

    reference: str
    ruleset: str
    seen_by: tuple[str, ...]

    def as_object(self) -> dict[str, Any]:
        """For `--json`."""
        return {"reference": self.reference, "ruleset": self.ruleset, "seen_by": list(self.seen_by)}


@dataclass(frozen=True, slots=True)
class MovingDeadlines:
    """Open deadlines of one SLA and clock that end at another time under other rules."""

    sla: str
    kind: str
    earlier: int
    later: int

    @property
    def count(self) -> int:
        """How many."""
        return self.earlier + self.later

    @property
    def words(self) -> str:
        """Earlier, later, or both."""
        found = ((self.earlier, "earlier"), (self.later, "later"))
        return " and ".join(f"{word} ({count})" if self.earlier and self.later else word
                            for count, word in found if count)  # fmt: skip


def decided_meanwhile(record: Engine, restored: str, viewer: Viewer | None = None) -> tuple[DecidedMeanwhile, ...]:
    """Cases that other versions decided between the last two times that `restored` was put in force, oldest first.

    Only references and who read them: to be decided again by whoever may see them. With a viewer, only cases that exist
    for them; the operator's shell, which lists references anyway, has none.
    """
    with reading(record) as connection:
        since = _left_force(connection, restored)
        if since is None:
            return ()
        case = tables.case
        rows = connection.execute(
            select(case.c.id, case.c.reference, case.c.ruleset)
            .where(case.c.opened_at >= since.replace(hour=0, minute=0, second=0, microsecond=0), case.c.ruleset != restored)
            .where(visible_to(viewer) if viewer else true())
            .order_by(case.c.opened_at, case.c.reference)
        ).all()  # fmt: skip
        seen = _readers(connection, [row.id for row in rows])
    return tuple(DecidedMeanwhile(row.reference, row.ruleset, tuple(sorted(seen[row.id]))) for row in rows)


def _left_force(connection: Connection, restored: str) -> datetime | None:
    """When another version took the place of `restored`, before it came back."""
    table = tables.publication
    rows = connection.execute(select(table).order_by(table.c.number)).all()
    before = [number for number, row in enumerate(rows[:-1]) if row.ruleset == restored]
    return rows[before[-1] + 1].at if before else None


def _readers(connection: Connection, ids: list[str]) -> Mapping[str, set[str]]:
    event, found = tables.event, defaultdict[str, set[str]](set)
    for start in range(0, len(ids), 500):
        query = select(event.c.stream_id, event.c.actor).where(
            event.c.stream_id.in_(ids[start : start + 500]), event.c.verb.in_(READ)
        )
        for row in connection.execute(query.distinct()):
            found[row.stream_id].add(row.actor)
    return found


def moving_deadlines(record: Engine, old: Ruleset, new: Ruleset, now: datetime) -> tuple[MovingDeadlines, ...]:
    """Running clocks that would end otherwise, had they been promised by `new`: by SLA and clock.

    The sender's country and site are sealed with the case, so what varies by them is compared as for an unknown sender.
    """
    clock, case = tables.clock, tables.case
    with reading(record) as connection:
        rows = connection.execute(
            select(clock.c.sla, clock.c.kind, clock.c.started_at, case.c.team)
            .join(case, case.c.id == clock.c.case_id)
            .where(clock.c.state == ClockState.RUNNING.value, clock.c.due_at > now)
        ).all()
    counted: Counter[tuple[str, str, bool]] = Counter()
    known: dict[tuple[Any, ...], tuple[datetime, datetime] | None] = {}
    for row in rows:
        key = tuple(row)
        if key not in known:
            known[key] = _ends(row, old, new)
        ends = known[key]
        if ends is not None and ends[0] != ends[1]:
            counted[row.sla, row.kind, ends[1] > ends[0]] += 1
    kinds = sorted({(sla, kind) for sla, kind, _ in counted})
    return tuple(MovingDeadlines(sla, kind, counted[sla, kind, False], counted[sla, kind, True]) for sla, kind in kinds)


def _ends(row: Any, old: Ruleset, new: Ruleset) -> tuple[datetime, datetime] | None:
    """When a clock ends by either ruleset; None where one of them has no such clock."""
    found = []
    for ruleset in (old, new):
        team = ruleset.teams.get(row.team)
        where = Where(organisation=team.organisation if team else "")
        clocks = (
            deadlines_from(ruleset, [row.sla], where, row.started_at, acknowledged=True)
            if row.sla in ruleset.slas
            else ()
        )
        found += [deadline.due for deadline in clocks if deadline.kind == row.kind]
    return (found[0], found[1]) if len(found) == 2 else None
