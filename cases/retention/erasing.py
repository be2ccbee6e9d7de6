"""Erasing a case: its keys are destroyed, then whatever they sealed, every hash and address; its trail stays, and verifies."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, update

from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.model.lifecycle import ENDED
from cases.model.words import Channel, Status
from cases.promises import start_of_day
from cases.store import files, key_tables, learning_tables, tables
from cases.store.subject_tables import subject_item
from cases.store.trail_tables import backup, expiry

RETENTION = "retention"
"""The actor of what the ruleset erases."""

_WHOLE = (
    tables.wrap,
    tables.mail_id,
    tables.evidence,
    tables.party,
    tables.conclusion,
    tables.action_item,
    tables.step,
    tables.legal_hold,
    tables.hand_over,
    tables.exclusion,
    tables.rung,
    tables.outbox,
    key_tables.reporter_contact,
    key_tables.identity_request,
    key_tables.identity,
    key_tables.identity_key,
    key_tables.original,
    key_tables.pending,
    subject_item,
    learning_tables.correction,
    expiry,
)
"""Tables whose rows of the case go, in an order that foreign keys allow."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was destroyed. `backups_until` is when the last backup expires that could undo it, None where there is none."""

    reference: str
    wraps: int
    files: int
    backups_until: datetime | None


def erase(connection: Connection, case_id: str, *, because: str, by: str, now: datetime, entry: str = "") -> Erased:
    """Erase a closed case that no hold keeps; what stays is a line of figures, its clocks, and the trail.

    `entry` is the outbox entry that this is done for, which stays. Raises `Refused` for an open, held or erased case.
    """
    case = tables.case
    row = connection.execute(select(case).where(case.c.id == case_id).with_for_update()).first()
    if row is None or row.erased_at is not None:
        raise Refused("there is no such case any more")
    if row.legal_hold:
        raise Refused("a legal hold stands: nothing of this case is erased")
    if row.closed_at is None or Status(row.status) not in ENDED:
        raise Refused("the case is open: it is erased only after it was closed")
    moment = start_of_day(now) if row.channel == Channel.ANONYMOUS.value else now
    wraps = int(
        connection.execute(
            select(func.count()).select_from(tables.wrap).where(tables.wrap.c.case_id == case_id)
        ).scalar_one()
    )
    gone = files.erase(connection, case_id)
    for table in _WHOLE:
        kept = (tables.outbox.c.id != entry,) if table is tables.outbox else ()
        connection.execute(delete(table).where(table.c.case_id == case_id, *kept))
    link = tables.case_link
    connection.execute(delete(link).where(or_(link.c.case_id == case_id, link.c.other_id == case_id)))
    _empty(connection, case_id, moment)
    until = undone_until(connection, now)
    data: dict[str, Json] = {"because": because, "wraps": wraps, "files": gone}
    if until is not None:
        data["backups_until"] = until.date().isoformat()
    append(connection, [NewEvent(case_id, "case.erased", by, moment, data)])
    return Erased(row.reference, wraps, gone, until)


def undone_until(connection: Connection, now: datetime) -> datetime | None:
    """When the last backup expires that was made by now, and so holds what is erased now; None when there is none."""
    made = (backup.c.at <= now, backup.c.expires_at > now)
    found: datetime | None = connection.execute(select(func.max(backup.c.expires_at)).where(*made)).scalar()
    return found


def _empty(connection: Connection, case_id: str, moment: datetime) -> None:
    """Take what was sealed, hashed or somebody's address out of the rows that figures need."""
    message, case = tables.message, tables.case
    connection.execute(
        update(message)
        .where(message.c.case_id == case_id)
        .values(content=None, raw=None, author="", envelope_id=None, digest="", party_id="")
    )
    values = {
        "owner": "",
        "backup": "",
        "tags": "",
        "sender_hash": "",
        "likeness": "",
        "decision": b"",
        "public_key": b"",
    }
    connection.execute(update(case).where(case.c.id == case_id).values(erased_at=moment, **values))
