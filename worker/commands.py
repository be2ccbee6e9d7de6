"""`heed relay` and `heed worker`: the two processes that do what was promised."""

import signal
import time
from pathlib import Path

import click

from gateway.options import home_option


@click.command()
@home_option
def relay(home: Path) -> None:
    """The relay: turns envelopes and due effects into jobs, ticks clocks, chains the audit heads."""
    from cases.store.clock import shared_clock
    from cases.store.engine import open_database
    from gateway.logs import configure
    from gateway.serve.ready import announce
    from gateway.settings import RelaySlice, load
    from worker.looking import Lookout
    from worker.queues import connect, open_queues
    from worker.relay import Relay

    configure()
    settings = load(RelaySlice, home)
    record = open_database(settings.record_url, schema="heed_record")
    inbox = open_database(settings.inbox_url, schema="heed_inbox")
    running = Relay(
        inbox=inbox,
        record=record,
        queues=open_queues(connect(settings.redis_url)),
        now=shared_clock(record),
        batch=settings.work.batch,
        lease_seconds=settings.work.lease_seconds,
        workers=settings.work.workers,
        lookout=Lookout(inbox, record, settings),
    )
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    signal.signal(signal.SIGINT, lambda number, _frame: stopped.append(number))
    announce(relay=True)
    while not stopped:
        time.sleep(0.03 if running.step() else 0.05)


@click.command()
@home_option
@click.option("--workers", type=click.IntRange(1, 64), help="How many; the setting work.workers otherwise.")
def worker(home: Path, workers: int | None) -> None:
    """The workers: triage envelopes, send mail."""
    from classifier.store import current
    from gateway.logs import configure
    from gateway.serve.ready import announce
    from gateway.settings import WorkerSlice, load
    from worker.modelkeeper import ModelKeeper
    from worker.process import Pool

    configure()
    settings = load(WorkerSlice, home, {"work": {"workers": workers}} if workers else None)
    Pool(settings, ModelKeeper(settings.home, current(settings.home))).run(
        ready=lambda: announce(workers=settings.work.workers)
    )
