"""What somebody of a case was heard to say, and with it who its reporter is: the one answer that every mail goes by."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.submission import Submission
from cases.model.words import AutomaticKind, Direction
from cases.store.codec import message_from
from cases.store.tables import message


def first_heard(connection: Connection, case_id: str, keys: Mapping[int, KeyPair]) -> Submission | None:
    """The reporter's first words that are known to be theirs: their sender is whom answers go to. None where these keys,
    by epoch, open none, or only machines wrote.

    What a colleague passed on without its writer's address is not known to be anybody's once the reporter is named: the
    words stand in the case once more, as theirs.
    """
    return _heard(connection, case_id, keys, "", latest=False)


def last_heard(connection: Connection, case_id: str, keys: Mapping[int, KeyPair], party: str = "") -> Submission | None:
    """The latest such words of the reporter, or of a party (by its id): what an answer follows."""
    return _heard(connection, case_id, keys, party, latest=True)


def _heard(
    connection: Connection, case_id: str, keys: Mapping[int, KeyPair], party: str, *, latest: bool
) -> Submission | None:
    row = connection.execute(
        select(message.c.id, message.c.epoch, message.c.content)
        .where(
            message.c.case_id == case_id,
            message.c.party_id == party,
            message.c.direction == Direction.INBOUND.value,
            message.c.confirmed.is_(True),
            message.c.automatic == AutomaticKind.NONE.value,
            message.c.content.is_not(None),
            message.c.epoch.in_(list(keys)),
        )
        .order_by(message.c.number.desc() if latest else message.c.number)
        .limit(1)
    ).first()
    if row is None:
        return None
    return message_from(unseal(keys[row.epoch], row.content, Place("message", row.id, "content"))).submission
