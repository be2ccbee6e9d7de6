"""Corrections that are worth a new training: after 25, or in the night after the first. It runs in a process of its own."""

import logging
import subprocess
import threading
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases.store import corrections, refits
from cases.store.outbox import OutboxEntry
from gateway.serve.children import heed_command
from gateway.settings import RelaySlice
from worker.attending.desk import Desk
from worker.attending.found import Found

log = logging.getLogger("heed.learning")
ENOUGH = 25
NIGHT = range(1, 5)
"""Hours (UTC) in which fewer corrections are worth a training too."""
AGAIN = timedelta(hours=20)


def find(connection: Connection, now: datetime, _settings: RelaySlice) -> list[Found]:
    """One training, named by the one before it, so that it is asked for once; a day later again where nothing came of it."""
    last = refits.trained_at(connection)
    fresh = corrections.count_since(connection, last)
    tonight = now.hour in NIGHT and (last is None or now - last >= AGAIN)
    if fresh < ENOUGH and not (fresh and tonight):
        return []
    return [Found(f"learning:{int(last.timestamp()) if last else 0}:{now.date().isoformat()}")]


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Start it, and go on: nothing waits for a training."""
    home = str(desk.shop.settings.home)
    command = heed_command("classifier", "train", "--home", home, "--in-background", "--json")
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=_wait, args=(process,), name="training", daemon=True).start()


def _wait(process: "subprocess.Popen[bytes]") -> None:
    """Reap it; what came of it is a row of its own."""
    if code := process.wait():
        log.warning("training ended with %d", code)
