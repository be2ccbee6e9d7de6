"""Finding what is known about somebody: in cases that the service opens by itself, in sealed ones by their readers."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.hashing import sender_hash
from cases.keys.sealing import CannotOpen, KeyPair, Opener, Place, unseal
from cases.keys.wraps import SERVICE, wrap_place
from cases.model.submission import Submission
from cases.model.words import Access, Compartment
from cases.store import people, tables
from cases.store.codec import message_from
from cases.store.rows import new_id
from cases.store.sight import SeenCase, Viewer, case_keys, find_case, visible_to
from cases.store.subject_tables import subject_item, subject_request, subject_search
from cases.subjects.requests import About, SubjectRequest

AT_ONCE = 200
"""Cases searched in one step."""


def matcher(about: About) -> Callable[[str], bool]:
    """Whether a text names them: by an address, or by the whole name in either order, in any letters."""
    parts = about.name.split()
    names = {" ".join(parts), " ".join([*parts[1:], parts[0]])} if len(parts) > 1 else set()
    wanted = [re.escape(one) for one in (*about.addresses, *names)]
    if not wanted:
        return lambda _text: False
    found = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE)
    return lambda text: found.search(re.sub(r"[\s,]+", " ", text)) is not None


def search_some(connection: Connection, request: SubjectRequest, service: KeyPair, index: bytes, after: str) -> str:
    """Search the next cases that the service opens; what is found becomes items. The last case looked at, "" at the end."""
    case, wrap = tables.case, tables.wrap
    rows = connection.execute(
        select(case.c.id, case.c.sender_hash)
        .where(case.c.id > after, case.c.erased_at.is_(None), case.c.access != Access.SEALED.value)
        .order_by(case.c.id)
        .limit(AT_ONCE)
    ).all()
    ids = [row.id for row in rows]
    opener, keys = Opener(service), dict[tuple[str, int], KeyPair]()
    mine = (wrap.c.reader_kind == SERVICE, wrap.c.compartment == Compartment.CONTENT.value, wrap.c.case_id.in_(ids))
    for one in connection.execute(select(wrap).where(*mine)):
        place = wrap_place(one.case_id, one.epoch, one.compartment, one.reader_kind, one.reader)
        keys[one.case_id, one.epoch] = KeyPair.of_private(opener.unseal(one.sealed, place))
    hashes = {sender_hash(index, address) for address in request.about.addresses}
    parties = _parties(connection, ids, hashes)
    theirs = {row.id for row in rows if row.sender_hash in hashes}
    found = dict[str, dict[str, str]]()
    for message_id, case_id, why in _messages(connection, ids, keys, request.about, parties, theirs):
        found[message_id] = {"case_id": case_id, "message_id": message_id, "why": why}
    _keep(connection, request, found)
    return rows[-1].id if len(rows) == AT_ONCE else ""


def finish(connection: Connection, request: SubjectRequest) -> None:
    """The search by machine is over: people decide."""
    same = (subject_request.c.id == request.id, subject_request.c.state == "searching")
    connection.execute(update(subject_request).where(*same).values(state="open"))


def ask_readers(connection: Connection, request: SubjectRequest) -> list[str]:
    """Ask everyone who holds a key to a sealed case to search theirs, but not whom it is about; their addresses."""
    wrap, case = tables.wrap, tables.case
    holders = select(wrap.c.reader).join(case, case.c.id == wrap.c.case_id)
    holders = holders.where(case.c.access == Access.SEALED.value, wrap.c.reader_kind == "staff").distinct()
    ids = set(connection.execute(holders).scalars())
    asked = [one for one in people.everyone(connection) if one.id in ids and one.address not in request.about.addresses]
    known = set(
        connection.execute(
            select(subject_search.c.person_id).where(subject_search.c.request_id == request.id)
        ).scalars()
    )
    fresh = [one for one in asked if one.id not in known]
    if fresh:
        rows = [{"request_id": request.id, "person_id": one.id, "state": "asked"} for one in fresh]
        connection.execute(insert(subject_search), rows)
    return [one.address for one in fresh]


def search_sealed(
    connection: Connection, request: SubjectRequest, viewer: Viewer, vault: KeyPair, service: KeyPair, now: datetime
) -> list[tuple[str, tuple[str, ...]]]:
    """The sealed cases of this reader that name somebody: reference, and the texts that do. Each look is in its trail.

    Raises `Refused` for who was not asked.
    """
    if not was_asked(connection, request.id, viewer.person.id):
        raise Refused("there is no such request")
    case, named, found = tables.case, matcher(request.about), []
    sealed = select(case.c.reference).where(visible_to(viewer), case.c.access == Access.SEALED.value)
    for reference in connection.execute(sealed.order_by(case.c.reference)).scalars().all():
        seen = find_case(connection, reference, viewer)
        if seen is None:
            continue
        data: dict[str, Json] = {"person": viewer.person.id, "request": request.id}
        append(connection, [NewEvent(seen.id, "case.searched", viewer.person.address, seen.moment(now), data)])
        keys = case_keys(connection, seen, viewer.person, vault, service)
        if texts := tuple(text for text in _texts(connection, seen, keys) if named(text)):
            found.append((reference, texts))
    return found


def was_asked(connection: Connection, request_id: str, person_id: str) -> bool:
    """Whether this reader's answer is wanted."""
    table = subject_search
    mine = (table.c.request_id == request_id, table.c.person_id == person_id, table.c.state == "asked")
    return connection.execute(select(table.c.state).where(*mine)).first() is not None


def words_of(said: Submission) -> str:
    """Everything readable in a message."""
    fields = "\n".join(f"{name}: {value}" for name, value in said.fields)
    return "\n".join(part for part in (said.subject, fields, said.text or said.new_text) if part)


def _texts(connection: Connection, seen: SeenCase, keys: dict[int, KeyPair]) -> Iterator[str]:
    table = tables.message
    for row in connection.execute(select(table).where(table.c.case_id == seen.id).order_by(table.c.number)):
        if row.content is not None and row.epoch in keys:
            raw = unseal(keys[row.epoch], row.content, Place("message", row.id, "content"))
            yield words_of(message_from(raw).submission)


def _parties(connection: Connection, ids: list[str], hashes: set[str]) -> set[str]:
    table = tables.party
    mine = (table.c.case_id.in_(ids), table.c.address_hash.in_(hashes))
    return set(connection.execute(select(table.c.id).where(*mine)).scalars())


def _messages(
    connection: Connection,
    ids: list[str],
    keys: dict[tuple[str, int], KeyPair],
    about: About,
    parties: set[str],
    theirs: set[str],
) -> Iterator[tuple[str, str, str]]:
    table, named = tables.message, matcher(about)
    columns = [table.c[name] for name in ("id", "case_id", "party_id", "epoch", "author", "content")]
    for row in connection.execute(select(*columns).where(table.c.case_id.in_(ids), table.c.content.is_not(None))):
        pair = keys.get((row.case_id, row.epoch))
        if pair is None:
            continue
        try:
            said = message_from(unseal(pair, row.content, Place("message", row.id, "content"))).submission
        except CannotOpen:
            continue  # altered: `heed audit verify --words` names it
        own_thread = row.case_id in theirs and not row.party_id
        if said.sender.address.casefold() in about.addresses or row.author in about.addresses:
            yield row.id, row.case_id, "wrote"
        elif row.party_id in parties or own_thread:
            yield row.id, row.case_id, "party"
        elif named(words_of(said)):
            yield row.id, row.case_id, "named"


def _keep(connection: Connection, request: SubjectRequest, found: dict[str, dict[str, str]]) -> None:
    known = (subject_item.c.request_id == request.id, subject_item.c.message_id.in_(list(found)))
    for old in connection.execute(select(subject_item.c.message_id).where(*known)).scalars():
        found.pop(old)
    rows = [{"id": new_id(), "request_id": request.id, "state": "open", **one} for one in found.values()]
    if rows:
        connection.execute(insert(subject_item), rows)


def not_kept_from(viewer_address: str):  # type: ignore[no-untyped-def]
    """Of items: those of cases that this person is not kept away from."""
    table = tables.exclusion
    return ~exists().where(table.c.case_id == subject_item.c.case_id, table.c.person == viewer_address)
