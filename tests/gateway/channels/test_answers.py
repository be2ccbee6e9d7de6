"""What another thread finished reaches whoever waits on the loop, and who went away is not stored."""

import asyncio
import threading
from concurrent.futures import Future

import pytest

from cases.errors import TryLater
from gateway.channels.answers import Answers


def test_every_answer_arrives_however_many_come_together() -> None:
    async def many() -> list[str]:
        answers = Answers(asyncio.get_running_loop())
        stored: list[Future[str]] = [Future() for _ in range(500)]
        waiting = [answers.wait(one) for one in stored]
        thread = threading.Thread(target=lambda: [one.set_result(str(n)) for n, one in enumerate(stored)])
        thread.start()
        found = await asyncio.wait_for(asyncio.gather(*waiting), 30)
        thread.join()
        return found

    assert asyncio.run(many()) == [str(n) for n in range(500)]


def test_a_refusal_arrives_as_one() -> None:
    async def refused() -> None:
        stored: Future[str] = Future()
        waiting = Answers(asyncio.get_running_loop()).wait(stored)
        stored.set_exception(TryLater("full"))
        await waiting

    with pytest.raises(TryLater, match="full"):
        asyncio.run(refused())


def test_who_hangs_up_takes_the_delivery_back() -> None:
    async def gone() -> bool:
        stored: Future[str] = Future()
        waiting = Answers(asyncio.get_running_loop()).wait(stored)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return stored.cancelled()

    assert asyncio.run(gone())
