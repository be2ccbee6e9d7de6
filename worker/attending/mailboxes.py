"""A mailbox has not been read for too long: who runs Heed hears of it, each day anew."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases.model.wording import phrase
from cases.store.outbox import OutboxEntry
from gateway.inbox.mailboxes import known
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found

AGAIN = timedelta(days=1)


def find(inbox: Connection, now: datetime, settings: RelaySlice) -> list[Found]:
    """Mailboxes that were tried and not read; asked of the inbox."""
    if not settings.reminders.mailbox_minutes:
        return []
    stale = [one for one in known(inbox) if one.tried_at and one.stale(now, settings.reminders.mailbox_minutes)]
    return [
        Found(f"mailbox:{one.name[:40]}:{one.good_at:%Y%m%d%H%M}:{(now - one.good_at) // AGAIN}", None, urgent=True)
        if one.good_at
        else Found(f"mailbox:{one.name[:40]}:never:{now:%Y%m%d}", None, urgent=True)
        for one in stale
    ]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Tell who runs Heed, at once: mail may be waiting there unread."""
    line = phrase("line.mailbox", mailbox=desk.subject[0])
    desk.tell(
        "notice_mailbox", desk.with_role("administrator"), line, urgent=True, facts=(("mailbox", desk.subject[0]),)
    )
