"""Who is ended first: those that others need stay until the others have ended."""

import sys
from pathlib import Path

from gateway.serve.children import Children, Plan

SPEAKS_LAST = """
import pathlib, signal, sys
from gateway.serve.ready import announce
mine, other = map(pathlib.Path, sys.argv[1:])
def end(*_):
    mine.write_text(f"other ended before: {other.exists()}")
    sys.exit()
signal.signal(signal.SIGTERM, end)
announce()
signal.pause()
"""


def test_what_the_others_need_ends_last(tmp_path: Path) -> None:
    redis, worker = tmp_path / "redis", tmp_path / "worker"
    children = Children(lambda _name, _words: None)
    for mine, other in ((redis, worker), (worker, redis)):
        command = (sys.executable, "-c", SPEAKS_LAST, str(mine), str(other))
        children.start(Plan(mine.name, command, {"PYTHONPATH": ":".join(sys.path)}, needed=mine is redis))
    try:
        for name in ("redis", "worker"):
            children.wait_ready(name, timeout=60, interrupted=lambda: False)
    finally:
        children.end(patience=60)
    assert worker.read_text() == "other ended before: False"
    assert redis.read_text() == "other ended before: True"
