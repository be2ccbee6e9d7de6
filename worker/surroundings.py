"""What triage knows around a batch: who people are, who is away or gone, what came before, whom a case is kept from."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, select

from cases.model.context import Context, History
from cases.model.words import Direction
from cases.store import people
from cases.store.directory import DirectoryKeeper, World
from cases.store.lookups import CaseRow
from cases.store.tables import exclusion, message


class Surroundings:
    """The world around one batch; made anew for each, from a directory that is kept between batches."""

    def __init__(
        self,
        connection: Connection,
        keeper: DirectoryKeeper,
        joined: Iterable[CaseRow | None],
        history: History,
        now: datetime,
    ) -> None:
        self.staff = people.everyone(connection)
        self.world: World = keeper.look(connection, self.staff, now)
        self._history = history
        ids = [case.id for case in joined if case is not None]
        self._excluded = _by_case(connection, ids, exclusion.c.case_id, exclusion.c.person)
        told = (message.c.direction == Direction.OUTBOUND.value, message.c.party_id == "", message.c.author != "")
        self._answered_by = _by_case(connection, ids, message.c.case_id, message.c.author, *told)

    def context(self, joins: CaseRow | None, received_at: datetime, follows: CaseRow | None = None) -> Context:
        """The world around one submission that came in then: it joins a case, or opens one, which may follow another.

        Whoever is kept away from the one that it follows is kept away from it too.
        """
        known = joins or follows
        return Context(
            directory=self.world.directory,
            history=self._history,
            follow_up_of=_so_far(joins),
            absent=self.world.absent,
            gone=self.world.gone,
            staff=self.world.staff,
            excluded=self._excluded.get(known.id, ()) if known else (),
            answered_by=frozenset(self._answered_by.get(joins.id, ())) if joins else frozenset(),
            received_at=received_at,
            case_id=joins.id if joins else "",
        )


def _so_far(case: CaseRow | None) -> tuple[tuple[str, str], ...]:
    if case is None:
        return ()
    names = ("category", "risk", "access", "team", "owner", "backup")
    return (*((name, getattr(case, name)) for name in names), ("tags", ",".join(case.tags.split())))


def _by_case(
    connection: Connection, cases: list[str], case_id: Column[str], person: Column[str], *which: ColumnElement[bool]
) -> dict[str, tuple[str, ...]]:
    """People by case, from one table; asked only where something joins a case."""
    found: dict[str, tuple[str, ...]] = {}
    if cases:
        query = select(case_id, person).where(case_id.in_(cases), *which).distinct().order_by(person)
        for of, address in connection.execute(query):
            found[of] = (*found.get(of, ()), address)
    return found
