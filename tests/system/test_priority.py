"""When both cores are busy, whoever sends mail waits less than triage does."""

from pathlib import Path

import psutil
import pytest
from heedtest.served import Served


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this Linux does not group tasks by session")
def test_workers_stand_back_with_their_whole_session(local: Served) -> None:
    niceness = {}
    for process in psutil.Process(local.process.pid).children(recursive=True):
        name = next((word for word in ("smtp", "worker") if word in process.cmdline()), "")
        if name:
            group = Path(f"/proc/{process.pid}/autogroup").read_text(encoding="ascii")
            niceness[name] = (process.nice(), int(group.rpartition(" ")[2]))
    assert niceness == {"smtp": (0, 0), "worker": (10, 10)}
