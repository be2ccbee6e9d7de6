"""What came before each replayed submission, of cases that there are, counted as of then."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from cases.keys.hashing import sender_hash
from cases.model.context import Alike
from cases.model.decision import NAMED
from cases.store import tables


class EarlierCases:
    """The history of a replay. Set `now` to when the submission came before it is decided."""

    def __init__(self, rows: Iterable[Any], parties: Mapping[str, set[str]], index_key: bytes) -> None:
        """`rows` are (id, sender_hash, category, team, received_at), in any order; `parties` whom each is about."""
        self._rows = {row.id: row for row in sorted(rows, key=lambda row: row.received_at)}
        self._parties = parties
        self._index_key = index_key
        self._indexes: dict[tuple[str, ...], dict[tuple[str, ...], list[datetime]]] = {}
        self.now = datetime.max.replace(tzinfo=UTC)

    def count(self, alike: Alike) -> int:
        """How many earlier cases are alike."""
        asked = {"sender": sender_hash(self._index_key, alike.sender), "category": alike.category, "team": alike.team}
        names = tuple(name for name in alike.same if name != "party")
        wanted, since = tuple(asked[name] for name in names), self.now - alike.within
        if "party" in alike.same:
            keys = (alike.party.casefold(), sender_hash(self._index_key, alike.party)) if alike.party else ()
            about = set[str]().union(*(self._parties.get(key, set()) for key in keys))
            found = [row for one in about - {alike.besides} if (row := self._rows.get(one)) is not None]
            return sum(since <= row.received_at < self.now and _shared(row, names) == wanted for row in found)
        times, own = self._index(names).get(wanted, []), self._rows.get(alike.besides)
        mine = own is not None and _shared(own, names) == wanted and since <= own.received_at < self.now
        return bisect_left(times, self.now) - bisect_left(times, since) - mine

    def _index(self, names: tuple[str, ...]) -> dict[tuple[str, ...], list[datetime]]:
        """When cases were received, by what they share."""
        found = self._indexes.get(names)
        if found is None:
            found = self._indexes[names] = defaultdict(list)
            for row in self._rows.values():
                found[_shared(row, names)].append(row.received_at)
        return found

    def open_by_owner(self) -> dict[str, int]:
        """Whose turn it was then is not known: owners are not compared."""
        return {}

    def turn(self, team: str) -> int:
        """As above."""
        return 0


def _shared(row: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row.sender_hash if name == "sender" else getattr(row, name) for name in names)


def earlier_cases(connection: Connection, index_key: bytes, since: datetime) -> EarlierCases:
    """The history of every case received since then."""
    case, exclusion, party = tables.case, tables.exclusion, tables.party
    columns = (case.c.id, case.c.sender_hash, case.c.category, case.c.team, case.c.received_at)
    rows = connection.execute(select(*columns).where(case.c.received_at >= since)).all()
    about = defaultdict[str, set[str]](set)
    named = select(exclusion.c.person, exclusion.c.case_id).where(exclusion.c.reason.like(f"{NAMED}%"))
    recorded = select(party.c.address_hash, party.c.case_id).where(party.c.address_hash != "")
    for query in (named, recorded):
        for person, case_id in connection.execute(query):
            about[person].add(case_id)
    return EarlierCases(rows, about, index_key)
