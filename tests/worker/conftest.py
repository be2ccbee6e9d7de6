"""A workshop with real SQLite, real keys and rules; the model and the mail relay are fakes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heedtest.stores import Stores
from sqlalchemy import Engine

from cases.keys.files import KeyFiles
from cases.model.assessment import Assessment
from cases.model.words import Channel
from cases.store import outbox, rulesets
from cases.store.engine import writing
from classifier.model import Message
from gateway.inbox import states
from gateway.inbox.envelope import Delivery
from gateway.inbox.inbox import Inbox
from gateway.settings import WorkerSlice
from rules import load
from worker.jobs.mail import SendMail
from worker.jobs.triage import Triage
from worker.mail.compose import Mail
from worker.process import open_keys
from worker.workshop import Workshop

RULES = (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")


class FakeModel:
    """Has no opinion, and can be made to fail."""

    error: Exception | None = None

    def assess_many(self, messages: Sequence[Message]) -> list[Assessment]:
        if self.error:
            raise self.error
        return [Assessment(category="", confidence=0.0, scores=(), risk=0.0, model="fake") for _ in messages]


@dataclass
class FakeTransport:
    """Takes every mail, unless told what to raise. `handed` is all it was given, `sent` what it said it took."""

    handed: list[Mail] = field(default_factory=list)
    sent: list[Mail] = field(default_factory=list)
    error: Exception | None = None

    def send(self, mail: Mail) -> None:
        self.handed.append(mail)
        if self.error:
            raise self.error
        self.sent.append(mail)

    def finish(self) -> None:
        """Nothing is held."""


@dataclass
class Bench:
    """A workshop, and shorthands for what a test does with it."""

    shop: Workshop
    inbox: Inbox
    clock: list[datetime]
    transport: FakeTransport

    def deliver(self, raw: bytes, sender: str = "sam@acme.example", to: tuple[str, ...] = ("hr@acme.example",)) -> str:
        delivery = Delivery(Channel.MAIL, raw, envelope_sender=sender, envelope_recipients=to)
        return self.inbox.put(delivery).result(10)

    def pass_time(self, **duration: float) -> None:
        self.clock[0] += timedelta(**duration)

    def triage(self, most: int = 50) -> list[str]:
        with writing(self.shop.inbox) as connection:
            ids = states.lease_new(connection, batch="t", now=self.shop.now(), seconds=10, most=most)
        Triage(self.shop)("t", ids)
        return ids

    def send(self) -> list[Mail]:
        before = len(self.transport.sent)
        for urgent in (True, False):
            with writing(self.shop.record) as connection:
                leased = outbox.lease_due(
                    connection, batch="m", now=self.shop.now(), seconds=10, most=50, urgent=urgent
                )
            SendMail(self.shop)("m", leased.get("mail", []))
        return self.transport.sent[before:]


@pytest.fixture
def bench(tmp_path: Path, stores: Stores, opened: tuple[Engine, Engine]) -> Iterator[Bench]:
    keys = KeyFiles(tmp_path / "keys")
    keys.create_missing()
    settings = WorkerSlice.model_validate({"home": tmp_path, "work": {"engine": "reference"}})
    inbox, record = opened
    clock = [datetime(2026, 11, 23, 9, tzinfo=UTC)]
    with writing(record) as connection:
        rulesets.publish(connection, load(RULES).hash, RULES, by="test", reason="", now=clock[0])
    transport = FakeTransport()
    shop = Workshop(settings, inbox, record, open_keys(settings), FakeModel(), lambda: clock[0], transport)
    door = Inbox(stores.open()[0], keys.public("triage"), now=lambda: clock[0])
    yield Bench(shop, door, clock, transport)
    door.close()
    shop.close()
