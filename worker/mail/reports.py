"""Reports to staff: that their answer did not go out, why, and what was done instead; never to an unproven address."""

from datetime import datetime

from sqlalchemy import Connection, select

from cases.keys.ring import WorkerKeys
from cases.keys.sealing import Sealer
from cases.keys.tokens import Purpose
from cases.model.wording import Phrase
from cases.promises import mail_token
from cases.store import tables
from cases.store.codec import MailPayload
from cases.store.outbox import promise_mail

KEPT_AS_ANSWER = Phrase("kept.answer")


def promise_report(
    connection: Connection,
    keys: WorkerKeys,
    case: tuple[str, str],
    *,
    key: str,
    to: str,
    template: str,
    now: datetime,
    facts: tuple[tuple[str, str], ...] = (),
    phrases: tuple[tuple[str, Phrase], ...] = (),
) -> bool:
    """One mail to a colleague's registered address about a case (its id, "" where it is no more, and reference), due at once.

    False when the same was promised before. Facts and phrases hold reasons and names from closed sets, nothing of what was said.
    """
    case_id, reference = case
    payload = MailPayload(
        template=template,
        to=to,
        language="",
        reference=reference,
        reply_token=mail_token(keys, reference, to, Purpose.STAFF_REPLY, now),
        bounce_token=mail_token(keys, reference, to, Purpose.STAFF_BOUNCE, now),
        facts=facts,
        phrases=phrases,
    )
    to_service = Sealer(keys.service.public)
    return bool(promise_mail(connection, to_service, key, payload, case_id=case_id, at=now, due=now, urgent=True))


def report_unsent(
    connection: Connection, entry_id: str, reason: Phrase, keys: WorkerKeys, now: datetime, *, after: str = ""
) -> None:
    """Tell whoever wrote an answer that it is blocked, or came back. What no person wrote is told by the case alone."""
    case, message, outbox = tables.case, tables.message, tables.outbox
    key = connection.execute(select(outbox.c.key).where(outbox.c.id == entry_id)).scalar() or ""
    if not key.startswith("reply:"):
        return
    written = select(case.c.id, case.c.reference, message.c.author).join(message, message.c.case_id == case.c.id)
    row = connection.execute(written.where(message.c.id == key.removeprefix("reply:"))).first()
    if row is None or not row.author:
        return
    promise_report(
        connection,
        keys,
        (row.id, row.reference),
        key=f"unsent:{entry_id}{after}",
        to=row.author,
        template="notice_returned" if after else "notice_unsent",
        phrases=(("reason", reason), ("kept", KEPT_AS_ANSWER)),
        now=now,
    )
