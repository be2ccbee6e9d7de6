"""A simulated year of 20,000 cases against the slow oracle: `python tests/long year --seed 42`."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from heedtest.offices import Handed, NoOpinion
from heedtest.year import Year

from cases.keys.files import KeyFiles
from cases.store import migrate
from cases.store.engine import open_database, sqlite_url
from gateway.serve.home import INBOX_MIGRATIONS
from gateway.settings import WorkerSlice
from worker.process import open_keys
from worker.workshop import Workshop

CASES, STEPS = 20_000, 2_000


def run(seed: int, cases: int = CASES) -> int:
    """The whole year; the exit code."""
    began = time.process_time()
    print(f"year: seed {seed}, {cases} cases in {min(STEPS, cases)} steps", flush=True)
    with tempfile.TemporaryDirectory(prefix="heed-year-") as folder:
        year = _open(Path(folder), seed)
        wrong = year.run(cases, min(STEPS, cases))
        year.shop.close()
    for one in wrong[:50]:
        print(f"WRONG: {one}")
    spent = time.process_time() - began
    print(f"{dict(year.did)} in {spent:.0f} s of processor time; {len(wrong)} differ from the oracle")
    return 1 if wrong else 0


def _open(home: Path, seed: int) -> Year:
    KeyFiles(home / "keys").create_missing()
    settings = WorkerSlice.model_validate({"home": home, "work": {"engine": "reference"}})
    inbox, record = open_database(sqlite_url(home / "inbox.db")), open_database(sqlite_url(home / "record.db"))
    migrate.upgrade(inbox, INBOX_MIGRATIONS)
    migrate.upgrade(record)
    clock = [datetime(2027, 12, 27, 8, tzinfo=UTC)]
    shop = Workshop(settings, inbox, record, open_keys(settings), NoOpinion(), lambda: clock[0], Handed())
    return Year(shop, clock, Random(seed))
