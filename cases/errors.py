"""The two kinds of error that cross a boundary between rooms."""

from datetime import timedelta


class HeedError(Exception):
    """The base of both kinds. `str(error)` is fit for a person to read and never quotes sealed content."""


class Refused(HeedError):
    """Permanent: doing it again gives the same answer. The words say what was wrong and what to do."""


class TryLater(HeedError):
    """Temporary: a lock, a full disk, a peer that is down. Whoever called may try again unchanged."""


class Unreachable(TryLater):
    """A peer that everything goes through is down, or lets nobody in: nothing was tried, and no attempt is counted."""


class NotYet(TryLater):
    """Nobody's fault: its time has not come. Whoever called puts it back for `after`, and counts no attempt."""

    def __init__(self, words: str, after: timedelta) -> None:
        super().__init__(words)
        self.after = after
