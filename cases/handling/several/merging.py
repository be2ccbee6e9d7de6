"""Merging: one case lives on, the other points to it; replies follow, access is the stricter, nobody sees another's words."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from cases.errors import Refused
from cases.handling.hand import Hand, new_salt, record
from cases.handling.keeping_away import exclude_party
from cases.handling.moving import end
from cases.handling.parties import add_row
from cases.handling.several.linking import Pair, both, check_not_protected, tie
from cases.keys.sealing import Place, unseal
from cases.model.acts import BY_RECEIPT
from cases.model.lifecycle import ENDED, Outcome, in_words, moved
from cases.model.submission import Address
from cases.model.words import Access, PartyRole, Status
from cases.model.work import LinkKind
from cases.store import tables
from cases.store.codec import StoredParty, party_from
from cases.store.heard import first_heard
from cases.store.rows import new_id
from cases.store.sight import SeenCase


def merge(connection: Connection, reference: str, into: str, hand: Hand, risk_levels: Sequence[str]) -> None:
    """Merge a case into another. Its history stays where it is; its reporter and parties sit in the surviving one.

    `risk_levels` are the ruleset's, lowest first. Raises `Refused` where a sealed case would join one that is not, or
    the surviving case has ended, or a reporter is protected.
    """
    pair = both(connection, reference, into, hand)
    gone, kept = pair
    check_not_protected(gone.row.tags, kept.row.tags)
    moved(gone.status, Status.MERGED)
    if kept.status in ENDED:
        raise Refused(f"a case that is {in_words(kept.status)} takes in no other: open it again first")
    if gone.access is Access.SEALED and kept.access is not Access.SEALED:
        raise Refused("a sealed case is never merged into one that is not: merge the other way round")
    _carry_over(connection, pair, risk_levels)
    _seat_parties(connection, pair, hand)
    _seat_reporter(connection, pair, hand)
    _keep_away_from_both(connection, pair, hand)
    end(connection, gone, hand, Status.MERGED, Outcome.DUPLICATE.value)
    connection.execute(update(tables.case).where(tables.case.c.id == gone.id).values(merged_into=kept.id))
    tie(connection, pair, hand, LinkKind.MERGED)
    record(connection, gone, hand, "case.merged", {"from": gone.status.value, "other": kept.id})
    record(connection, kept, hand, "case.took_in", {"other": gone.id})


def _carry_over(connection: Connection, pair: Pair, risk_levels: Sequence[str]) -> None:
    """Both take the stricter access; the survivor the higher risk, every tag, a hold.

    That another reporter comes back by receipt says nothing of how the survivor's is reached.

    A sealed case that another is merged into stays as its own keys guard it; the other becomes restricted.
    """
    gone, kept = pair
    stricter = max(gone.access, kept.access, key=lambda one: one.strictness)
    tags = [one for one in gone.row.tags.split() if one != BY_RECEIPT or _is_same_reporter(pair)]
    rank = {level: number for number, level in enumerate(risk_levels)}
    values = {
        "risk": max(gone.row.risk, kept.row.risk, key=lambda level: rank.get(level, len(rank))),
        "tags": " ".join(dict.fromkeys([*kept.row.tags.split(), *tags])),
        "legal_hold": kept.row.legal_hold or gone.row.legal_hold,
        "access": stricter.value,
    }
    connection.execute(update(tables.case).where(tables.case.c.id == kept.id).values(**values))
    if gone.access is not Access.SEALED:
        least = Access.RESTRICTED if stricter is Access.SEALED else stricter
        connection.execute(update(tables.case).where(tables.case.c.id == gone.id).values(access=least.value))


def _seat_parties(connection: Connection, pair: Pair, hand: Hand) -> None:
    """Every party of the case that goes sits in the one that stays; answers to their tokens follow by `origin`."""
    gone, kept = pair
    keys = hand.keys(connection, gone)
    for row in connection.execute(select(tables.party).where(tables.party.c.case_id == gone.id)).all():
        if row.epoch not in keys:
            raise Refused("a party of it was named under a key that you do not hold: somebody else merges it")
        known = party_from(unseal(keys[row.epoch], row.known, Place("party", row.id, "known")))
        party_id, role = new_id(), PartyRole(row.role)
        add_row(connection, kept, hand, party_id, role, StoredParty(known.name, known.address, new_salt()), row.id)
        opened = {"thread_opened_by": row.thread_opened_by, "thread_opened_at": row.thread_opened_at}
        connection.execute(update(tables.party).where(tables.party.c.id == party_id).values(**opened))


def _seat_reporter(connection: Connection, pair: Pair, hand: Hand) -> None:
    """Another reporter becomes a complainant of the survivor, in a thread of their own; the same one needs no second seat."""
    gone, kept = pair
    if _is_same_reporter(pair):
        return
    known = _reporter(connection, gone, hand)
    party_id = new_id()
    add_row(connection, kept, hand, party_id, PartyRole.COMPLAINANT, known, gone.id)
    opened = {"thread_opened_by": hand.address, "thread_opened_at": kept.moment(hand.now)}
    connection.execute(update(tables.party).where(tables.party.c.id == party_id).values(**opened))


def _is_same_reporter(pair: Pair) -> bool:
    return bool(pair.one.row.sender_hash) and pair.one.row.sender_hash == pair.other.row.sender_hash


def _reporter(connection: Connection, gone: SeenCase, hand: Hand) -> StoredParty:
    """Who the reporter is to the survivor; without an address where none is known, or where mail is not to reach them."""
    first = first_heard(connection, gone.id, hand.keys(connection, gone))
    sender, unnamed = first.sender if first else Address(), f"Reporter of {gone.row.reference}"
    address = "" if BY_RECEIPT in gone.row.tags.split() else sender.address
    return StoredParty(sender.name or address or unnamed, address, new_salt())


def _keep_away_from_both(connection: Connection, pair: Pair, hand: Hand) -> None:
    """Who is kept away from one is kept away from both: no words of theirs cross over by a merge."""
    table = tables.exclusion
    away = {
        one.id: set(connection.execute(select(table.c.person).where(table.c.case_id == one.id)).scalars())
        for one in pair
    }
    for case, other in ((pair.other, pair.one), (pair.one, pair.other)):
        exclude_party(
            connection, case, hand, away[other.id] - away[case.id], "kept away from a case merged with this one"
        )
