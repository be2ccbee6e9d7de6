"""Stored submissions as a trial of rules replays them: opened in memory, judged by the model of today, shown to nobody."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from cases.keys.sealing import KeyPair, Opener, Place
from cases.keys.wraps import wrap_place
from cases.model.context import Context, Directory
from cases.model.submission import Submission
from cases.model.words import Compartment, Direction
from cases.store import tables
from cases.store.codec import message_from
from cases.store.sight import Viewer, visible_to
from gateway.normalizer import as_judged
from gateway.rulesets.between import between
from gateway.rulesets.earlier import EarlierCases, earlier_cases
from gateway.triage import Model, assess
from rules.trial import Stored

BATCH = 100
BEFORE = timedelta(days=400)
"""How far back history reaches beyond the first replayed submission."""
OF_CASE = tables.message.c.case_id == tables.case.c.id
INBOUND = (tables.message.c.direction == Direction.INBOUND.value) & tables.message.c.content.is_not(None)


@dataclass
class StoredSubmissions:
    """What reporters wrote, in cases whose first message `service`, or the vault of `viewer`, opens.

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
        """How many submissions came since then."""
        query = select(func.count()).select_from(tables.message).join(tables.case, OF_CASE)
        return int(self.connection.execute(query.where(_came_since(moment))).scalar_one())

    def since(self, moment: datetime) -> Iterator[Stored]:
        """Submissions that came since then: case by case, oldest first. What no key here opens is left out.

        Of a case that is older its earlier messages come too, not asked about, to bring it to where it stood.
        """
        case = tables.case
        history = earlier_cases(self.connection, self.index_key, moment - BEFORE)
        wanted = select(case.c.id).join(tables.message, OF_CASE).where(_came_since(moment)).distinct()
        query = select(case.c.id).where(case.c.id.in_(wanted)).order_by(case.c.received_at, case.c.id)
        ids = list(self.connection.execute(query).scalars())
        openers = {("service", "service"): Opener(self.service)}
        if self.vault is not None and self.viewer is not None:
            openers["staff", self.viewer.person.id] = Opener(self.vault)
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            opened = list(self._opened(self._rows(some), openers))
            yield from self._judged(opened, history, self._visible(some), moment)

    def _visible(self, ids: Sequence[str]) -> frozenset[str]:
        """Which of these cases exist for who tries."""
        if self.viewer is None:
            return frozenset()
        query = select(tables.case.c.id).where(tables.case.c.id.in_(ids), visible_to(self.viewer))
        return frozenset(self.connection.execute(query).scalars())

    def _rows(self, ids: Sequence[str]) -> list[Row[Any]]:
        """Messages of reporters, in order, with one wrap of their key, the person's own before the service's."""
        found, message, wrap = tables.case, tables.message, tables.wrap
        mine = (wrap.c.reader_kind == "staff") & (wrap.c.reader == (self.viewer.person.id if self.viewer else ""))
        query = (
            select(
                found.c.reference, found.c.received_at, message.c.id, message.c.case_id, message.c.number, message.c.epoch,
                message.c.at, message.c.confirmed, message.c.party_id, message.c.content,
                wrap.c.reader_kind, wrap.c.reader, wrap.c.sealed,
            )
            .join(message, OF_CASE)
            .join(wrap, and_(wrap.c.case_id == found.c.id, wrap.c.epoch == message.c.epoch,
                             wrap.c.compartment == Compartment.CONTENT.value))
            .where(found.c.id.in_(ids), INBOUND, or_(wrap.c.reader_kind == "service", mine))
            .order_by(found.c.received_at, found.c.id, message.c.number, wrap.c.reader_kind)
        )  # fmt: skip
        by_message: dict[str, Any] = {row.id: row for row in self.connection.execute(query)}
        return list(by_message.values())

    @staticmethod
    def _opened(
        rows: Iterable[Row[Any]], openers: dict[tuple[str, str], Opener]
    ) -> Iterator[tuple[Row[Any], Submission]]:
        """What each says; nothing of a case whose first message is closed to every key here."""
        keys: dict[tuple[str, int], Opener] = {}
        begun = ""
        for row in rows:
            if row.number == 1:
                begun = row.case_id
            elif begun != row.case_id:
                continue
            if (row.case_id, row.epoch) not in keys:
                place = wrap_place(row.case_id, row.epoch, Compartment.CONTENT.value, row.reader_kind, row.reader)
                private = openers[row.reader_kind, row.reader].unseal(row.sealed, place)
                keys = {(row.case_id, row.epoch): Opener(KeyPair.of_private(private))}
            content = keys[row.case_id, row.epoch].unseal(row.content, Place("message", row.id, "content"))
            said = message_from(content).submission
            yield row, as_judged(said, first=row.number == 1)

    def _judged(
        self,
        opened: list[tuple[Row[Any], Submission]],
        history: EarlierCases,
        seen: frozenset[str],
        moment: datetime,
    ) -> Iterator[Stored]:
        later = between(self.connection, {row.case_id for row, _ in opened if row.number > 1})
        assessments = assess([said for _, said in opened], self.model)
        for (row, said), assessment in zip(opened, assessments, strict=True):
            first = row.number == 1
            came = row.received_at if first else row.at
            history.now = came
            context = Context(
                directory=self.directory,
                history=history,
                staff=self.staff,
                case_id=row.case_id,
                answered_by=later.answered_by(row.case_id, row.number),
            )
            yield Stored(
                row.reference,
                said,
                assessment,
                context,
                came,
                row.case_id in seen,
                number=row.number,
                meanwhile=later.meanwhile.get(row.id, ()),
                heeded=row.confirmed and not row.party_id,
                asked=came >= moment,
            )


def _came_since(moment: datetime) -> ColumnElement[bool]:
    """Messages of reporters that came since then."""
    case, message = tables.case, tables.message
    first = message.c.number == 1
    return INBOUND & or_(first & (case.c.received_at >= moment), ~first & (message.c.at >= moment))
