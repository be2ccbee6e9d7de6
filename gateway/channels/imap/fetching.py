"""From a folder into the inbox: every mail is sealed and on disk before it is moved, and one that fails stops no other."""

import hashlib
import hmac
import imaplib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from cases.model.words import Channel
from cases.store.engine import reading, writing
from gateway.channels.imap.session import SaidNo, Session, Waiting
from gateway.inbox import mailboxes
from gateway.inbox.envelope import Delivery
from gateway.inbox.inbox import Inbox

log = logging.getLogger("heed.imap")

MOST_TOGETHER = 32
MOST_BYTES_TOGETHER = 8 * 1024 * 1024
"""What is fetched at a time: all of it is in memory, several times over while it is sealed."""
LOOK_AT = 500
"""Mails whose sizes are asked for at a time."""
MOST_ATTEMPTS = 5
STORE_SECONDS = 60.0

_large = threading.Semaphore(1)
"""One large mail at a time, however many mailboxes there are."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches one mailbox. `salt` keys the ids of its envelopes; `ended` says when to stop between two mails."""

    name: str
    alias: str
    salt: bytes
    inbox: Inbox
    states: Engine
    max_bytes: int
    now: Callable[[], datetime]
    ended: Callable[[], bool]

    def empty(self, session: Session, folder: str, *, junk: bool, done: str, held: str) -> int:
        """Bring everything in a folder into the inbox and move it to `done`; returns how many mails.

        What cannot be fetched, or is too large, goes to `held` with a row and a line. Raises one of `FAULTS` when the
        connection or the inbox fails: then nothing was moved that is not on disk.
        """
        validity = session.choose(folder)
        with reading(self.states) as connection:
            failed = mailboxes.failed_before(connection, self.name, folder, validity)
        uids = sorted(session.search(), key=lambda uid: (failed.get(uid, 0), uid))
        stored = 0
        for start in range(0, len(uids), LOOK_AT):
            waiting = {one.uid: one for one in session.sizes(uids[start : start + LOOK_AT])}
            ordered = [waiting[uid] for uid in uids[start : start + LOOK_AT] if uid in waiting]
            for group in groups(ordered, failed, self.max_bytes):
                if self.ended():
                    return stored
                stored += self._group(session, group, _Source(folder, validity, junk, done, held), failed)
        return stored

    def _group(self, session: Session, group: Sequence[Waiting], source: "_Source", failed: dict[int, int]) -> int:
        """Fetch, store, move. A group that the server refuses is tried one by one."""
        first = group[0]
        if first.size > self.max_bytes:
            self._set_aside(session, first.uid, source, f"it is larger than {self.max_bytes} bytes")
            return 0
        if failed.get(first.uid, 0) >= MOST_ATTEMPTS:
            self._set_aside(session, first.uid, source, f"it could not be fetched, {MOST_ATTEMPTS} times")
            return 0
        with _large if first.size >= MOST_BYTES_TOGETHER else nullcontext():
            try:
                raws = session.fetch([one.uid for one in group], self.max_bytes + 1)
            except SaidNo as error:
                if len(group) > 1:
                    return sum(self._group(session, [one], source, failed) for one in group)
                self._failed(first.uid, source, failed, str(error))
                return 0
            except (OSError, imaplib.IMAP4.error) as error:
                # Perhaps it is one of these that ends the connection: from now on each travels alone, and last.
                for one in group:
                    self._failed(one.uid, source, failed, type(error).__name__)
                raise
            return self._take(session, group, raws, source, failed)

    def _take(
        self,
        session: Session,
        group: Sequence[Waiting],
        raws: dict[int, bytes],
        source: "_Source",
        failed: dict[int, int],
    ) -> int:
        """Store what was fetched, then move it; count what the server did not send though it is there."""
        whole = {uid: raw for uid, raw in raws.items() if len(raw) <= self.max_bytes}
        self.store(list(whole.values()), junk=source.junk)
        if source.junk:
            session.call_junk(list(whole))
        session.move(list(whole), source.done)
        for uid in failed.keys() & whole.keys():
            with writing(self.states) as connection:
                mailboxes.forget_unfetched(connection, source.place(self.name, uid))
        for uid in raws.keys() - whole.keys():  # the server's sizes are not to be relied on
            self._set_aside(session, uid, source, f"it is larger than {self.max_bytes} bytes")
        if missing := [one.uid for one in group if one.uid not in raws]:
            for still in session.sizes(missing):
                self._failed(still.uid, source, failed, "the server sent nothing")
        return len(whole)

    def store(self, raws: Sequence[bytes], *, junk: bool, again: str = "") -> None:
        """On disk when this returns, each once however often it comes. Raises `TryLater`.

        `again` makes other ids of the same mails: what the inbox had before does not count then.
        """
        put = [
            self.inbox.put(
                Delivery(channel=Channel.MAIL, raw=raw, alias=self.alias, junk=junk),
                envelope_id=envelope_id(self.salt, raw, again),
            )
            for raw in raws
        ]
        for one in put:
            one.result(timeout=STORE_SECONDS)

    def _failed(self, uid: int, source: "_Source", failed: dict[int, int], words: str) -> None:
        with writing(self.states) as connection:
            failed[uid] = mailboxes.note_unfetched(connection, source.place(self.name, uid), self.now(), words)
        log.warning("mailbox %s: uid %d not fetched (%s), attempt %d", self.name, uid, words, failed[uid])

    def _set_aside(self, session: Session, uid: int, source: "_Source", words: str) -> None:
        """The row first: whatever happens to the move, somebody will hear of it."""
        with writing(self.states) as connection:
            mailboxes.note_unfetched(connection, source.place(self.name, uid), self.now(), words, set_aside=True)
        log.error("mailbox %s: uid %d goes to the held folder: %s", self.name, uid, words)
        session.move([uid], source.held)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a mail comes from and where it may go."""

    folder: str
    validity: int
    junk: bool
    done: str
    held: str

    def place(self, mailbox: str, uid: int) -> mailboxes.Place:
        return mailboxes.Place(mailbox, self.folder[:200], self.validity, uid)


def envelope_id(salt: bytes, raw: bytes, again: str = "") -> str:
    """The id that the same bytes get wherever in a mailbox they lie; without the salt it tells nothing about them."""
    return hmac.new(salt + again.encode(), raw, hashlib.sha256).hexdigest()[:32]


def groups(waiting: Sequence[Waiting], failed: dict[int, int], most: int) -> Iterator[list[Waiting]]:
    """What is fetched together: small ones up to a bound; alone what is large, over `most` bytes, or failed before."""
    group: list[Waiting] = []
    size = 0
    for one in waiting:
        alone = one.uid in failed or one.size >= MOST_BYTES_TOGETHER or one.size > most
        if group and (alone or len(group) >= MOST_TOGETHER or size + one.size > MOST_BYTES_TOGETHER):
            yield group
            group, size = [], 0
        if alone:
            yield [one]
            continue
        group.append(one)
        size += one.size
    if group:
        yield group
