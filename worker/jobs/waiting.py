"""Which mails wait for the one that they answer: nobody's reply becomes a case of its own because it was read first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from cases.keys.hashing import keyed_hash
from cases.model.submission import Submission
from gateway.inbox import states

if TYPE_CHECKING:
    from worker.jobs.item import Item

WAITS_AT_MOST = timedelta(days=2)
WAITS_FOR_HELD = timedelta(hours=4)
"""Somebody looks at what is held; the answer to it may be urgent, and after so long goes on without."""
LOOKS_AGAIN = timedelta(minutes=1)


def mail_key(index_key: bytes, submission: Submission, message_id: str | None = None) -> str:
    """How a mail of this sender is known while it is held: by its Message-ID (or another's), under the index key."""
    named = submission.message_id if message_id is None else message_id
    sender = submission.sender.address.casefold()
    return keyed_hash(index_key, "held-mail", f"{named}\x1f{sender}") if named and sender else ""


def answers_held(connection: Connection, items: Sequence["Item"], index_key: bytes, now: datetime) -> list["Item"]:
    """Those that answer a mail of the same sender that is held, and may wait for it yet."""
    keys = {
        item.leased.id: {mail_key(index_key, item.submission, one) for one in item.answered_ids}
        for item in items
        if item.joins is None and item.answers_mail and now - item.leased.received_at < WAITS_FOR_HELD
    }
    held = states.held_mails(connection, sorted(set[str]().union(*keys.values()) - {""}))
    return [item for item in items if keys.get(item.leased.id, set()) & held]


def answers_another(items: Sequence["Item"], elsewhere: datetime | None, now: datetime) -> list["Item"]:
    """Those whose case may be about to be opened.

    In one batch that is certain: they answer a mail of the same sender further up (further up only: circles end). Across batches
    envelopes are sealed, so whoever answers a mail that nobody knows waits for every older one: `elsewhere` is when the
    oldest mail that is still new in other hands came. The oldest never waits, so it goes on.
    """
    before = set[tuple[str, str]]()
    waiting = []
    for item in items:
        said = item.submission
        sender = said.sender.address.casefold()
        if item.joins is None and item.answers_mail:
            beside = any((one, sender) in before for one in item.answered_ids)
            came = item.leased.received_at
            older = elsewhere is not None and elsewhere < came and now - came < WAITS_AT_MOST
            if beside or older:
                waiting.append(item)
        if said.message_id and sender:
            before.add((said.message_id, sender))
    return waiting
