"""Nothing is raised into the middle of a job: what interrupts it ends its process, or waits until it is done.

Regression: Redis died just before a worker got SIGTERM; RQ told Redis of it from within the signal handler, and the
ConnectionError surfaced where a mail was being read, so that a case lost its subject and Message-ID.
"""

import logging
import os
import signal

from rq.worker import WorkerStatus

from worker.queues import EndsItsProcess, TableWorker


def busy_worker() -> TableWorker:
    """A worker in the middle of a job, whose Redis is gone: it has no connection at all."""
    worker = object.__new__(TableWorker)
    worker._state = WorkerStatus.BUSY
    worker._stop_requested = False
    worker.scheduler = None
    worker.name = "one"
    worker.log = logging.getLogger("rq.worker")
    return worker


def test_sigterm_in_the_middle_of_a_job_raises_nothing_although_redis_is_gone() -> None:
    worker = busy_worker()
    worker._shutdown()
    assert worker._stop_requested


def test_a_job_that_takes_too_long_takes_its_process_with_it() -> None:
    child = os.fork()
    if not child:
        try:
            with EndsItsProcess(60):
                signal.raise_signal(signal.SIGALRM)
        except Exception:  # noqa: BLE001  what a job might do with any exception
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_workers_use_it() -> None:
    assert TableWorker.death_penalty_class is EndsItsProcess
