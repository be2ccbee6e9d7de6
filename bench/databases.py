"""The same ratios on PostgreSQL: accepting mail, and the whole way, with its commits synced as SQLite's are."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from heedtest.bare import BareServer
from heedtest.blaster import blast
from heedtest.postgres import find_programs, postgres
from heedtest.served import serve
from heedtest.sink import Sink
from sqlalchemy import create_engine, text

from bench.figures import Figure, ratio
from bench.through import wait_until_taken


def on_postgresql(bare: BareServer, *, mails: int, rounds: int) -> Iterator[Figure]:
    """Accepting while triage works, and end to end; every mail must have its one case. Nothing where it is not installed."""
    if find_programs() is None:
        return
    with (
        tempfile.TemporaryDirectory(prefix="heed-bench-") as folder,
        postgres(durable=True) as url,
        Sink(keep=False) as sink,
    ):
        home = Path(folder) / "home"
        home.mkdir()
        (home / "heed.toml").write_text(f'[inbox]\nurl = "{url}"\n[record]\nurl = "{url}"\n')
        with serve(home, "--relay", sink.address) as served:
            accepted, through, base = list[float](), list[float](), list[float]()
            for number in range(rounds):
                base.append(blast(bare.address, run=f"pgbare{number}", count=mails).rate)
                before = sink.answers()
                blasted = blast(served.door, run=f"pg{number}", count=mails)
                accepted.append(blasted.rate)
                wait_until_taken(sink, before + mails, seconds=300)
                through.append(mails / (time.monotonic() - blasted.began))
        engine = create_engine(url)
        with engine.connect() as connection:
            cases = connection.execute(text("SELECT count(*) FROM heed_record.case_file")).scalar_one()
        engine.dispose()
        assert cases == mails * rounds, f"{cases} cases of {mails * rounds} mails"
    yield ratio("PostgreSQL: accept while triage works", accepted, base, floor=0.0, aim=0.45)
    yield ratio(f"PostgreSQL: end to end, {mails} mails", through, base, floor=0.0, aim=0.12)
