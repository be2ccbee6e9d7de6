"""A mailbox door in a thread of its own, between a real Dovecot and an inbox of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from cases.keys.files import KeyFiles
from cases.keys.sealing import Opener
from cases.model.words import Channel
from cases.store.engine import open_database, reading, sqlite_url
from gateway.channels.imap.door import MailboxDoor, door_of
from gateway.inbox import mailboxes
from gateway.inbox.envelope import Delivery, open_delivery
from gateway.inbox.inbox import Inbox
from gateway.inbox.tables import envelope
from gateway.settings import ImapSlice
from heedtest.dovecot import PASSWORD, Dovecot
from heedtest.stores import lay_out
from heedtest.waiting import crowding, wait_until


@dataclass
class Mailroom:
    """Settings, keys, an inbox, and the door of the mailbox `hr`, which a test runs when it likes."""

    home: Path
    settings: ImapSlice
    states: Engine
    inbox: Inbox
    days: float = 0.0
    doors: list[tuple[MailboxDoor, threading.Thread]] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[MailboxDoor]:
        """The door at work; at the end it has ended within 5 seconds."""
        door = door_of("hr", self.settings, self.inbox, self.states)
        door.now = self.now
        thread = threading.Thread(target=door.run, daemon=True)
        thread.start()
        try:
            yield door
        finally:
            door.end()
            thread.join(5 * crowding())
        assert not thread.is_alive(), "the door did not end within 5 seconds"

    def now(self) -> datetime:
        """The clock, some days ahead."""
        return datetime.now(UTC) + timedelta(days=self.days)

    def stored(self) -> list[Delivery]:
        """Everything in the inbox, opened."""
        opener = Opener(KeyFiles(self.home / "keys").pair("triage"))
        with reading(self.states) as connection:
            rows = connection.execute(select(envelope.c.id, envelope.c.sealed)).all()
        return [open_delivery(row.id, Channel.MAIL, row.sealed, opener) for row in rows]

    def wait_for(self, count: int, *, seconds: float = 30.0) -> list[Delivery]:
        """What is stored once there are so many."""
        wait_until(lambda: self._count() >= count, f"{count} mails in the inbox", seconds=seconds)
        return self.stored()

    def state(self) -> mailboxes.MailboxState | None:
        """What is known of the mailbox."""
        with reading(self.states) as connection:
            return next(iter(mailboxes.known(connection)), None)

    def _count(self) -> int:
        with reading(self.states) as connection:
            return len(connection.execute(select(envelope.c.id)).all())


def mailbox_settings(server: Dovecot, user: str, **more: Any) -> dict[str, Any]:
    """A mailbox of a test's Dovecot."""
    signed_in = {} if "token_url" in more else {"password": PASSWORD}
    return {"host": "127.0.0.1", "port": server.port, "tls": "none", "user": user, **signed_in, **more}


@contextmanager
def mailroom(home: Path, mailbox: dict[str, Any], **imap: Any) -> Iterator[Mailroom]:
    """A mailroom in a home of its own."""
    home.mkdir(parents=True, exist_ok=True)
    KeyFiles(home / "keys").create_missing()
    settings = ImapSlice.model_validate({"home": home, "imap": {"mailboxes": {"hr": mailbox}, **imap}})
    lay_out(home)
    states = open_database(sqlite_url(home / "inbox.db"), schema="heed_inbox", busy_seconds=2)
    public = KeyFiles(home / "keys").public("triage")
    inbox = Inbox(open_database(sqlite_url(home / "inbox.db"), schema="heed_inbox", busy_seconds=2), public)
    try:
        yield Mailroom(home, settings, states, inbox)
    finally:
        inbox.close()
        states.dispose()


def letter(number: int, text: str = "My payslip is wrong.", size: int = 0) -> bytes:
    """A mail of its own, at least `size` bytes long."""
    head = (
        f"From: sam{number}@acme.example\r\nTo: hr@acme.example\r\nSubject: Question {number}\r\n"
        f"Message-ID: <{number}@acme.example>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n\r\n{text} {number}\r\n"
    ).encode()
    line = b"x" * 76 + b"\r\n"
    return head + line * (max(0, size - len(head)) // len(line))
