"""Redis is emptied, stopped or killed while mail comes in: nothing is lost, and late by seconds at most."""

from signal import SIGCONT, SIGSTOP

import pytest
from heedtest.blaster import Blaster
from heedtest.homes import Mailed
from heedtest.look import envelopes
from heedtest.waiting import wait_until
from redis import Redis
from redis.exceptions import RedisError

from gateway.settings import socket_path

pytestmark = pytest.mark.system

TROUBLES = ("emptied", "stopped", "killed")


def socket_of(mailed: Mailed) -> str:
    """Where the embedded server listens."""
    return str(socket_path(mailed.home))


def empty(mailed: Mailed) -> None:
    """FLUSHALL."""
    with Redis(unix_socket_path=socket_of(mailed)) as redis:
        redis.flushall()


def envelope_count(mailed: Mailed) -> int:
    """How many mails the door has taken."""
    return sum(envelopes(mailed.home).values())


@pytest.mark.parametrize("trouble", TROUBLES)
def test_mail_goes_on_without_loss_while_redis_is(mailed: Mailed, trouble: str) -> None:
    wait_until(lambda: mailed.served.find("redis"), "Redis to run", seconds=20)
    with Blaster(mailed.served.door, run=f"redis-{trouble}", count=400, rate=100) as blaster:
        for _ in range(3):
            wait_until(lambda: mailed.served.find("redis"), "Redis to run", seconds=20)
            if trouble == "emptied":
                empty(mailed)
            elif trouble == "killed":
                mailed.served.kill("redis")
            else:
                mailed.served.signal("redis", SIGSTOP)
            taken = envelope_count(mailed)
            wait_until(lambda taken=taken: envelope_count(mailed) > taken + 60, "the door to go on", seconds=20)  # type: ignore[misc]
            mailed.served.signal("redis", SIGCONT)
        blasted = blaster.finish()
    assert len(blasted.accepted) == 400
    assert not blasted.others
    mailed.accepted += [one.message_id for one in blasted.accepted]
    mailed.settle(seconds=90)


def test_redis_holds_opaque_ids_only(mailed: Mailed) -> None:
    mailed.served.signal("workers", SIGSTOP)
    try:
        with Blaster(mailed.served.door, run="opaque", count=40) as blaster:
            blasted = blaster.finish()
        mailed.accepted += [one.message_id for one in blasted.accepted]
        with Redis(unix_socket_path=socket_of(mailed)) as redis:
            wait_until(lambda: redis.llen("rq:queue:heed-triage"), "a job to wait", seconds=20)
            said = b"\n".join(_everything(redis)).lower()
    finally:
        mailed.served.signal("workers", SIGCONT)
    for word in (b"people.example", b"acme.example", b"payslip", b"hr-", b"parental"):
        assert word not in said
    mailed.settle()


def _everything(redis: Redis) -> list[bytes]:
    said = []
    for key in redis.scan_iter():
        said.append(key)
        try:
            said.append(redis.dump(key) or b"")  # type: ignore[arg-type]
            said += [part for pair in redis.hgetall(key).items() for part in pair]  # type: ignore[union-attr]
        except RedisError:
            continue
    return said
