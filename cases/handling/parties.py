"""Parties: who is concerned, in what role, each with a thread of their own that no other party sees."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.hand import Hand, check_once, checked, new_salt, promise, record, sealed
from cases.handling.keeping_away import ACCUSED, exclude_party
from cases.handling.speaking import check_may_leave
from cases.handling.words import Words, write
from cases.keys.hashing import sender_hash
from cases.keys.sealing import Place, unseal
from cases.model.submission import Submission
from cases.model.words import Direction, PartyRole
from cases.store import people, tables
from cases.store.codec import MailPayload, StoredParty, party_from
from cases.store.heard import last_heard
from cases.store.sight import SeenCase, require


@dataclass(frozen=True, slots=True)
class NewParty:
    """Somebody who is concerned. `once` is an id of the form they were named in."""

    role: PartyRole
    name: str = field(repr=False)
    address: str = field(repr=False)
    once: str


def add_party(connection: Connection, reference: str, hand: Hand, new: NewParty) -> bool:
    """Name a party; a member of staff is kept away from the case at once. False when this form named them already.

    Raises `Refused` for nobody, for who is one in that role already, and when nobody would be left who can read the case.
    """
    seen = require(connection, reference, hand.viewer, Action.PARTY, lock=True)
    table, once = tables.party, check_once(new.once)
    if connection.execute(select(table.c.id).where(table.c.id == once)).first() is not None:
        return False
    name, address = checked(new.name or new.address, what="the name")[:200], new.address.strip()
    address = address or _staff_address(connection, name)
    hashed = sender_hash(hand.index, address)
    same = (table.c.case_id == seen.id, table.c.address_hash == hashed, table.c.role == new.role.value)
    if hashed and connection.execute(select(table.c.id).where(*same)).first() is not None:
        raise Refused("that person is a party in this role already")
    add_row(connection, seen, hand, once, new.role, StoredParty(name, address, new_salt()))
    if address:
        accused = new.role in ACCUSED
        exclude_party(connection, seen, hand, [address], f"a party: {new.role.value}", with_reports=accused)
    return True


def add_row(
    connection: Connection,
    seen: SeenCase,
    hand: Hand,
    party_id: str,
    role: PartyRole,
    known: StoredParty,
    origin: str = "",
) -> None:
    """The row of a party, and its event. `origin` is what they were before a merge: a party's id, or a case's."""
    content = sealed(seen, Place("party", party_id, "known"), known)
    connection.execute(
        insert(tables.party).values(
            id=party_id,
            case_id=seen.id,
            role=role.value,
            epoch=seen.row.epoch,
            known=content.value,
            address_hash=sender_hash(hand.index, known.address),
            origin=origin,
            author=hand.address,
            at=seen.moment(hand.now),
        )
    )
    record(connection, seen, hand, "party.added", {"party": party_id, "role": role.value, "digest": content.digest})


def open_thread(connection: Connection, reference: str, hand: Hand, party_id: str) -> None:
    """Open the thread of a respondent: from here on they may be written to. An investigator or lead decides that.

    Raises `Refused` for others, or when no address is known to write to.
    """
    seen = require(connection, reference, hand.viewer, Action.OPEN_THREAD, lock=True)
    row = _row(connection, seen, party_id)
    if not _known(connection, seen, hand, row).address:
        raise Refused("there is no mail address to write to: name the party again, with one")
    _opened(connection, seen, hand, row)


def write_to_party(connection: Connection, reference: str, hand: Hand, party_id: str, words: Words) -> None:
    """Write to a party by mail, in their own thread: what they answer joins it, and nobody else's page shows either.

    Raises `Refused` when a respondent's thread was not opened before, when no address is known, for no words, or for files
    of a sealed case.
    """
    seen = require(connection, reference, hand.viewer, Action.PARTY, lock=True)
    row = _row(connection, seen, party_id)
    known = _known(connection, seen, hand, row)
    if not known.address:
        raise Refused("there is no mail address to write to: name the party again, with one")
    if row.thread_opened_at is None:
        if row.role == PartyRole.RESPONDENT:
            raise Refused("an investigator or lead opens the respondent's thread first")
        _opened(connection, seen, hand, row)
    check_may_leave(seen, words)
    written = write(connection, seen, hand, Direction.OUTBOUND, words, party_id=row.id)
    if written is None:
        return
    heard = last_heard(connection, seen.id, hand.keys(connection, seen), row.id)
    promise(
        connection, seen, hand, f"reply:{words.once}", _mail(seen, row.id, known.address, words.text.strip(), heard)
    )
    data: dict[str, Json] = {"message": words.once, "digest": written.digest, "party": row.id, "role": row.role}
    record(connection, seen, hand, "party.written_to", data)


def _staff_address(connection: Connection, name: str) -> str:
    """Whoever names a colleague by name alone means them: their address, or "". Raises `Refused` where two are so called."""
    found = [one.address for one in people.everyone(connection) if one.name.casefold() == name.casefold()]
    if len(found) > 1:
        raise Refused("several colleagues have that name: give the mail address of the one who is meant")
    return found[0] if found else ""


def _row(connection: Connection, seen: SeenCase, party_id: str) -> Row[Any]:
    table = tables.party
    row = connection.execute(select(table).where(table.c.id == party_id, table.c.case_id == seen.id)).first()
    if row is None:
        raise Refused("there is no such party in this case")
    return row


def _known(connection: Connection, seen: SeenCase, hand: Hand, row: Row[Any]) -> StoredParty:
    keys = hand.keys(connection, seen)
    if row.epoch not in keys:
        raise Refused("this party was named under a key that you do not hold")
    return party_from(unseal(keys[row.epoch], row.known, Place("party", row.id, "known")))


def _opened(connection: Connection, seen: SeenCase, hand: Hand, row: Row[Any]) -> None:
    """The thread is open, once."""
    if row.thread_opened_at is not None:
        return
    values = {"thread_opened_by": hand.address, "thread_opened_at": seen.moment(hand.now)}
    connection.execute(update(tables.party).where(tables.party.c.id == row.id).values(**values))
    record(connection, seen, hand, "thread.opened", {"party": row.id, "role": row.role})


def _mail(seen: SeenCase, party_id: str, to: str, text: str, heard: Submission | None) -> MailPayload:
    """The mail to a party: under a subject that says nothing, with a token of their thread."""
    return MailPayload(
        template="to_party",
        to=to,
        language=seen.row.language,
        reference=seen.row.reference,
        reply_token="",
        bounce_token="",
        in_reply_to=heard.message_id if heard else "",
        references=heard.references[-10:] if heard else (),
        facts=(("words", text),),
        sign_for=to,
        party=party_id,
    )
