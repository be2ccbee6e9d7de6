"""Watches the home's rules.yaml: what was never published is checked and tested by itself, and HR ops hear of it."""

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from cases.errors import HeedError
from cases.store import leases
from cases.store.engine import writing
from cases.store.outbox import promise_to_attend
from gateway.rulesets.files import State, Watched, look_at
from gateway.versions import StoredVersions

log = logging.getLogger("heed.worker")
LOOK_EVERY = 2.0
"""Seconds between two looks. A file is looked into only when it was the same at the look before: no half-written one."""
LEASE_SECONDS = 60.0
"""One worker checks and tests it; another may when that one has not said anything for so long."""
NOTHING_NEW = (State.ABSENT, State.IN_FORCE, State.EARLIER)

Stamp = tuple[int, int, int]


class Proposals:
    """One worker's eye on the file. `look` does it once; `watch` does so until `close`, in a thread."""

    def __init__(self, record: Engine, path: Path, now: Callable[[], datetime]) -> None:
        self._record, self._path, self._now = record, path, now
        self._holder = secrets.token_hex(8)
        self._before: Stamp | None = None
        self._done: Stamp | None = None
        self._closed = threading.Event()

    def watch(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, name="rules file", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()

    def look(self) -> str:
        """The key of what is promised because of the file, "" when there is nothing new or it is still being written."""
        stamp, before = self._stamp(), self._before
        self._before = stamp
        if stamp is None or stamp != before or stamp == self._done:
            return ""
        now = self._now()
        with writing(self._record) as connection:
            if not leases.take(connection, "rules.yaml", self._holder, now, LEASE_SECONDS):
                return ""
        found = look_at(self._path, StoredVersions(self._record))
        key = "" if found.state in NOTHING_NEW else f"proposal:{found.hash or self._fingerprint()}:{found.state}"
        with writing(self._record) as connection:
            if key and promise_to_attend(connection, [(key, None, False)], now):
                log.info("rules.yaml: %s", _said(found))
            leases.give_up(connection, "rules.yaml", self._holder)
        self._done = stamp
        return key

    def _run(self) -> None:
        while not self._closed.wait(LOOK_EVERY):
            try:
                self.look()
            except HeedError as error:
                log.warning("rules.yaml: %s", error)
            except Exception as error:  # noqa: BLE001  the boundary: whatever is wrong with the file, triage goes on
                log.error("rules.yaml could not be looked at: %s", type(error).__name__)  # noqa: TRY400

    def _stamp(self) -> Stamp | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _fingerprint(self) -> str:
        """A name for what is no text, and so no version."""
        with self._path.open("rb") as file:
            return sha256(file.read(1 << 20)).hexdigest()[:16]


def _said(found: Watched) -> str:
    """For the log: which version, and what it is; no words of the file."""
    return f"version {found.hash or 'unreadable'} is {found.state}"
