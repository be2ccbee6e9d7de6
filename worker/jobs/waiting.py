"""Which mails wait for the one that they answer: nobody's reply becomes a case of its own because it was read first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.jobs.item import Item

WAITS_AT_MOST = timedelta(days=2)


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
            beside = any((one, sender) in before for one in (said.in_reply_to, *said.references))
            came = item.leased.received_at
            older = elsewhere is not None and elsewhere < came and now - came < WAITS_AT_MOST
            if beside or older:
                waiting.append(item)
        if said.message_id and sender:
            before.add((said.message_id, sender))
    return waiting
