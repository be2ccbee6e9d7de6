"""What the relay looks for by itself, each thing every so often: it reads, and promises what it finds."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from cases.store.engine import reading, writing
from cases.store.outbox import promise_to_attend
from gateway.settings import RelaySlice
from worker.attending import CHECKS, INBOX_CHECKS

log = logging.getLogger("heed.relay")


@dataclass
class Lookout:
    """Runs the checks that are due. It remembers when it looked; that a thing is done once is the outbox key's doing."""

    inbox: Engine
    record: Engine
    settings: RelaySlice
    _looked: dict[str, datetime] = field(default_factory=dict)

    def look(self, now: datetime) -> int:
        """One check that is due, the one that has waited longest; gives how many new things it found.

        One at a time, so that what cannot wait never waits for all of them. Nothing is locked while it reads.
        """
        due = [name for name in (*CHECKS, *INBOX_CHECKS) if self._is_due(name, now)]
        if not due:
            return 0
        name = min(due, key=lambda one: self._looked.get(one, datetime.min.replace(tzinfo=now.tzinfo)))
        self._looked[name] = now
        check = CHECKS.get(name) or INBOX_CHECKS[name]
        with reading(self.record if name in CHECKS else self.inbox) as connection:
            found = check.find(connection, now, self.settings)
        new = 0
        for first in range(0, len(found), 500):
            some = [(one.key, one.case_id, one.urgent) for one in found[first : first + 500]]
            with writing(self.record) as connection:
                new += promise_to_attend(connection, some, now)
        if new:
            log.info("%s: %d", name, new)
        return new

    def _is_due(self, name: str, now: datetime) -> bool:
        check = CHECKS.get(name) or INBOX_CHECKS[name]
        return name not in self._looked or now - self._looked[name] >= check.every
