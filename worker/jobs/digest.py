"""The `digest` job: routine notices that are due to one person become one mail, in one transaction."""

import logging

from sqlalchemy import Connection, select, update

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused, TryLater
from cases.keys.hashing import keyed_hash
from cases.keys.sealing import Place, Sealer, unseal
from cases.model.wording import Phrase
from cases.promises import start_of_day
from cases.store import outbox, tables
from cases.store.codec import MailPayload, payload_from
from cases.store.engine import writing
from worker.mail.phrases import known
from worker.workshop import Workshop

log = logging.getLogger("heed.mail")
MOST = 200
"""Notices in one mail."""


class Digest:
    """Runs batches of notices that may be gathered."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop

    def __call__(self, batch: str, ids: list[str]) -> None:
        """Gather the entries of one lease, and whatever else is due to the same people; one alone goes as it is."""
        with writing(self._shop.record) as connection:
            entries = outbox.claim(connection, batch, ids)
            bundles = _bundles(connection, [entry.id for entry in entries])
        for bundle in sorted(set(bundles.values())):
            mine = {one.id: one for one in entries if bundles[one.id] == bundle}
            try:
                with writing(self._shop.record) as connection:
                    self._gather(connection, bundle, mine)
            except Exception as error:  # noqa: BLE001  the boundary: one person's notices are no other's
                with writing(self._shop.record) as connection:
                    for entry in mine.values():
                        self._failed(connection, entry, error)

    def _gather(self, connection: Connection, bundle: str, mine: dict[str, outbox.OutboxEntry]) -> None:
        table, now = tables.outbox, self._shop.now()
        columns = (table.c.id, table.c.case_id, table.c.key, table.c.payload, table.c.created_at)
        due = (table.c.bundle == bundle, table.c.kind == "digest", table.c.state == "pending", table.c.due_at <= now)
        free = table.c.id.in_(list(mine)) | table.c.leased_until.is_(None) | (table.c.leased_until < now)
        rows = connection.execute(
            select(*columns).where(*due, free).order_by(table.c.due_at, table.c.id).limit(MOST).with_for_update()
        ).all()
        opened = []
        for row in rows:
            try:
                payload = payload_from(unseal(self._shop.keys.service, row.payload, Place("outbox", row.id, "payload")))
            except (Refused, TryLater) as error:  # another's turn comes: it is claimed then, and its attempt counted
                if row.id in mine:
                    self._failed(connection, mine[row.id], error)
                continue
            if _excluded(connection, row.case_id, payload.to):
                outbox.mark_done(connection, [row.id], now)  # became a party since: they hear nothing of it
            else:
                opened.append((row, payload))
        if len(opened) == 1:
            alone = {"kind": "mail", "bundle": "", "batch": "", "leased_until": None, "attempts": 0}
            connection.execute(update(table).where(table.c.id == opened[0][0].id).values(**alone))
        elif opened:
            self._together(connection, [(row.id, row.case_id, payload) for row, payload in opened])

    def _failed(self, connection: Connection, entry: outbox.OutboxEntry, error: Exception) -> None:
        log.warning("notice %s not gathered, attempt %d: %s", entry.id, entry.attempts, type(error).__name__)
        now = self._shop.now()
        if outbox.failed(connection, entry, now, error):
            fact = NewEvent(entry.case_id or DEPLOYMENT, "mail.blocked", "mail", now, {"entry": entry.id})
            append(connection, [fact])

    def _together(self, connection: Connection, notices: list[tuple[str, str | None, MailPayload]]) -> None:
        now = self._shop.now()
        person = notices[0][2].to
        unique = sorted({_line(one) for _, _, one in notices}, key=lambda one: (one.value("reference"), one.name))
        lines, to_the_day = tuple(("lines", one) for one in unique), any(one.to_the_day for _, _, one in notices)
        payload = MailPayload("notice_digest", person, "", "", "", "", phrases=lines, to_the_day=to_the_day)
        key = f"digest:{keyed_hash(self._shop.keys.index, 'digest', ' '.join(one[0] for one in notices))}"
        to_service, at = Sealer(self._shop.keys.service.public), start_of_day(now) if to_the_day else now
        digest_id = outbox.promise_mail(connection, to_service, key, payload, case_id=None, at=at, due=now)
        for coarse in (False, True):
            chosen = [one for one in notices if one[2].to_the_day is coarse]
            at = start_of_day(now) if coarse else now
            outbox.mark_done(connection, [entry_id for entry_id, _, _ in chosen], at)
            facts_of = [
                NewEvent(case, "notice.gathered", "mail", at, {"entry": digest_id}) for _, case, _ in chosen if case
            ]
            append(connection, facts_of)


def _line(notice: MailPayload) -> Phrase:
    """What a mail of many says of one notice, with its case."""
    said = dict(notice.phrases).get("line") or known("line", notice.template)
    return Phrase(said.name, (*said.values, ("reference", notice.reference)))


def _bundles(connection: Connection, ids: list[str]) -> dict[str, str]:
    table = tables.outbox
    return {
        row.id: row.bundle for row in connection.execute(select(table.c.id, table.c.bundle).where(table.c.id.in_(ids)))
    }


def _excluded(connection: Connection, case_id: str | None, person: str) -> bool:
    table = tables.exclusion
    query = select(table.c.person).where(table.c.case_id == case_id, table.c.person == person.casefold())
    return case_id is not None and connection.execute(query).first() is not None
