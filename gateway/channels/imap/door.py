"""The mailbox door: one thread a mailbox, watching by IDLE with polling beneath, coming back by itself whatever happens."""

import logging
import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from cases.errors import HeedError, Refused
from cases.store.engine import writing
from gateway.channels.imap.fetching import Fetcher
from gateway.channels.imap.folders import Folders, find_folders
from gateway.channels.imap.keeping import tidy
from gateway.channels.imap.session import FAULTS, Session, connect, refuses_us, words_for
from gateway.inbox import mailboxes
from gateway.inbox.inbox import Inbox
from gateway.oauth import Tokens, grant_of
from gateway.settings import ImapSlice
from gateway.settings.imap import Mailbox

log = logging.getLogger("heed.imap")

FIRST_WAIT = 1.0
FIRST_WAIT_WHEN_REFUSED = 30.0
"""Seconds: a server that refuses the password locks the account of whoever insists."""
LONGEST_WAIT = 300.0
TIDY_EVERY = timedelta(hours=1)
SAY_EVERY = timedelta(seconds=5)
"""How often, at most, a good fetch is written down."""


@dataclass
class MailboxDoor:
    """One mailbox, for as long as the process lives. `run` returns only after `end`."""

    name: str
    mailbox: Mailbox
    settings: ImapSlice
    inbox: Inbox
    states: Engine
    tokens: Tokens | None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _ended: threading.Event = field(default_factory=threading.Event)
    _session: Session | None = None
    _tidied: datetime | None = None
    _said: datetime | None = None
    _good: bool = False

    def __post_init__(self) -> None:
        """A pipe that `end` writes to, so that IDLE hears of it."""
        self._wake, self._waker = os.pipe()

    def run(self) -> None:
        """Connect, fetch, wait, for ever; after a fault again, with back-off."""
        wait = 0.0
        while not self._ended.is_set():
            self._good = False
            try:
                self._visit()
            except (*FAULTS, Refused) as error:
                first = FIRST_WAIT_WHEN_REFUSED if refuses_us(error) else FIRST_WAIT
                wait = first if self._good else min(max(wait * 2, first), LONGEST_WAIT)
                self._trouble(words_for(error), wait)
            except Exception as error:  # noqa: BLE001  the boundary: one mailbox's surprise stops neither it nor others
                wait = min(max(wait * 2, FIRST_WAIT), LONGEST_WAIT)
                self._trouble(f"something unforeseen ({type(error).__name__})", wait)
            self._ended.wait(wait * random.uniform(0.8, 1.2))  # noqa: S311  so that mailboxes do not come back together

    def end(self) -> None:
        """Stop soon: between two mails, in IDLE, in back-off, or in an answer that does not come."""
        self._ended.set()
        with suppress(OSError):
            os.write(self._waker, b".")
        if self._session is not None:
            self._session.cut()

    def _visit(self) -> None:
        """One connection, until it ends."""
        session = self._session = connect(self.mailbox, self.tokens, self.settings.imap.timeout)
        try:
            folders = find_folders(session, self.mailbox)
            with writing(self.states) as connection:
                fetcher = self.fetcher(mailboxes.salt_of(connection, self.name))
            while not self._ended.is_set():
                self._round(session, fetcher, folders)
                if not self._ended.is_set():
                    session.wait(self.settings.imap.poll_seconds, self._wake)
        finally:
            self._session = None
            session.close()

    def fetcher(self, salt: bytes) -> Fetcher:
        """Who brings this mailbox's mail into the inbox."""
        alias = self.mailbox.alias or self.settings.organisation.hr_address
        most = self.settings.imap.max_bytes
        return Fetcher(self.name, alias, salt, self.inbox, self.states, most, self.now, self._ended.is_set)

    def _round(self, session: Session, fetcher: Fetcher, folders: Folders) -> None:
        """Empty every folder; the first one last, so that it is selected while we wait."""
        stored = 0
        for folder, junk in reversed(folders.sources):
            stored += fetcher.empty(session, folder, junk=junk, done=folders.done, held=folders.held)
        if self._ended.is_set():
            return
        now = self.now()
        if stored or not self._good or self._said is None or now - self._said >= SAY_EVERY:
            with writing(self.states) as connection:
                mailboxes.note_good(connection, self.name, now, session.count(folders.held))
            self._said = now
        if stored:
            log.info("mailbox %s: %d mails stored", self.name, stored)
        elif not self._good:
            log.info("mailbox %s: connected", self.name)
        self._good = True
        if self._tidied is None or now - self._tidied >= TIDY_EVERY:
            keep = timedelta(days=self.settings.imap.mailbox_keep)
            gone = tidy(session, self.states, self.name, folders.done, now=now, keep=keep)
            self._tidied = now
            if gone:
                log.info("mailbox %s: %d mails of the done folder deleted", self.name, gone)
                session.choose(folders.sources[0][0])

    def _trouble(self, words: str, wait: float) -> None:
        if self._ended.is_set():  # whatever it was, we cut the connection ourselves
            return
        log.warning("mailbox %s: %s; again in %.0f s", self.name, words, wait)
        try:
            with writing(self.states) as connection:
                mailboxes.salt_of(connection, self.name)
                mailboxes.note_trouble(connection, self.name, self.now(), words)
        except HeedError as error:
            log.warning("mailbox %s: its state could not be written (%s)", self.name, error)


def door_of(name: str, settings: ImapSlice, inbox: Inbox, states: Engine) -> MailboxDoor:
    """The door of one configured mailbox. Raises `Refused` when there is none of that name."""
    mailbox = settings.imap.mailboxes.get(name)
    if mailbox is None:
        raise Refused(f"no mailbox {name} is configured; there are {', '.join(settings.imap.mailboxes) or 'none'}")
    return MailboxDoor(name, mailbox, settings, inbox, states, tokens_of(name, mailbox, settings.keys_folder))


def tokens_of(name: str, mailbox: Mailbox, keys_folder: Path) -> Tokens | None:
    """Where a mailbox's access tokens come from; None where a password is used."""
    if not mailbox.tokens_from:
        return None
    grant = grant_of(mailbox, mailbox.user, keys_folder.parent)
    return Tokens(grant, clock=time.monotonic, wall=time.time, kept_in=keys_folder / f"imap-{name}.token")
