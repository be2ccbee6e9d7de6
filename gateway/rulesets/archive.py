"""Stored submissions as a trial of rules replays them: opened in memory, judged by the model of today, shown to nobody."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from cases.keys.hashing import sender_hash
from cases.keys.sealing import KeyPair, Opener, Place
from cases.keys.wraps import wrap_place
from cases.model.context import Context, Directory
from cases.model.submission import Submission
from cases.model.words import Compartment, Direction
from cases.store import tables
from cases.store.codec import message_from
from cases.store.sight import Viewer, visible_to
from gateway.normalizer import text_that_counts
from gateway.triage import Model, assess
from rules.trial import Stored

BATCH = 100


class EarlierCases:
    """What came before each replayed submission, of cases that there are, counted as of then."""

    def __init__(self, rows: Iterable[Any], parties: Iterable[Any], index_key: bytes) -> None:
        """`rows` are (sender_hash, category, team, received_at), in any order; `parties` the same with a party each."""
        self._rows = sorted(rows, key=lambda row: row.received_at)
        self._parties = sorted(parties, key=lambda row: row.received_at)
        self._index_key = index_key
        self._indexes: dict[tuple[str, ...], dict[tuple[str, ...], list[datetime]]] = {}
        self.now = datetime.max.replace(tzinfo=UTC)

    def count(
        self, *, same: tuple[str, ...], submission_sender: str, category: str, team: str, party: str, within: timedelta
    ) -> int:
        """How many earlier cases share every named attribute."""
        asked = {"sender": sender_hash(self._index_key, submission_sender), "category": category, "team": team,
                 "party": sender_hash(self._index_key, party)}  # fmt: skip
        if any(not asked[name] for name in same):
            return 0
        times = self._index(same).get(tuple(asked[name] for name in same), [])
        return bisect_left(times, self.now) - bisect_left(times, self.now - within)

    def _index(self, same: tuple[str, ...]) -> dict[tuple[str, ...], list[datetime]]:
        """When cases were received, by what they share."""
        found = self._indexes.get(same)
        if found is None:
            found = self._indexes[same] = defaultdict(list)
            for row in self._parties if "party" in same else self._rows:
                known = {"sender": row.sender_hash, "category": row.category, "team": row.team}
                known["party"] = getattr(row, "address_hash", "")
                found[tuple(known[name] for name in same)].append(row.received_at)
        return found

    def open_by_owner(self) -> dict[str, int]:
        """Whose turn it was then is not known: owners are not compared."""
        return {}

    def turn(self, team: str) -> int:
        """As above."""
        return 0


@dataclass
class StoredSubmissions:
    """The first message of each case that `service`, or the vault of `viewer`, opens.

    Without a viewer nothing may be opened by whoever tries, and only counts come of it.
    """

    connection: Connection
    service: KeyPair = field(repr=False)
    index_key: bytes = field(repr=False)
    model: Model
    directory: Directory
    staff: frozenset[str] = frozenset()
    viewer: Viewer | None = None
    vault: KeyPair | None = field(default=None, repr=False)

    def count(self, moment: datetime) -> int:
        """How many cases were received since then."""
        query = select(func.count()).select_from(tables.case).where(tables.case.c.received_at >= moment)
        return int(self.connection.execute(query).scalar_one())

    def since(self, moment: datetime) -> Iterator[Stored]:
        """Submissions received since then, oldest first. What no key here opens is left out."""
        found, party = tables.case, tables.party
        columns = (found.c.sender_hash, found.c.category, found.c.team, found.c.received_at)
        recent = found.c.received_at >= moment - timedelta(days=400)
        who = select(*columns, party.c.address_hash).join(party, party.c.case_id == found.c.id).distinct()
        history = EarlierCases(
            self.connection.execute(select(*columns).where(recent)),
            self.connection.execute(who.where(recent, party.c.address_hash != "")),
            self.index_key,
        )
        ids = list(self.connection.execute(
            select(found.c.id).where(found.c.received_at >= moment).order_by(found.c.received_at, found.c.id)
        ).scalars())  # fmt: skip
        openers = {("service", "service"): Opener(self.service)}
        if self.vault is not None and self.viewer is not None:
            openers["staff", self.viewer.person.id] = Opener(self.vault)
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            rows, seen = self._rows(some), self._visible(some)
            opened = [(row, said) for row in rows if (said := self._opened(row, openers)) is not None]
            yield from self._judged(opened, history, seen)

    def _visible(self, ids: Sequence[str]) -> frozenset[str]:
        """Which of these cases exist for who tries."""
        if self.viewer is None:
            return frozenset()
        query = select(tables.case.c.id).where(tables.case.c.id.in_(ids), visible_to(self.viewer))
        return frozenset(self.connection.execute(query).scalars())

    def _rows(self, ids: Sequence[str]) -> list[Row[Any]]:
        """First messages with one wrap of their key, the person's own before the service's."""
        found, message, wrap = tables.case, tables.message, tables.wrap
        mine = (wrap.c.reader_kind == "staff") & (wrap.c.reader == (self.viewer.person.id if self.viewer else ""))
        query = (
            select(
                found.c.reference, found.c.received_at, message.c.id, message.c.case_id, message.c.epoch,
                message.c.content, wrap.c.reader_kind, wrap.c.reader, wrap.c.sealed,
            )
            .join(message, message.c.case_id == found.c.id)
            .join(wrap, and_(wrap.c.case_id == found.c.id, wrap.c.epoch == message.c.epoch,
                             wrap.c.compartment == Compartment.CONTENT.value))
            .where(found.c.id.in_(ids), message.c.number == 1, message.c.direction == Direction.INBOUND.value,
                   message.c.content.is_not(None), or_(wrap.c.reader_kind == "service", mine))
            .order_by(found.c.received_at, found.c.id, wrap.c.reader_kind)
        )  # fmt: skip
        by_case: dict[str, Any] = {row.case_id: row for row in self.connection.execute(query)}
        return list(by_case.values())

    @staticmethod
    def _opened(row: Row[Any], openers: dict[tuple[str, str], Opener]) -> Submission | None:
        opener = openers.get((row.reader_kind, row.reader))
        if opener is None:
            return None
        place = wrap_place(row.case_id, row.epoch, Compartment.CONTENT.value, row.reader_kind, row.reader)
        keys = KeyPair.of_private(opener.unseal(row.sealed, place))
        content = Opener(keys).unseal(row.content, Place("message", row.id, "content"))
        said = message_from(content).submission
        return replace(said, new_text=text_that_counts(said, first=True))

    def _judged(
        self, opened: list[tuple[Row[Any], Submission]], history: EarlierCases, seen: frozenset[str]
    ) -> Iterator[Stored]:
        assessments = assess([said for _, said in opened], self.model)
        for (row, said), assessment in zip(opened, assessments, strict=True):
            history.now = row.received_at
            context = Context(directory=self.directory, history=history, staff=self.staff)
            yield Stored(row.reference, said, assessment, context, row.received_at, row.case_id in seen)
