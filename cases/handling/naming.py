"""Naming the reporter of a case that a colleague passed on without anything that said whose words they are."""

from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select, update

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling.hand import Hand, new_salt, record
from cases.keys.hashing import sender_hash
from cases.keys.sealing import Place, seal, unseal
from cases.model.submission import Address
from cases.model.words import Direction
from cases.store import tables
from cases.store.codec import StoredMessage, message_from, to_bytes
from cases.store.rows import new_id
from cases.store.sight import require


def name_reporter(connection: Connection, reference: str, hand: Hand, address: str) -> None:
    """Say whose words began the case: they stand in it once more, as that person's, and answers go there.

    What was written first stays as it was, marked as not confirmed. Raises `Refused` for no address, or where the reporter
    is known already.
    """
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    address = address.strip("<> ")
    if address.count("@") != 1 or not all(address.split("@")) or any(letter.isspace() for letter in address):
        raise Refused(f"“{address[:60]}” is no mail address")
    table = tables.message
    inbound = (table.c.case_id == seen.id, table.c.direction == Direction.INBOUND.value, table.c.party_id == "")
    first = connection.execute(select(table).where(*inbound).order_by(table.c.number).limit(1)).first()
    keys = hand.keys(connection, seen)
    if first is None or first.content is None or first.epoch not in keys or seen.row.sender_hash:
        raise Refused("the reporter of this case is known")
    stored = message_from(unseal(keys[first.epoch], first.content, Place("message", first.id, "content")))
    said = replace(stored.submission, sender=Address(stored.submission.sender.name, address), attachments=())
    content, message_id = to_bytes(StoredMessage(said, new_salt())), new_id()
    digest = sha256(content).hexdigest()
    highest = connection.execute(select(func.max(table.c.number)).where(table.c.case_id == seen.id)).scalar()
    connection.execute(update(table).where(table.c.id == first.id).values(confirmed=False))
    connection.execute(
        insert(table).values(
            id=message_id,
            case_id=seen.id,
            number=(highest or 0) + 1,
            direction=Direction.INBOUND.value,
            channel=first.channel,
            at=hand.now,
            epoch=seen.row.epoch,
            content=seal(seen.row.public_key, content, Place("message", message_id, "content")),
            digest=digest,
        )
    )
    values = {"sender_hash": sender_hash(hand.index, address)}
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
    record(connection, seen, hand, "reporter.named", {"message": message_id, "digest": digest, "of": first.id})
