"""What the clocks cost: a tick beside 100,000 open ones, and an urgent mail idle and behind a burst of routine ones."""

import smtplib
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from heedtest.blaster import blast
from heedtest.look import envelopes, settled
from heedtest.served import Served
from heedtest.sink import Sink
from heedtest.waiting import wait_until
from heedtest.year import case_row
from sqlalchemy import Engine

from bench.figures import Figure, percentile
from cases.model.calendars import Elapsed
from cases.model.decision import Deadline, Rung
from cases.model.span_text import write_span
from cases.opening import add_clocks
from cases.store import migrate, tables
from cases.store.engine import open_database, sqlite_url, writing
from cases.store.rows import Rows, new_id
from cases.store.tick import take_steps, tick

OPEN = 100_000
URGENT = "My manager keeps harassing me and I am afraid of him."
"""Escalated by the shipped rules, whatever the model thinks, to:"""
LEADERSHIP = "cho.tanaka@acme.example"


def tick_cost() -> Figure:
    """Milliseconds of one tick, ladders included, with 100,000 clocks that run and ten that have just run out."""
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with tempfile.TemporaryDirectory(prefix="heed-bench-") as folder:
        record = open_database(sqlite_url(Path(folder) / "record.db"))
        migrate.upgrade(record)
        for first in range(0, OPEN, 5000):
            _fill(record, now, range(first, first + 5000))
        spent = []
        for number in range(30):
            at = now + timedelta(seconds=10 * number + 10)
            began = time.perf_counter()
            with writing(record) as connection:
                tick(connection, at)
                take_steps(connection, at)
            spent.append((time.perf_counter() - began) * 1000)
        record.dispose()
    against = f"{OPEN} open clocks with a ladder, about ten due a tick, SQLite"
    return Figure("a tick, p95", percentile(spent, 95), "ms", against, aim=50.0, at_least=False)


def _fill(record: Engine, now: datetime, numbers: range) -> None:
    rows = Rows()
    for number in numbers:
        case_id, span = new_id(), Elapsed(timedelta(seconds=number + 1))
        deadline = Deadline("resolve", now + span.duration, "any", "", now, write_span(span))
        rows.add(tables.case, **case_row(case_id, now))
        ladder = (Rung("resolve", 100, 3600, (), (), (), ("guardian",), deadline.due + timedelta(hours=1)),)
        add_clocks(rows, (deadline,), ladder, case_id, now)
    with writing(record) as connection:
        rows.write(connection)


def urgent(served: Served, sink: Sink, *, mails: int, behind: int) -> Iterator[Figure]:
    """From the last byte of DATA to the escalation at the mail relay: idle, and behind a burst of `behind` routine mails."""
    idle = [_one(served, sink, f"urgentidle{number}") for number in range(mails)]
    against = f"{mails} mails one by one"
    yield Figure("urgent: DATA to escalation, idle, p95", percentile(idle, 95), "s", against, aim=5.0, at_least=False)
    blast(served.door, run="burst", count=behind)
    waited, left = list[float](), list[int]()
    while len(waited) < mails and not (waited and settled(served.home)):
        left.append(envelopes(served.home).get("new", 0))
        waited.append(_one(served, sink, f"urgentbehind{len(waited)}"))
    against = f"{len(waited)} mails one by one from the end of {behind} routine ones on; {left[0]} to {left[-1]} were not triaged"
    yield Figure(
        "urgent: DATA to escalation, behind, p95", percentile(waited, 95), "s", against, aim=60.0, at_least=False
    )
    wait_until(lambda: settled(served.home), "nothing to be under way", seconds=3600, every=0.5)


def _one(served: Served, sink: Sink, run: str) -> float:
    """Seconds from the end of DATA to the notice in the mail relay's hands."""
    before = len(sink.taken_for(LEADERSHIP))
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"{run}@acme.example", "hr@acme.example", "Please help me"
    message["Message-ID"] = make_msgid(domain="acme.example")
    message.set_content(URGENT)
    with smtplib.SMTP(*served.door, timeout=60) as door:
        door.send_message(message)
        began = time.monotonic()
    wait_until(lambda: len(sink.taken_for(LEADERSHIP)) > before, "the escalation", seconds=300, every=0.02)
    return max(0.0, max(sink.taken_for(LEADERSHIP)) - began)
