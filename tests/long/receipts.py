"""Anonymous reports while processes are killed: every receipt that was shown opens its report.

Run alone: `python tests/long receipts --receipts 1000 --seed 42`. The seed, printed first, repeats who is killed.
"""

import tempfile
import time
from pathlib import Path
from random import Random

from heedtest.homes import new_home
from heedtest.reporters import Reporters, ask
from heedtest.served import serve
from heedtest.waiting import wait_until


def run(receipts: int, seed: int) -> int:
    """File that many reports; 1 when a receipt that was shown opens nothing."""
    draw, hits = Random(seed), 0
    print(f"{receipts} receipts, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, serve(new_home(Path(folder))) as served:

        def trouble() -> None:
            nonlocal hits
            hits += len(served.kill(draw.choice(["web", "worker", "relay", "workers", "redis"])))
            time.sleep(draw.uniform(0.5, 2.0))

        reporters = Reporters(lambda: served.web, receipts)
        reporters.run(trouble)
        wait_until(lambda: _answers(served.web), "the site to answer", seconds=30)
        lost = reporters.lost()
    shown = len(reporters.receipts)
    print(f"{shown} receipts shown, {reporters.refused} tries without, {hits} processes killed, {len(lost)} lost")
    return 1 if lost or shown < receipts else 0


def _answers(where: tuple[str, int]) -> bool:
    try:
        return ask(where, "GET", "/en/")[0] == 200
    except OSError:
        return False
