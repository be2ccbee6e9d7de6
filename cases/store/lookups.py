"""What triage asks of the record: known mail, known cases, history; all by keyed hash, inside one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, union

from cases.keys.hashing import message_id_hash, sender_hash
from cases.model.context import Alike
from cases.model.decision import NAMED
from cases.model.seat import Seat
from cases.store import tables

CLOSED = ("closed", "withdrawn", "merged")
SAME_WORDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case's metadata as a join needs it."""

    id: str
    reference: str
    category: str
    risk: str
    access: str
    status: str
    team: str
    owner: str
    backup: str
    tags: str
    sender_hash: str
    epoch: int
    public_key: bytes = field(repr=False)
    closed_at: datetime | None = None
    legal_hold: bool = False


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """What history may know of a case. Its id says only which one not to count."""

    id: str
    category: str
    team: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RecordLookups:
    """The record as `threads` and the rules see it. `now` bounds history; nothing here names a case to anyone."""

    connection: Connection
    index_key: bytes = field(repr=False)
    now: datetime = field()

    def case_of(self, message_ids: tuple[str, ...], sender: str) -> str:
        """The reference of the case that holds one of these messages and was opened by this sender, or ""."""
        hashes = [message_id_hash(self.index_key, one) for one in message_ids]
        mail, case = tables.mail_id, tables.case
        found = self.connection.execute(
            select(case.c.reference)
            .join(mail, mail.c.case_id == case.c.id)
            .where(mail.c.hash.in_(hashes), case.c.sender_hash == sender_hash(self.index_key, sender))
            .limit(1)
        ).first()
        return found.reference if found else ""

    def case_of_entry(self, entry_ids: tuple[str, ...]) -> str:
        """The reference of the case that one of these mails of ours was about, or ""."""
        case, outbox = tables.case, tables.outbox
        query = select(case.c.reference).join(outbox, outbox.c.case_id == case.c.id)
        found = self.connection.execute(query.where(outbox.c.id.in_(entry_ids)).limit(1)).first()
        return found.reference if found else ""

    def seat(self, reference: str, sender: str, made_for: Callable[[str], bool] | None = None) -> Seat:
        """Whose thread of which case that is now: a merged case's parties, and its reporter, sit in the surviving one.

        `made_for` tells of a party's id whether a token was made for it.
        """
        case, who = self._case(reference), None
        if case is not None and made_for is not None:
            who = next((one for one in self._parties(case.id) if made_for(one.id)), None)
        while case is not None and case.merged_into:
            was = who.id if who else case.id
            case = self._case_of_id(case.merged_into)
            who = next((one for one in self._parties(case.id if case else "") if one.origin == was), None)
        if case is None or who is None:
            return Seat(case.reference if case else reference)
        return Seat(case.reference, who.id, bool(sender) and who.address_hash == sender_hash(self.index_key, sender))

    def _case(self, reference: str) -> Row[*tuple[Any, ...]] | None:
        case = tables.case
        query = select(case.c.id, case.c.reference, case.c.merged_into).where(case.c.reference == reference)
        return self.connection.execute(query).first()

    def _case_of_id(self, case_id: str) -> Row[*tuple[Any, ...]] | None:
        case = tables.case
        query = select(case.c.id, case.c.reference, case.c.merged_into).where(case.c.id == case_id)
        return self.connection.execute(query).first()

    def _parties(self, case_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
        party = tables.party
        columns = (party.c.id, party.c.origin, party.c.address_hash)
        return self.connection.execute(select(*columns).where(party.c.case_id == case_id)).all()

    def case_row(self, reference: str) -> CaseRow | None:
        """A case's metadata by its reference, or None; an erased one is no more."""
        case = tables.case
        columns = [case.c[name] for name in CaseRow.__dataclass_fields__]
        found = select(*columns).where(case.c.reference == reference, case.c.erased_at.is_(None))
        row = self.connection.execute(found).first()
        return CaseRow(*row) if row else None

    def case_of_link(self, kind: str, lookup: str) -> CaseRow | None:
        """The case that a receipt or status link opens, or None."""
        case, wrap = tables.case, tables.wrap
        columns = [case.c[name] for name in CaseRow.__dataclass_fields__]
        row = self.connection.execute(
            select(*columns)
            .join(wrap, wrap.c.case_id == case.c.id)
            .where(wrap.c.reader_kind == kind, wrap.c.reader == lookup)
            .order_by(wrap.c.created_at.desc())
            .limit(1)
        ).first()
        return CaseRow(*row) if row else None

    def count(self, alike: Alike) -> int:
        """How many earlier cases are alike.

        A party is somebody whom triage found named in the case, or whom a person recorded, in whatever role.
        """
        if ("party" in alike.same and not alike.party) or ("sender" in alike.same and not alike.sender):
            return 0
        case = tables.case
        shared: dict[str, Callable[[], ColumnElement[bool]]] = {
            "sender": lambda: case.c.sender_hash == sender_hash(self.index_key, alike.sender),
            "category": lambda: case.c.category == alike.category,
            "team": lambda: case.c.team == alike.team,
            "party": lambda: about(alike.party, self.index_key),
        }
        since, others = case.c.received_at >= self.now - alike.within, case.c.id != alike.besides
        query = select(func.count()).select_from(case).where(since, others, *(shared[name]() for name in alike.same))
        return int(self.connection.execute(query).scalar_one())

    def earlier_of(self, sender_hashes: list[str]) -> dict[str, list[EarlierCase]]:
        """Every case of these senders, by the hash of the sender."""
        case = tables.case
        columns = (case.c.sender_hash, case.c.id, case.c.category, case.c.team, case.c.received_at)
        found: dict[str, list[EarlierCase]] = {}
        for digest, *rest in self.connection.execute(select(*columns).where(case.c.sender_hash.in_(sender_hashes))):
            found.setdefault(digest, []).append(EarlierCase(*rest))
        return found

    def recent_of(self, sender_hashes: list[str]) -> dict[tuple[str, str], int]:
        """How many cases these senders opened in the last hour, by sender and likeness."""
        case = tables.case
        columns = (case.c.sender_hash, case.c.likeness)
        query = select(*columns, func.count()).where(
            case.c.sender_hash.in_(sender_hashes), case.c.opened_at >= self.now - timedelta(hours=1)
        )
        rows = self.connection.execute(query.group_by(*columns)).all()
        return {(row[0], row[1]): int(row[2]) for row in rows}

    def open_by_owner(self) -> dict[str, int]:
        """Open cases by owner."""
        case = tables.case
        rows = self.connection.execute(
            select(case.c.owner, func.count()).where(case.c.status.not_in(CLOSED)).group_by(case.c.owner)
        ).all()
        return {row[0]: int(row[1]) for row in rows}


def about(person: str, index_key: bytes) -> ColumnElement[bool]:
    """Whether the person of this address is named in or party to a case, as a condition on `tables.case`."""
    exclusion, party = tables.exclusion, tables.party
    named = select(exclusion.c.case_id).where(
        exclusion.c.person == person.casefold(),
        exclusion.c.reason.like(f"{NAMED}%"),
    )
    recorded = select(party.c.case_id).where(party.c.address_hash == sender_hash(index_key, person))
    # Whom a case is about is asked of those few rows first: asked of every case, it would cost more with each of them.
    return tables.case.c.id.in_(union(named, recorded))


def already_recorded(connection: Connection, envelope_ids: list[str]) -> set[str]:
    """Which of these envelopes the record already has, as a case or a message: the other half died before saying so."""
    message = tables.message
    return set(
        connection.execute(select(message.c.envelope_id).where(message.c.envelope_id.in_(envelope_ids))).scalars()
    )


def same_mail(connection: Connection, fingerprints: dict[str, bool], now: datetime) -> dict[str, str]:
    """Fingerprints of mails the record already holds, with the case each belongs to.

    `fingerprints` says of each whether its mail has a Message-ID; without one, the same words are the same mail for
    seven days only (somebody may ask the same question again).
    """
    mail = tables.mail_id
    rows = connection.execute(
        select(mail.c.fingerprint, mail.c.case_id, mail.c.at).where(mail.c.fingerprint.in_(list(fingerprints)))
    ).all()
    return {row.fingerprint: row.case_id for row in rows if fingerprints[row.fingerprint] or row.at >= now - SAME_WORDS}
