"""Protecting a named reporter: their name and address move to the `identity` compartment, and mail still finds them.

Where to write to them is sealed to the triage key, which workers hold and the console does not: staff send words to somebody
whom they cannot see, and no page can show the address.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from cases.access.identity import keeping
from cases.audit.digests import RESEALED
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import KeyPair, Place, seal, unseal
from cases.model.decision import Where
from cases.model.identity import Identity
from cases.model.submission import Address, Submission
from cases.model.veil import veiled, without_sender
from cases.model.words import Channel, Direction
from cases.opening import Arrival
from cases.promises import answer_address
from cases.store import files, tables
from cases.store.attachments import FilesIn
from cases.store.codec import StoredMessage, decision_from, message_from, to_bytes
from cases.store.files import StoredFile
from cases.store.heard import first_heard
from cases.store.key_tables import file, identity_key, reporter_contact
from cases.store.rows import Rows


@dataclass(frozen=True, slots=True)
class Contact:
    """Where to write to a protected reporter, and what an answer follows."""

    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    message_id: str = field(default="", repr=False)

    @property
    def known(self) -> Address:
        """How they signed."""
        return Address(self.name, self.address)


def protect(
    connection: Connection,
    case_id: str,
    keys: dict[int, KeyPair],
    *,
    to_workers: bytes,
    files_in: FilesIn,
    by: str,
    now: datetime,
) -> None:
    """Move who the reporter is out of a case, in the caller's transaction; `keys` are the case's own, by epoch.

    `to_workers` is the public triage key, `by` who it is done for. Raises `Refused` when nobody could guard who they are, or
    nothing can be opened.
    """
    table = tables.message
    mine = (table.c.case_id == case_id, table.c.direction == Direction.INBOUND.value, table.c.party_id == "")
    rows = connection.execute(select(table).where(*mine, table.c.content.is_not(None)).order_by(table.c.number)).all()
    if not rows or any(row.epoch not in keys for row in rows):
        raise Refused("nobody here holds this case's key: what it says of its reporter stays as it is sealed")
    said = {row.id: message_from(_opened(row, keys, "content")).submission for row in rows}
    first = first_heard(connection, case_id, keys) or said[rows[0].id]
    contact = Contact(first.sender.name, answer_address(first).address, first.message_id)
    known = list(dict.fromkeys(said[row.id].sender for row in rows if row.confirmed))
    for row in rows:
        who = said[row.id]
        keep(connection, case_id, who, row.envelope_id or row.id, now)
        _reseal(connection, row, keys, veiled(who, *known, contact.known), by, now)
        _set_original_apart(connection, row, keys, who, files_in, now)
    _reseal_decision(connection, case_id, keys, known)
    sealed = seal(to_workers, json.dumps(asdict(contact)).encode(), _place(case_id))
    connection.execute(insert(reporter_contact).values(case_id=case_id, sealed=sealed))


def keep(connection: Connection, case_id: str, said: Submission, envelope_id: str, now: datetime) -> None:
    """Keep who sent a message in the `identity` compartment: once for each delivery (or message without one) that says so."""
    who = Identity(said.sender.name, said.sender.address)
    if who:
        keeping.give(connection, case_id, who, envelope_id, now)


def contact_of(connection: Connection, case_id: str, triage: KeyPair) -> Contact | None:
    """Where mail to a protected reporter goes; None of a case whose reporter is not protected. For workers alone."""
    query = select(reporter_contact.c.sealed).where(reporter_contact.c.case_id == case_id)
    sealed = connection.execute(query).scalar()
    return Contact(**json.loads(unseal(triage, sealed, _place(case_id)))) if sealed is not None else None


def to_custodians(connection: Connection, case_id: str) -> Callable[[bytes, Place], bytes]:
    """Seals the key of a delivery as received to the compartment: no reader of the case opens it."""
    public = connection.execute(
        select(identity_key.c.public_key).where(identity_key.c.case_id == case_id)
    ).scalar_one_or_none()
    if public is None:
        raise Refused("the case says nowhere who its reporter is")
    return lambda secret, place: seal(public, secret, place)


def _reseal(
    connection: Connection, row: Row[Any], keys: dict[int, KeyPair], said: Submission, by: str, now: datetime
) -> None:
    """The same words without their sender, under a new salt: the old digest must not let anyone guess who it was."""
    content = to_bytes(StoredMessage(said, secrets.token_hex(16)))
    digest = sha256(content).hexdigest()
    sealed = seal(keys[row.epoch].public, content, Place("message", row.id, "content"))
    values = {"content": sealed, "digest": digest}
    connection.execute(update(tables.message).where(tables.message.c.id == row.id).values(**values))
    append(connection, [NewEvent(row.case_id, RESEALED, by, now, {"message": row.id, "digest": digest})])


def _reseal_decision(connection: Connection, case_id: str, keys: dict[int, KeyPair], known: Sequence[Address]) -> None:
    """The trace of the decision quotes what rules found of the sender: where they work, their address."""
    if 1 not in keys:
        return
    case, place = tables.case, Place("case_file", case_id, "decision")
    sealed = connection.execute(select(case.c.decision).where(case.c.id == case_id)).scalar_one()
    decision = decision_from(unseal(keys[1], sealed, place))
    trace = tuple(
        replace(rule, conditions=tuple(without_sender(one, known) for one in rule.conditions))
        for rule in decision.trace
    )
    fresh = seal(keys[1].public, to_bytes(replace(decision, trace=trace, where=Where())), place)
    connection.execute(update(case).where(case.c.id == case_id).values(decision=fresh))


def _set_original_apart(
    connection: Connection, row: Row[Any], keys: dict[int, KeyPair], said: Submission, files_in: FilesIn, now: datetime
) -> None:
    """The delivery as received names its sender in its headers: its files stay with the case, itself goes apart."""
    apart = to_custodians(connection, row.case_id)
    if row.raw is not None:
        raw, rows = _opened(row, keys, "raw"), Rows()
        pieces = files.PiecesWithin(connection)
        to_case = keys[row.epoch].public
        values: dict[str, Any] = {"case_id": row.case_id, "message_id": row.id, "epoch": row.epoch}
        inside = files_in(Channel(row.channel), raw, row.at)
        for number, one in enumerate(said.attachments):
            if one.sha256 in inside:
                stored = files.store(pieces, number, [inside[one.sha256].content], now)
                files.refer(rows, stored, seal=lambda secret, place: seal(to_case, secret, place), **values)
        whole = files.store(pieces, files.ORIGINAL, [raw], now)
        files.refer(rows, whole, seal=apart, **values)
        rows.write(connection)
        connection.execute(update(tables.message).where(tables.message.c.id == row.id).values(raw=None))
    elif (kept := files.find(connection, row.id, files.RAW)) is not None:
        place = Place("file", kept.id, "key")
        fresh = {"number": files.ORIGINAL, "key": apart(unseal(keys[row.epoch], kept.key, place), place)}
        connection.execute(update(file).where(file.c.id == kept.id).values(**fresh))


def as_kept(
    connection: Connection, case_id: str, arrival: Arrival, triage: KeyPair, now: datetime
) -> tuple[Arrival, StoredFile]:
    """A later delivery as the case of a protected reporter keeps it, and the delivery itself, which goes apart."""
    contact = contact_of(connection, case_id, triage)
    keep(connection, case_id, arrival.submission, arrival.envelope_id, now)
    stored, pieces = arrival.files, files.PiecesWithin(connection)
    if not stored:
        sources = [
            (files.RAW, arrival.raw),
            *((n, one.content) for n, one in enumerate(arrival.submission.attachments)),
        ]
        stored = tuple(files.store(pieces, number, [content], now) for number, content in sources)
    whole = replace(next(one for one in stored if one.number == files.RAW), number=files.ORIGINAL)
    said = veiled(arrival.submission, *([contact.known] if contact else []))
    rest = tuple(one for one in stored if one.number != files.RAW)
    return replace(arrival, kept=said, raw=b"", files=rest), whole


def _opened(row: Row[Any], keys: dict[int, KeyPair], column: str) -> bytes:
    return unseal(keys[row.epoch], getattr(row, column), Place("message", row.id, column))


def _place(case_id: str) -> Place:
    return Place("reporter_contact", case_id, "sealed")
