"""RQ as we use it: JSON, our own job table, and nothing that Redis names is ever imported."""

import logging
import os
import signal
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import UnixSignalDeathPenalty
from rq.worker import WorkerStatus

from cases.errors import Refused

log = logging.getLogger("heed.worker")

URGENT, TRIAGE, ROUTINE = "heed-urgent", "heed-triage", "heed-routine"
QUEUES = (URGENT, TRIAGE, ROUTINE)
"""In the order workers empty them: urgent effects before triage, triage before routine effects."""

JobFunction = Callable[[str, list[str]], None]
JOB_TABLE: dict[str, JobFunction] = {}
"""Job names and what they run; filled by the worker process at its start, fixed from then on."""

_KEPT_FIELDS = frozenset(
    {"data", "created_at", "origin", "description", "enqueued_at", "status", "timeout", "result_ttl", "failure_ttl"}
    | {"worker_name", "started_at", "ended_at", "last_heartbeat"}
)


class TableJob(Job):
    """A job whose name is looked up in our table. Whatever else Redis says it should run is refused."""

    @property
    def func(self) -> JobFunction:
        """The function behind the name; raises `Refused` for any other."""
        name = str(self.func_name)
        if name not in JOB_TABLE or self.instance is not None:
            raise Refused("a job of an unknown name was refused")
        return JOB_TABLE[name]

    def restore(self, raw_data: Any) -> Any:
        """Read of a job only what running it needs: no callbacks, webhooks, retries, repeats or dependants."""
        kept = {key: value for key, value in dict(raw_data).items() if _text(key) in _KEPT_FIELDS}
        return super().restore(kept)


class TableQueue(Queue):
    """A queue of such jobs."""

    job_class = TableJob


class EndsItsProcess(UnixSignalDeathPenalty):
    """A job that takes far too long takes its process with it; its lease runs out, and its attempt has been counted.

    RQ's own way, an exception out of nowhere, could be caught where a mail is read and be written down as its fault.
    """

    def handle_death_penalty(self, _signal_number: int, _frame: object) -> None:
        """The alarm rang."""
        os.kill(os.getpid(), signal.SIGKILL)


class TableWorker(SimpleWorker):
    """Runs jobs in its own process: a fork costs more than our jobs do, and the supervisor replaces who dies."""

    job_class = TableJob
    queue_class = TableQueue
    death_penalty_class = EndsItsProcess
    max_connection_wait_time = 1.0

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run a job, then forget it. What became of it the database knows: RQ's own way tells Redis of states, executions
        and registries in fifty commands a job, which cost more than a mail does.
        """
        self.set_state(WorkerStatus.BUSY)  # SIGTERM waits until it is done
        try:
            with self.death_penalty_class(job.timeout or queue.DEFAULT_TIMEOUT, job_id=job.id):  # type: ignore[no-untyped-call]
                job.func(*job.args)
        except Exception as error:  # noqa: BLE001  a stranger's job, or one of ours that is broken: neither ends a worker
            log.error("job %s was not done: %s", job.id, type(error).__name__)  # noqa: TRY400  its words may quote content
        self.connection.delete(job.key)
        self.set_state(WorkerStatus.IDLE)

    def set_state(self, state: str, pipeline: Any = None) -> None:
        """Whether a job is at hand. Nobody asks Redis."""
        self._state = state

    def is_stopping(self) -> bool:
        """Whether SIGTERM came: the job at hand ends as soon as it can do so whole."""
        return bool(self._stop_requested)

    def set_shutdown_requested_date(self) -> None:
        """Nothing is told to Redis on SIGTERM: this runs inside the signal handler, and an error of the connection would
        be raised in the middle of a job, which took it for a fault of the mail at hand.
        """

    def register_death(self) -> None:
        """Redis forgets this worker; one that is gone already has."""
        try:
            super().register_death()  # type: ignore[no-untyped-call]
        except RedisError as error:
            log.debug("Redis was gone before this worker: %s", type(error).__name__)

    def subscribe(self) -> None:
        """No commands are taken from Redis: whoever can write there cannot stop or start anything."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed."""


def connect(url: str) -> Redis:
    """A connection that tries again for as long as Redis is away for a moment."""
    retry = Retry(ConstantBackoff(0.1), 3)
    return Redis.from_url(url, retry=retry, socket_connect_timeout=2)


def open_queues(connection: Redis) -> dict[str, TableQueue]:
    """Our queues, by name."""
    return {name: TableQueue(name, connection=connection, serializer=JSONSerializer) for name in QUEUES}


def enqueue(queue: TableQueue, name: str, batch: str, ids: list[str], *, timeout: int = 120) -> None:
    """Queue one job that carries opaque ids only. Its results and failures are in the database, not in Redis."""
    queue.enqueue_call(
        func=name, args=(batch, ids), timeout=timeout, result_ttl=0, failure_ttl=0, ttl=600, description=name
    )


def _text(key: Any) -> str:
    return key.decode() if isinstance(key, bytes) else str(key)
