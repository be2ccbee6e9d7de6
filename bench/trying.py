"""`heed rules try` on a record of many submissions: opened, judged by the model, decided twice. Run: `python -m bench.trying`."""

import argparse
import json
import sys
import tempfile
import time
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import pytest

from bench.figures import Figure
from cases.model.words import Channel
from cases.store.engine import writing
from classifier import corpus
from classifier.store import current
from gateway.inbox import states
from gateway.inbox.envelope import Delivery
from gateway.rulesets.trying import TrialKeys, try_on_record
from rules import load, starter_text
from worker.jobs.triage import Triage

AIM_SECONDS = 60.0
AIMED_AT = 10_000


def measure(count: int) -> Figure:
    """An office with so many mails of the classifier's corpus, and a candidate that changes a tenth of the cases."""
    from heedtest.offices import Office, open_office

    def fill(office: Office) -> None:
        rows = enumerate(islice(cycle(corpus.load()), count))
        futures = [
            office.inbox.put(Delivery(
                Channel.MAIL,
                f"From: p{number}@acme.example\r\nTo: hr@acme.example\r\nSubject: {row.subject} {number}\r\n"
                f"Message-ID: <{number}@x>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{row.text}\r\n".encode(),
                envelope_sender=f"p{number}@acme.example", envelope_recipients=("hr@acme.example",),
            ))
            for number, row in rows
        ]  # fmt: skip
        for future in futures:
            future.result(60)
        while True:
            with writing(office.shop.inbox) as connection:
                ids = states.lease_new(connection, batch="t", now=office.clock[0], seconds=60, most=50)
            if not ids:
                return
            Triage(office.shop)("t", ids)

    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        open_office(Path(folder), starter_text(), made_cheap=patch) as office,
    ):
        fill(office)
        candidate = load(starter_text().replace("unsure_below: 0.50", "unsure_below: 0.70"))
        keys = TrialKeys(office.desk.service, office.desk.index)
        begun, worked = time.perf_counter(), time.process_time()
        found = try_on_record(office.desk.record, keys, current(Path(folder)), candidate,
                              office.clock[0] - timedelta(days=90), who=None, now=office.clock[0])  # fmt: skip
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    changed = len(found.moved) + found.hidden
    shape = f"{found.replayed} replayed, {changed} decided otherwise; {seconds:.1f} s, of which {worked:.1f} s worked"
    return Figure(f"trying rules on {AIMED_AT} submissions", seconds * AIMED_AT / max(1, found.replayed), "s", shape,
                  aim=AIM_SECONDS, at_least=False)  # fmt: skip


def main() -> int:
    """The command line; exit 1 when the aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.trying", description="Measures a trial of rules.")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--submissions", type=int, default=AIMED_AT)
    asked = parser.parse_args()
    figure = measure(asked.submissions)
    print(json.dumps(figure.as_json()) if asked.json else figure, flush=True)
    return int(figure.failed)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    sys.exit(main())
