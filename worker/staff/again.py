"""What was said a moment ago: an answer that is delivered a second time, or a colleague's that came in between."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, select

from cases.handling.hand import Hand
from cases.handling.words import Words
from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.words import Direction
from cases.store.codec import message_from
from cases.store.sight import SeenCase
from cases.store.tables import message, outbox

A_MOMENT = timedelta(minutes=10)
"""So long the same words and files of the same colleague are one answer: a client or server that saw no end sends anew, some
with a Message-ID of its own."""


def said_already(connection: Connection, seen: SeenCase, hand: Hand, words: Words, keys: Mapping[int, KeyPair]) -> bool:
    """Whether the last that was said between HR and the reporter is this, by the same colleague, a moment ago: where the reporter
    wrote in between, the same words are another answer.
    """
    columns = (message.c.id, message.c.direction, message.c.author, message.c.at, message.c.epoch, message.c.content)
    spoken = (message.c.case_id == seen.id, message.c.party_id == "", message.c.direction != Direction.NOTE.value)
    row = connection.execute(select(*columns).where(*spoken).order_by(message.c.number.desc()).limit(1)).first()
    if row is None or row.direction != Direction.OUTBOUND.value or row.author != hand.address:
        return False
    if row.content is None or row.epoch not in keys:
        return False
    if row.at < seen.moment(hand.now - A_MOMENT):
        return False
    said = message_from(unseal(keys[row.epoch], row.content, Place("message", row.id, "content"))).submission
    given = [(one.filename, one.sha256, one.inline) for one in words.files]
    kept = [(one.filename, one.sha256, one.inline) for one in said.attachments]
    return said.new_text == words.text.strip() and kept == given


def answered_meanwhile(connection: Connection, seen: SeenCase, hand: Hand, notice: str) -> str:
    """The address of a colleague who has answered since a notice (the id of its outbox entry) was promised, or ""."""
    since = connection.execute(select(outbox.c.created_at).where(outbox.c.id == notice)).scalar()
    if since is None:
        return ""
    newer = (message.c.author.not_in([hand.address, ""]), message.c.at >= since)
    query = select(message.c.author).where(*_answers(seen), *newer).order_by(message.c.number.desc())
    return connection.execute(query.limit(1)).scalar() or ""


def _answers(seen: SeenCase) -> tuple[ColumnElement[bool], ...]:
    to_reporter = (message.c.direction == Direction.OUTBOUND.value, message.c.party_id == "")
    return (message.c.case_id == seen.id, *to_reporter)
