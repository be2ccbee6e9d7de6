"""What Redis may say: the names of our own jobs, and nothing else."""

import logging
import pickle

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Queue
from rq.exceptions import DeserializationError
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from cases.errors import Refused
from worker.queues import JOB_TABLE, EndsItsProcess, TableJob, TableWorker


class NoRedis:
    """Stands where a connection is asked for; nothing here talks."""

    connection_pool = None


def job(name: str, **fields: object) -> TableJob:
    made = TableJob("id", connection=NoRedis(), serializer=JSONSerializer)  # type: ignore[arg-type]
    data = JSONSerializer.dumps([name, None, ["batch", ["a"]], {}])
    made.restore({b"data": data, b"created_at": b"2026-11-22T09:00:00.000000Z", b"origin": b"q", **fields})
    return made


@pytest.fixture
def table():
    JOB_TABLE["triage"] = print
    yield
    del JOB_TABLE["triage"]


@pytest.mark.usefixtures("table")
def test_our_own_job_is_found() -> None:
    assert job("triage").func is print


@pytest.mark.parametrize("name", ["os.system", "subprocess.run", "worker.jobs.triage.Triage", "builtins.eval", ""])
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        _ = job(name).func


@pytest.mark.usefixtures("table")
def test_callbacks_webhooks_and_retries_named_in_redis_are_dropped() -> None:
    stranger = {
        b"success_callback_name": b"os.system",
        b"failure_callback_name": b"os.system",
        b"stopped_callback_name": b"os.system",
        b"retries_left": b"5",
        b"webhooks": b'[{"url": "http://127.0.0.1:1/"}]',
        b"dependency_ids": b'["x"]',
    }
    made = job("triage", **{key.decode(): value for key, value in stranger.items()})
    assert made.success_callback is None
    assert made.failure_callback is None
    assert not made.should_retry
    assert not made.webhooks


def test_a_pickle_is_not_opened() -> None:
    made = TableJob("id", connection=NoRedis(), serializer=JSONSerializer)  # type: ignore[arg-type]
    made.restore(
        {b"data": pickle.dumps(("os.system", None, ("true",), {})), b"created_at": b"2026-11-22T09:00:00.000000Z"}
    )
    with pytest.raises(DeserializationError):
        _ = made.func


class Forgets:
    """A connection that notes what is deleted; a worker that tells it anything else fails."""

    def __init__(self) -> None:
        self.forgotten: list[str] = []

    def delete(self, key: str) -> None:
        self.forgotten.append(key)


@pytest.fixture
def worker() -> TableWorker:
    made = object.__new__(TableWorker)
    made.connection = Forgets()  # type: ignore[assignment]
    return made


class GoneRedis:
    """A Redis that ended before its worker."""

    def pipeline(self) -> "GoneRedis":
        return self

    def __enter__(self) -> "GoneRedis":
        raise RedisConnectionError

    def __exit__(self, *_: object) -> None:
        """Nothing was opened."""


def test_a_worker_whose_redis_ended_before_it_ends_without_a_trace(worker: TableWorker) -> None:
    worker.connection, worker.name = GoneRedis(), "one"  # type: ignore[assignment]
    worker.scheduler, worker._is_horse = None, False
    worker.log = logging.getLogger("rq")
    worker.teardown()
    assert worker.scheduler is None


def queue() -> Queue:
    return object.__new__(Queue)


def test_a_job_is_run_with_its_ids_under_its_alarm_and_forgotten(
    worker: TableWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    monkeypatch.setitem(JOB_TABLE, "triage", lambda *given: seen.append((given, worker.get_state())))
    monkeypatch.setattr(EndsItsProcess, "setup_death_penalty", lambda self: seen.append(self._timeout))
    worker.execute_job(job("triage", timeout=b"120"), queue())
    assert seen == [120, (("batch", ["a"]), WorkerStatus.BUSY)]
    assert worker.connection.forgotten == [job("triage").key]  # type: ignore[attr-defined]
    assert worker.get_state() == WorkerStatus.IDLE


@pytest.mark.parametrize("name", ["os.system", "triage"])
def test_a_job_that_is_refused_or_fails_is_forgotten_and_its_words_stay_unsaid(
    worker: TableWorker, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(JOB_TABLE, "triage", lambda _batch, _ids: {}["what somebody wrote"])
    with caplog.at_level(logging.ERROR):
        worker.execute_job(job(name), queue())
    assert worker.connection.forgotten == [job(name).key]  # type: ignore[attr-defined]
    assert "job id was not done" in caplog.text
    assert "somebody" not in caplog.text
    assert worker.get_state() == WorkerStatus.IDLE
