"""Once a day the newest head of the trail is signed, kept, and mailed to where nobody who runs this machine can change it."""

from datetime import datetime

from sqlalchemy import Connection

from cases.audit import anchoring
from cases.model.wording import phrase
from cases.store.outbox import OutboxEntry
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found


def find(_connection: Connection, now: datetime, _settings: RelaySlice) -> list[Found]:
    """Today's anchor."""
    return [Found(f"anchor:{now:%Y%m%d}")]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Sign where the trail stands, and mail it where an address is configured."""
    made = anchoring.make(desk.connection, desk.shop.keys.anchor, by="heed", now=desk.now)
    if to := desk.shop.settings.keeping.anchor_to:
        desk.tell("notice_anchor", (to,), phrase("line.anchor"), urgent=True, facts=(("anchor", made.written()),))
