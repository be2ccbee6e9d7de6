"""Whatever becomes of one delivery, those behind it are stored and answered."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select

from cases.errors import TryLater
from cases.keys.sealing import KeyPair
from cases.model.words import Channel
from cases.store.engine import reading
from gateway.inbox import inbox as module
from gateway.inbox.envelope import Delivery
from gateway.inbox.inbox import Inbox, Waiting
from gateway.inbox.tables import envelope

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Moments(list[Callable[[], object]]):
    """A clock that does what it was told the first time it is asked: in the middle of a commit."""

    def __call__(self) -> datetime:
        while self:
            self.pop()()
        return NOW


@pytest.fixture
def meanwhile() -> Moments:
    return Moments()


@pytest.fixture
def inbox(opened: tuple[Engine, Engine], meanwhile: Moments) -> Iterator[Inbox]:
    made = Inbox(opened[0], KeyPair.generate().public, now=meanwhile)
    yield made
    made.close()


def mail(text: bytes = b"Subject: a\r\n\r\nb\r\n") -> Delivery:
    return Delivery(Channel.MAIL, text)


def test_a_client_that_hangs_up_while_its_mail_is_stored_takes_nobody_down(inbox: Inbox, meanwhile: Moments) -> None:
    waiting: list[Future[str]] = []
    meanwhile.append(lambda: waiting[0].cancel())  # what asyncio does when aiosmtpd sees the end of the connection
    waiting.append(Future())
    inbox._waiting.put(Waiting(mail(), "0" * 32, False, waiting[0]))
    assert inbox.put(mail()).result(10).startswith("HR-")


def test_who_hung_up_before_is_not_stored(inbox: Inbox, opened: tuple[Engine, Engine]) -> None:
    gone: Future[str] = Future()
    gone.cancel()
    inbox._waiting.put(Waiting(mail(), "0" * 32, False, gone))
    inbox.put(mail()).result(10)
    with reading(opened[0]) as connection:
        assert connection.execute(select(func.count()).select_from(envelope)).scalar_one() == 1


def test_a_fault_with_one_delivery_fails_that_one_alone(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = module.seal_delivery

    def sealing(delivery: Delivery, **rest: object) -> object:
        if delivery.raw == b"huge":
            raise MemoryError
        return seal(delivery, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "seal_delivery", sealing)
    batch = [Waiting(mail(raw), f"{n:032x}", False, Future()) for n, raw in enumerate((b"a", b"huge", b"b"))]
    inbox._commit(batch)
    assert [type(one.stored.exception(10)) for one in batch] == [type(None), TryLater, type(None)]
    assert inbox.put(mail()).result(10)


def test_a_commit_takes_only_so_many_bytes(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES_IN_ONE_COMMIT", 100)
    for number in range(4):
        inbox._waiting.put(Waiting(mail(b"x" * 60), f"{number:032x}", False, Future()))
    sizes: list[int] = []
    store = inbox._store
    monkeypatch.setattr(inbox, "_store", lambda rows: sizes.append(len(rows)) or store(rows))
    inbox.put(mail()).result(10)
    assert max(sizes) <= 2
