"""A simulated year of 20,000 cases against the slow oracle: `python tests/long year --seed 42`."""

import tempfile
import time
from pathlib import Path
from random import Random

from heedtest.year import Year

from cases.store import migrate
from cases.store.engine import open_database, sqlite_url

CASES, STEPS = 20_000, 2_000


def run(seed: int, cases: int = CASES) -> int:
    """The whole year; the exit code."""
    began = time.monotonic()
    print(f"year: seed {seed}, {cases} cases in {STEPS} steps", flush=True)
    with tempfile.TemporaryDirectory(prefix="heed-year-") as folder:
        record = open_database(sqlite_url(Path(folder) / "record.db"))
        migrate.upgrade(record)
        year = Year(record, Random(seed))
        wrong = year.run(cases, min(STEPS, cases))
        record.dispose()
    for one in wrong[:50]:
        print(f"WRONG: {one}")
    print(f"{year.counted} in {time.monotonic() - began:.0f} s; {len(wrong)} differ from the oracle")
    return 1 if wrong else 0
