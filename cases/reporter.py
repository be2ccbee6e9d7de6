"""What reporters do to their own cases by their link: each one transaction with its event, and nothing when done again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from cases.access.identity import keeping
from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys import wraps
from cases.keys.hashing import sender_hash
from cases.keys.links import NewReader, status_reader
from cases.keys.ring import WorkerKeys
from cases.keys.sealing import KeyPair, Sealer
from cases.model.acts import BY_RECEIPT, UNCONFIRMED, WITHDRAWAL_ASKED
from cases.model.codes import new_receipt, read_receipt
from cases.model.identity import Identity
from cases.model.lifecycle import ENDED, may_move
from cases.model.veil import PROTECTED
from cases.model.words import Access, Authenticity, Channel, Compartment, Status
from cases.promises import Promises, start_of_day
from cases.protecting import protect
from cases.store import ending, tables
from cases.store.attachments import FilesIn
from cases.store.codec import MailPayload
from cases.store.links import PROTECTED_SINCE, RATED, rating_of
from cases.store.lookups import CaseRow
from cases.store.rows import Rows

STATUS, RECEIPT = "status", "receipt"
MOST_LISTED = 50
"""Cases in one mail of links: the newest."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What these acts work with: one transaction, a worker's keys, the time, and where the public site is."""

    connection: Connection
    keys: WorkerKeys = field(repr=False)
    now: datetime
    site: str
    to_service: Sealer = field(repr=False)


def withdraw(desk: Desk, case: CaseRow, *, serious: bool) -> bool:
    """The reporter withdraws. False where that alone does not end the case: it is serious, or few may see it.

    Then it is tagged and its owner told; a person decides.
    """
    status = Status(case.status)
    if status is Status.WITHDRAWN or WITHDRAWAL_ASKED in case.tags.split():
        return status is Status.WITHDRAWN
    if serious or case.access != Access.MANAGED.value or not may_move(status, Status.WITHDRAWN):
        _tag(desk, case, WITHDRAWAL_ASKED)
        _note(desk, case, "withdrawal.asked", {})
        if case.owner:
            _tell_owner(desk, case)
        return False
    ending.end(desk.connection, case.id, Status.WITHDRAWN, _moment(desk, case), by="withdrawn")
    _note(desk, case, "case.withdrawn", {"from": case.status})
    return True


def rate(desk: Desk, case: CaseRow, rating: int) -> None:
    """How the reporter found the outcome, 1 to 5: once, and only when the case has ended."""
    if (
        Status(case.status) not in {*ENDED, Status.RESOLVED}
        or not 1 <= rating <= 5
        or rating_of(desk.connection, case.id)
    ):
        return
    _note(desk, case, RATED, {"rating": rating})


def continue_by_receipt(desk: Desk, case: CaseRow, new: NewReader, keys: Sequence[tuple[int, bytes]]) -> None:
    """From now on the receipt opens the case: every status link dies, and no mail goes to the reporter any more.

    `keys` are the case's private keys by epoch, as far as whoever works here holds them.
    """
    if not keys:
        raise Refused("nobody here holds this case's key: its reporter continues by the link they have")
    for epoch, private in keys:
        _wrap(desk, case, epoch, private, new)
    wrap = tables.wrap
    desk.connection.execute(delete(wrap).where(wrap.c.case_id == case.id, wrap.c.reader_kind == STATUS))
    _tag(desk, case, BY_RECEIPT)
    _note(desk, case, "reporter.continues_by_receipt", {})


def protect_reporter(desk: Desk, case: CaseRow, keys: Sequence[tuple[int, bytes]], files_in: FilesIn) -> None:
    """The reporter asks for confidentiality: from now on only whom a custodian lets know sees who they are.

    Raises `Refused` where nobody could guard it, or the case is sealed or anonymous already.
    """
    if PROTECTED in case.tags.split():
        return
    if case.access == Access.SEALED.value or not case.sender_hash:
        raise Refused("of this case nobody has a name to protect, or nobody here holds its key")
    pairs = {epoch: KeyPair.of_private(private) for epoch, private in keys}
    at = _moment(desk, case)
    to_workers = desk.keys.triage.public
    protect(desk.connection, case.id, pairs, to_workers=to_workers, files_in=files_in, by="reporter", now=at)
    _tag(desk, case, PROTECTED)
    _note(desk, case, PROTECTED_SINCE, {})
    if case.owner:
        _tell_owner(desk, case)


def identify(desk: Desk, case: CaseRow, who: Identity, envelope_id: str) -> None:
    """An anonymous reporter says who they are: for the custodians, apart from the case; its owner hears that it is so.

    Raises `Refused` where nobody could guard it, or nothing was said.
    """
    if not who:
        raise Refused("neither a name nor a way to reach them was given")
    if keeping.give(desk.connection, case.id, who, envelope_id, _moment(desk, case)) and case.owner:
        _tell_owner(desk, case)


def confirm(desk: Desk, case: CaseRow) -> None:
    """The directory's address has confirmed who asked: what waited may be changed."""
    if UNCONFIRMED not in case.tags.split():
        return
    message = tables.message
    first = (message.c.case_id == case.id, message.c.number == 1)
    desk.connection.execute(update(message).where(*first).values(authenticity=Authenticity.PASS.value))
    _tag(desk, case, UNCONFIRMED, keep=False)
    _note(desk, case, "sender.confirmed", {})
    if case.owner:
        _tell_owner(desk, case)


def mail_links(desk: Desk, found: Sequence[tuple[CaseRow, Sequence[tuple[int, bytes]]]], to: str, how: "Asked") -> None:
    """One mail with a fresh link to each of these cases; asked for twice with the same delivery, it is one mail."""
    key = f"links:{how.envelope_id}"
    if not desk.site or not found or desk.connection.execute(_entry(key)).first() is not None:
        return
    lines = []
    for case, keys in found:
        code = new_receipt(secrets.randbits)
        reader = status_reader(read_receipt(code))
        for epoch, private in keys:
            _wrap(desk, case, epoch, private, NewReader(reader.kind, reader.lookup, reader.keys.public))
        lines.append(f"{case.reference}: {desk.site}/s/{code}")
        _note(desk, case, "link.renewed", {})
    payload = MailPayload(
        template="links",
        to=to,
        language=how.language,
        reference=found[0][0].reference,
        reply_token="",
        bounce_token="",
        facts=(("links", "\n".join(lines)), ("days", str(how.days))),
    )
    rows = Rows()
    Promises(rows, desk.keys, desk.to_service, desk.now).mail(found[0][0].id, key, payload)
    rows.write(desk.connection)


@dataclass(frozen=True, slots=True)
class Asked:
    """How links were asked for: by which delivery, in which language; and how many days they last."""

    envelope_id: str
    language: str
    days: int


def open_cases_of(connection: Connection, index_key: bytes, address: str) -> list[CaseRow]:
    """The newest open cases of an address that everybody in their team may see: restricted and sealed ones are left out,
    as are those whose sender failed its checks, or who comes back by receipt.
    """
    case, message = tables.case, tables.message
    columns = [case.c[name] for name in CaseRow.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .join(message, (message.c.case_id == case.c.id) & (message.c.number == 1))
        .where(
            case.c.sender_hash == sender_hash(index_key, address),
            case.c.sender_hash != "",
            case.c.access == Access.MANAGED.value,
            case.c.status.not_in([status.value for status in ENDED]),
            message.c.authenticity != Authenticity.FAIL.value,
        )
        .order_by(case.c.received_at.desc())
        .limit(MOST_LISTED)
    ).all()
    return [found for row in rows if BY_RECEIPT not in (found := CaseRow(*row)).tags.split()]


def keys_of(connection: Connection, case: CaseRow, service: KeyPair) -> list[tuple[int, bytes]]:
    """A case's private keys by epoch, as far as the service holds them: none of a sealed case."""
    held = wraps.held_by(
        connection, wraps.SERVICE, "service", service, compartment=Compartment.CONTENT, case_id=case.id
    )
    return [(epoch, private) for (_case_id, epoch), private in sorted(held.items())]


def mailed_lately(connection: Connection, case: CaseRow, now: datetime, most: int = 5) -> bool:
    """Whether so many links were mailed for a case in a day that the next one would be a nuisance."""
    event = tables.event
    since = (event.c.stream_id == case.id, event.c.verb == "link.renewed", event.c.at >= now - timedelta(days=1))
    return len(connection.execute(select(event.c.seq).where(*since).limit(most)).all()) >= most


def _wrap(desk: Desk, case: CaseRow, epoch: int, private: bytes, new: NewReader) -> None:
    wraps.add(
        desk.connection,
        case_id=case.id,
        epoch=epoch,
        private=private,
        kind=new.kind,
        reader=new.lookup,
        public=new.public,
        at=_moment(desk, case),
    )


def _tell_owner(desk: Desk, case: CaseRow) -> None:
    """That there is something to look at, and nothing of what it is."""
    rows = Rows()
    key = f"notice:{case.id}:reporter:{secrets.token_hex(16)}"
    day_only = case.access == Access.SEALED.value
    promises = Promises(rows, desk.keys, desk.to_service, desk.now)
    promises.notice(case.id, key, case.reference, "reply", case.owner, case.risk, urgent=False, to_the_day=day_only)
    rows.write(desk.connection)


def _tag(desk: Desk, case: CaseRow, tag: str, *, keep: bool = True) -> None:
    tags = [one for one in case.tags.split() if one != tag] + ([tag] if keep else [])
    values = {"tags": " ".join(tags)}
    desk.connection.execute(update(tables.case).where(tables.case.c.id == case.id).values(**values))


def _note(desk: Desk, case: CaseRow, verb: str, data: dict[str, Json]) -> None:
    append(desk.connection, [NewEvent(case.id, verb, "reporter", _moment(desk, case), data)])


def _moment(desk: Desk, case: CaseRow) -> datetime:
    channel = desk.connection.execute(select(tables.case.c.channel).where(tables.case.c.id == case.id)).scalar_one()
    return start_of_day(desk.now) if channel == Channel.ANONYMOUS.value else desk.now


def _entry(key: str):  # type: ignore[no-untyped-def]
    return select(tables.outbox.c.id).where(tables.outbox.c.key == key)


def at_last(case: CaseRow, connection: Connection) -> CaseRow:
    """The case as it is now, locked until this transaction ends."""
    columns = [tables.case.c[name] for name in CaseRow.__dataclass_fields__]
    return replace(
        case,
        **connection.execute(select(*columns).where(tables.case.c.id == case.id).with_for_update()).mappings().one(),
    )
