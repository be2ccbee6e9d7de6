"""One mail of ours out by the relay and back in by a door: how long each step took, or which one failed and what to look at."""

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sqlalchemy import Engine

from cases.errors import HeedError
from cases.keys.files import KeyFiles
from cases.model.codes import new_reference
from cases.store.engine import reading
from gateway.doctor import Finding
from gateway.inbox import states
from gateway.settings import WorkerSlice
from worker.mail.compose import Mail, sender_of
from worker.mail.probes import Heard, compose_probe, heard_of
from worker.mail.transport import Transport, open_transport

OUT, BACK = "mail out", "mail back"
LOOKS_EVERY = 0.5
"""Seconds."""


def now_utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


def round_trip(
    settings: WorkerSlice,
    inbox: Engine,
    record: Engine,
    to: str,
    wait: float,
    *,
    transport: Transport | None = None,
    now: Callable[[], datetime] = now_utc,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Finding]:
    """Send it to `to` ("" is the alias), and wait so many seconds for it. Says each step as it is done."""
    if transport is None and not settings.outgoing.host:
        words = "no relay is configured (outgoing.relay, or outgoing.provider): mail stays in the home, in `outgoing`"
        yield Finding(OUT, "red", words)
        return
    began = now()
    try:
        mail = _sent(settings, to, transport, now)
    except HeedError as error:
        yield Finding(OUT, "red", f"nothing was sent: {error}")
        return
    yield Finding(OUT, "green", f"the relay took a mail to {mail.to} in {_seconds(began, now())}")
    yield _back(record, mail, began, wait, now, pause) or _silence(inbox, mail, began, wait)


def _sent(settings: WorkerSlice, to: str, transport: Transport | None, now: Callable[[], datetime]) -> Mail:
    sender = sender_of(settings)
    tokens = KeyFiles(settings.keys_folder).tokens()
    mail = compose_probe(new_reference(secrets.randbits), to or sender.address, sender, tokens, now())
    by = transport or open_transport(settings.outgoing, settings.home, sender.domain)
    try:
        by.send(mail)
    finally:
        by.finish()
    return mail


def _back(
    record: Engine,
    mail: Mail,
    began: datetime,
    wait: float,
    now: Callable[[], datetime],
    pause: Callable[[float], None],
) -> Finding | None:
    """What became of it, once that is known; None when the time is over."""
    waited = 0.0
    while waited < wait:
        with reading(record) as connection:
            heard = heard_of(connection, mail.entry_id)
        if heard is not None:
            return _heard(mail, heard, began, now())
        pause(LOOKS_EVERY)
        waited += LOOKS_EVERY
    return None


def _heard(mail: Mail, heard: Heard, began: datetime, at: datetime) -> Finding:
    came = _seconds(began, heard.received_at)
    if heard.arrived:
        return Finding(
            BACK, "green", f"it was in the inbox after {came}, and known for what it is after {_seconds(began, at)}"
        )
    said = f"status {heard.status}" if heard.status else "no status"
    words = f"it was returned after {came} ({said}): the relay could not deliver to {mail.to}; does that address exist?"
    return Finding(BACK, "red", words)


def _silence(inbox: Engine, mail: Mail, began: datetime, wait: float) -> Finding:
    with reading(inbox) as connection:
        unread = states.unread_since(connection, began)
    if unread:
        words = (
            f"{unread} mails came in meanwhile that no worker has read: is `heed serve` (or relay and worker) running?"
        )
    else:
        words = (
            f"the relay took it, and it did not come in within {wait:.0f} seconds: does your mail server pass on mail to "
            f"{mail.to} to the SMTP door, or into a mailbox of [imap.mailboxes]? Its log says where it went"
        )
    return Finding(BACK, "red", words)


def _seconds(began: datetime, ended: datetime) -> str:
    return f"{max(0.0, (ended - began).total_seconds()):.1f} seconds"
