"""What Heed looks after by itself: one file a thing, which finds what is due and does it when a worker gets to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases.store.outbox import OutboxEntry
from gateway.settings import RelaySlice
from worker.attending import (
    anchor,
    away,
    calendars,
    closing,
    directory,
    keeping,
    learning,
    look,
    mailboxes,
    progress,
    proposal,
    reviews,
    rung,
    soon,
    subject,
    survey,
    unowned,
    waiting,
)
from worker.attending.desk import Desk
from worker.attending.found import Found

Find = Callable[[Connection, datetime, RelaySlice], list[Found]]
Attend = Callable[[Desk, OutboxEntry], None]


@dataclass(frozen=True, slots=True)
class Check:
    """A thing that is looked for every so often, by reading alone."""

    every: timedelta
    find: Find


CHECKS: dict[str, Check] = {
    "soon": Check(timedelta(minutes=1), soon.find),
    "unowned": Check(timedelta(minutes=1), unowned.find),
    "calendars": Check(timedelta(minutes=5), calendars.find),
    "away": Check(timedelta(minutes=5), away.find),
    "progress": Check(timedelta(hours=1), progress.find),
    "waiting": Check(timedelta(hours=1), waiting.find),
    "closing": Check(timedelta(hours=1), closing.find),
    "survey": Check(timedelta(hours=1), survey.find),
    "reviews": Check(timedelta(hours=1), reviews.find),
    "directory": Check(timedelta(hours=1), directory.find),
    "keeping": Check(timedelta(hours=1), keeping.find),
    "anchor": Check(timedelta(hours=1), anchor.find),
    "look": Check(timedelta(minutes=5), look.find),
    "learning": Check(timedelta(minutes=5), learning.find),
}
"""What the relay looks for in the record."""

INBOX_CHECKS: dict[str, Check] = {"mailbox": Check(timedelta(minutes=5), mailboxes.find)}
"""What it looks for in the inbox."""

ATTENDERS: dict[str, Attend] = {
    "rung": rung.attend,
    "soon": soon.attend,
    "unowned": unowned.attend,
    "away": away.attend,
    "progress": progress.attend,
    "stalled": progress.attend_stalled,
    "waiting": waiting.attend,
    "closing": closing.attend,
    "survey": survey.attend,
    "review": reviews.attend,
    "directory": directory.attend,
    "keeping": keeping.attend,
    "expiring": keeping.attend_warning,
    "erasing": keeping.attend_erasure,
    "anchor": anchor.attend,
    "subject": subject.attend,
    "mailbox": mailboxes.attend,
    "calendars": calendars.attend,
    "look": look.attend,
    "learning": learning.attend,
    "proposal": proposal.attend,
}
"""What a worker does about each, by the first word of its outbox key."""
