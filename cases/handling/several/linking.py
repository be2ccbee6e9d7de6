"""Links between cases: related ones find each other; what one may not see cannot be linked, and no link shows it."""

from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling.hand import Hand, record
from cases.model.veil import PROTECTED
from cases.model.work import LinkKind
from cases.store import tables
from cases.store.sight import SeenCase, require


class Pair(NamedTuple):
    """Two cases in one person's hands, both locked."""

    one: SeenCase
    other: SeenCase


def link(connection: Connection, reference: str, other: str, hand: Hand) -> None:
    """Link two cases as related. Raises `Refused` for one that is not theirs, as for one that does not exist."""
    pair = both(connection, reference, other, hand)
    if linked(connection, pair):
        return
    tie(connection, pair, hand, LinkKind.RELATED)
    record(connection, pair.one, hand, "case.linked", {"other": pair.other.id})
    record(connection, pair.other, hand, "case.linked", {"other": pair.one.id})


def both(connection: Connection, reference: str, other: str, hand: Hand) -> Pair:
    """Both cases, locked in one order whoever asks, so that two people never wait for each other."""
    if reference == other:
        raise Refused("that is the same case")
    found = {one: require(connection, one, hand.viewer, Action.LINK, lock=True) for one in sorted((reference, other))}
    return Pair(found[reference], found[other])


def check_not_protected(*tags: str) -> None:
    """Words of a protected reporter stay where their contact is kept. Raises `Refused` for the tags of such a case."""
    if any(PROTECTED in one.split() for one in tags):
        raise Refused("the reporter is protected: link the cases instead")


def linked(connection: Connection, pair: Pair) -> bool:
    """Whether a link of any kind stands between them."""
    table, ids = tables.case_link, (pair.one.id, pair.other.id)
    query = select(table.c.kind).where(table.c.case_id.in_(ids), table.c.other_id.in_(ids))
    return connection.execute(query).first() is not None


def tie(connection: Connection, pair: Pair, hand: Hand, kind: LinkKind) -> None:
    """The row of a link; one of another kind between the two gives way."""
    table, ids = tables.case_link, (pair.one.id, pair.other.id)
    connection.execute(table.delete().where(table.c.case_id.in_(ids), table.c.other_id.in_(ids)))
    connection.execute(
        insert(table).values(
            case_id=pair.one.id,
            other_id=pair.other.id,
            kind=kind.value,
            author=hand.address,
            at=pair.one.moment(hand.now),
        )
    )
