"""Brings what another thread finished to the event loop: many answers with one wake-up."""

import asyncio
from collections import deque
from concurrent.futures import Future


class Answers:
    """Futures of another thread, awaited here. asyncio's own way wakes the loop for each, which costs more than a seal."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._come: deque[tuple[asyncio.Future[str], Future[str]]] = deque()
        self._awake = False

    def wait(self, stored: "Future[str]") -> "asyncio.Future[str]":
        """What `stored` comes to, on the loop. Cancelled here, it is cancelled there as long as nobody works on it."""
        waiting: asyncio.Future[str] = self._loop.create_future()
        waiting.add_done_callback(lambda one: stored.cancel() if one.cancelled() else None)
        stored.add_done_callback(lambda one: self._came(waiting, one))
        return waiting

    def _came(self, waiting: "asyncio.Future[str]", stored: "Future[str]") -> None:
        """Runs in the other thread. Put down first, then look whether the loop knows: it looks the other way round."""
        self._come.append((waiting, stored))
        if not self._awake:
            self._awake = True
            self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._awake = False
        while self._come:
            waiting, stored = self._come.popleft()
            if waiting.done() or stored.cancelled():
                continue
            error = stored.exception()
            if error is None:
                waiting.set_result(stored.result())
            else:
                waiting.set_exception(error)
