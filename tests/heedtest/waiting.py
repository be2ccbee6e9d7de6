"""Waiting for what another process does: by looking often, with a deadline that says what was missing."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


def wait_until(look: Callable[[], Seen], what: str, *, seconds: float = 60.0, every: float = 0.05) -> Seen:
    """The first truthy thing `look` gives. Raises `AssertionError` naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s for {what}; last seen: {seen!r}")
        time.sleep(every)
    return seen
