"""A limit on failures that never stands in the way of success: wrong receipts, all people together."""

import threading
from collections.abc import Callable
from datetime import datetime


class FailureLimiter:
    """A bucket that holds a minute's worth of failures and refills evenly. It knows no address and no code."""

    def __init__(self, per_minute: int, now: Callable[[], datetime]) -> None:
        self._per_minute = per_minute
        self._now = now
        self._left = float(per_minute)
        self._at = now()
        self._lock = threading.Lock()

    def failed(self) -> bool:
        """Count one failure; True when there have been too many of late."""
        with self._lock:
            now = self._now()
            gained = max(0.0, (now - self._at).total_seconds()) * self._per_minute / 60
            self._left = min(float(self._per_minute), self._left + gained)
            self._at = now
            if self._left < 1:
                return True
            self._left -= 1
            return False
