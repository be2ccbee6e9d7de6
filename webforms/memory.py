"""Request bodies in memory and nowhere else, with one budget for all that are being received."""

import threading
from io import BytesIO

from webforms.bodies import KEPT_BYTES


class Budget:
    """How many bytes of unfinished requests may be in memory at a time. Counts what arrived, not what was announced,
    so that a connection that only promises a large upload takes nothing from the others.
    """

    def __init__(self, most: int) -> None:
        self._left = most
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """Bytes still free."""
        return self._left

    def take(self, count: int) -> bool:
        """Reserve so many bytes; False when they are not free."""
        with self._lock:
            if count > self._left:
                return False
            self._left -= count
            return True

    def give_back(self, count: int) -> None:
        """Free what was taken."""
        with self._lock:
            self._left += count


class MemoryBody:
    """One request's body, as waitress's receivers fill it.

    Beyond `limit`, or when the budget is spent, its front is kept and the rest let go by: `cut` then says "large" or
    "busy". The front is outside the budget; what all fronts may add up to is bounded by the number of connections.
    """

    def __init__(self, limit: int, budget: Budget, *, announced: int = 0) -> None:
        self._file = BytesIO()
        self._size = 0
        self._most = limit
        self._budget = budget
        self._taken = 0
        self.cut = ""
        if announced > limit:
            self._cut("large")

    def __len__(self) -> int:
        return self._size

    def append(self, data: bytes) -> None:
        """Keep what may be kept of the next bytes."""
        if not self.cut:
            size = self._size + len(data)
            if size > self._most:
                self._cut("large")
            elif not self._reserve(size - KEPT_BYTES - self._taken):
                self._cut("busy")
        self._size += self._file.write(data[: max(0, self._most - self._size)])

    def getfile(self) -> BytesIO:
        """The body, to be read from its start."""
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Forget the body. May be called twice."""
        self._file, self._size = BytesIO(), 0
        self._release()

    def _reserve(self, more: int) -> bool:
        if more <= 0:
            return True
        if not self._budget.take(more):
            return False
        self._taken += more
        return True

    def _cut(self, why: str) -> None:
        self.cut, self._most = why, KEPT_BYTES
        self._file.truncate(KEPT_BYTES)
        self._size = self._file.seek(0, 2)
        self._release()

    def _release(self) -> None:
        self._budget.give_back(self._taken)
        self._taken = 0
