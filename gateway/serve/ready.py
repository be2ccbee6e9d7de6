"""How a process says that it answers: one JSON line to whoever started it."""

import json
import os
import signal
import sys
from ctypes import CDLL

READY_FD = "HEED_READY_FD"
_PR_SET_PDEATHSIG = 1


def announce(**facts: str | int | bool) -> None:
    """Say once that this process is ready, with facts such as the port it bound."""
    line = json.dumps({"ready": True, **facts}) + "\n"
    descriptor = os.environ.get(READY_FD)
    if descriptor is None:
        sys.stdout.write(line)
        sys.stdout.flush()
        return
    os.write(int(descriptor), line.encode())
    os.close(int(descriptor))


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, so that no orphan keeps a port or a lease (Linux)."""
    if sys.platform == "linux":
        CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
