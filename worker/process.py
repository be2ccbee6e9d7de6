"""A worker as a process: the model is loaded once, then forked; each fork has its own connections and rules engine."""

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial

from rq.serializers import JSONSerializer

from cases.errors import HeedError, TryLater
from cases.keys.files import KeyFiles
from cases.keys.ring import WorkerKeys
from cases.store import tables
from cases.store.clock import shared_clock
from cases.store.engine import open_database
from gateway.inbox.tables import envelope
from gateway.serve.ready import die_with_parent
from gateway.settings import WorkerSlice
from gateway.triage import Model
from rules.ruleset import Ruleset
from worker.heartbeat import keeping
from worker.jobs.attend import Attend
from worker.jobs.chat import Chat
from worker.jobs.digest import Digest
from worker.jobs.mail import SendMail
from worker.jobs.triage import Triage
from worker.mail.transport import open_transport
from worker.proposals import Proposals
from worker.queues import JOB_TABLE, JobFunction, TableWorker, connect, open_queues
from worker.rulekeeper import load_published
from worker.verifying import open_verifier
from worker.workshop import Workshop

log = logging.getLogger("heed.worker")

GC_THRESHOLDS = (50_000, 20, 50)
"""A batch makes a hundred thousand short-lived objects: looking for cycles among them every 700 finds none, slowly."""


SWITCH_SECONDS = 0.001
"""How long a ruleset that is being made ready may keep a decision from the interpreter, each time it comes back to it."""
RULES_WAIT = 0.03
"""Seconds that a batch waits for a ruleset just published; a large one is made ready beside the work."""


def open_keys(settings: WorkerSlice) -> WorkerKeys:
    """The keys a worker is granted."""
    files = KeyFiles(settings.keys_folder)
    return WorkerKeys(
        triage=files.pair("triage"),
        service=files.pair("service"),
        index=files.secret("index"),
        tokens=files.tokens(),
        anchor=files.secret("anchor"),
    )


def open_workshop(settings: WorkerSlice, model: Model, loaded: Ruleset | None = None) -> Workshop:
    """Connections and keys for one worker."""
    domain = settings.organisation.hr_address.rpartition("@")[2]
    record = open_database(settings.record_url, schema="heed_record")
    return Workshop(
        settings=settings,
        inbox=open_database(settings.inbox_url, schema="heed_inbox"),
        record=record,
        keys=open_keys(settings),
        model=model,
        now=shared_clock(record),
        transport=open_transport(settings.outgoing, settings.home, domain),
        rules_wait=RULES_WAIT,
        loaded=loaded,
        verifier=open_verifier(settings.mail),
    )


def run_one(settings: WorkerSlice, model: Model, loaded: Ruleset | None, ready: Callable[[], None]) -> None:
    """Work until told to stop. Rules are loaded before the first job, so that it does not wait for them."""
    shop = open_workshop(settings, model, loaded)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        shop.rules()
    except TryLater as error:
        log.warning("not yet: %s", error)
    Proposals(shop.record, settings.home / "rules.yaml", shop.now).watch()
    lease = settings.work.lease_seconds
    connection = connect(settings.redis_url)
    worker = TableWorker(list(open_queues(connection).values()), connection=connection, serializer=JSONSerializer)
    effects: dict[str, JobFunction] = {"attend": Attend(shop), "digest": Digest(shop), "chat": Chat(shop)}
    triage, mail = Triage(shop), SendMail(shop, stopping=worker.is_stopping)
    JOB_TABLE["triage"] = partial(_kept, triage, lambda batch: keeping(shop.inbox, envelope, batch, lease, shop.now))
    JOB_TABLE["mail"] = partial(_kept, mail, lambda batch: keeping(shop.record, tables.outbox, batch, lease, shop.now))
    for name, job in effects.items():
        JOB_TABLE[name] = partial(_kept, job, lambda batch: keeping(shop.record, tables.outbox, batch, lease, shop.now))
    ready()
    try:
        worker.work(logging_level="WARNING")
    finally:
        shop.close()


def _kept(job, keep, batch: str, ids: list[str]) -> None:  # type: ignore[no-untyped-def]
    """Run a job under its kept lease. What it raises stays out of Redis: the database has the row, the log the line."""
    try:
        with keep(batch):
            job(batch, ids)
    except HeedError as error:
        log.warning("batch %s: %s", batch, error)
    except Exception as error:  # noqa: BLE001  the words of an error may quote content, its kind does not
        log.error("batch %s ended by a fault: %s", batch, type(error).__name__)  # noqa: TRY400


class Pool:
    """The parent of the workers: forks them, and forks anew whoever ends."""

    def __init__(self, settings: WorkerSlice, model: Model) -> None:
        self._settings = settings
        self._model = model
        self._loaded: Ruleset | None = None
        self._ended = False
        self._started: dict[int, float] = {}
        self._due: list[float] = []
        self._wait = 0.1

    def run(self, ready: Callable[[], None]) -> None:
        """Keep the workers running until SIGTERM; `ready` is called when that many have come up for the first time."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        record = open_database(self._settings.record_url, schema="heed_record")
        self._loaded = load_published(record)
        record.dispose()  # no connection is shared with a fork
        gc.collect()
        gc.freeze()  # what the forks share stays shared
        gc.set_threshold(*GC_THRESHOLDS)
        readable, writable = os.pipe()
        os.set_blocking(readable, False)
        awaited = self._settings.work.workers
        for _ in range(awaited):
            self._fork(writable)
        while not self._ended:
            if awaited > 0 and (awaited := awaited - _came_up(readable)) <= 0:
                ready()
            self._replace(writable)
            time.sleep(0.05)
        for pid in self._started:
            _signal(pid, signal.SIGTERM)
        deadline = time.monotonic() + 3.0
        while self._started and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        for pid in self._started:
            _signal(pid, signal.SIGKILL)

    def _replace(self, writable: int) -> None:
        """Fork anew whoever ended: after 0.1 s, or ever later while they die young. Never sleeps: SIGTERM may come."""
        now = time.monotonic()
        before = dict(self._started)
        self._reap()
        for pid in before.keys() - self._started.keys():
            self._wait = 0.1 if now - before[pid] > 10 else min(self._wait * 2, 5.0)
            self._due.append(now + self._wait)
            log.warning("worker %d ended, another starts in %.1f s", pid, self._wait)
        while self._due and self._due[0] <= now:
            self._due.pop(0)
            self._fork(writable)

    def _fork(self, writable: int) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._started[pid] = time.monotonic()
            return
        code = 1
        try:
            die_with_parent()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            if os.getppid() == parent:
                run_one(self._settings, self._model, self._loaded, partial(_say_up, writable))
            code = 0
        except HeedError as error:
            log.error("worker cannot start: %s", error)  # noqa: TRY400  the sentence is the message
        except Exception:
            log.exception("worker ended by a fault")
        finally:
            os._exit(code)

    def _reap(self) -> None:
        for pid in list(self._started):
            try:
                done, _status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                done = pid
            if done:
                del self._started[pid]

    def _end(self, _signal_number: int, _frame: object) -> None:
        self._ended = True


def _say_up(writable: int) -> None:
    """In a worker: it listens."""
    os.write(writable, b".")


def _came_up(readable: int) -> int:
    """How many workers have said since the last look that they listen."""
    try:
        return len(os.read(readable, 64))
    except BlockingIOError:
        return 0


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
