"""Waiting for what another process does: by looking often, with a deadline that says what was missing."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


def crowding() -> float:
    """How many there are to every core just now, 1 at least: what takes a second alone takes as many."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def wait_until(look: Callable[[], Seen], what: str, *, seconds: float = 60.0, every: float = 0.05) -> Seen:
    """The first truthy thing `look` gives. Raises `AssertionError` naming `what` after `seconds`, more where it is crowded."""
    began = time.monotonic()
    while not (seen := look()):
        if time.monotonic() - began > seconds and time.monotonic() - began > seconds * crowding():
            raise AssertionError(f"waited {seconds:.0f} s for {what}; last seen: {seen!r}")
        time.sleep(every)
    return seen
