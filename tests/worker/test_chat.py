"""Chat notices against a real HTTP server: content-free, retried on what may pass, blocked on what never will."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from heedtest.worker import mail, rows

from cases.errors import Refused, TryLater
from cases.keys.sealing import Place, seal
from cases.model.wording import phrase
from cases.store import outbox, tables
from cases.store.codec import MailPayload, to_bytes
from cases.store.engine import writing
from gateway.settings.time import Notices
from worker.jobs.chat import Chat, judge, message, post_json
from worker.mail.phrases import Speech


class Webhook(HTTPServer):
    """Answers with `status` and keeps what it was told."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[dict[str, object]] = []
        self.keys: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Webhook)
        server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        server.keys.append(self.headers["Idempotency-Key"])
        self.send_response(server.status)
        self.send_header("Location", "http://elsewhere.example/")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Nothing."""


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def told(bench, webhook: Webhook):
    """A bench whose outbox holds one chat notice; calling it runs the job."""
    bench.shop.settings = bench.shop.settings.model_copy(update={"notices": Notices(chat_url=webhook.url)})
    bench.deliver(mail(subject="Zanzibar", text="Quetzalcoatl"))
    bench.triage()
    case = rows(bench.shop.record, tables.case)[0]
    entry_id = "e" * 32
    payload = MailPayload(
        "chat", "", "", case.reference, "", "", phrases=(("line", phrase("chat.overdue", clock="resolve")),)
    )
    sealed = seal(bench.shop.keys.service.public, to_bytes(payload), Place("outbox", entry_id, "payload"))
    at = bench.clock[0]
    values = {"id": entry_id, "case_id": case.id, "key": "chat:x", "kind": "chat", "payload": sealed}
    with writing(bench.shop.record) as connection:
        connection.execute(tables.outbox.insert().values(**values, created_at=at, due_at=at))

    def run() -> str:
        with writing(bench.shop.record) as connection:
            leased = outbox.lease_due(connection, batch="h", now=bench.shop.now(), seconds=10, most=50, urgent=False)
        Chat(bench.shop)("h", leased.get("chat", []))
        return next(row.state for row in rows(bench.shop.record, tables.outbox) if row.id == entry_id)

    return run


def test_a_notice_says_which_case_and_what_and_nothing_more(told, webhook: Webhook) -> None:
    assert told() == "done"
    (said,) = webhook.told
    assert set(said) == {"id", "reference", "what", "text"}
    assert "Zanzibar" not in json.dumps(said)
    assert webhook.keys == ["e" * 32]


@pytest.mark.parametrize(("status", "state"), [(500, "pending"), (429, "pending"), (404, "blocked"), (302, "blocked")])
def test_what_may_pass_is_tried_again_and_what_never_will_is_blocked(
    told, webhook: Webhook, status: int, state: str
) -> None:
    webhook.status = status
    assert told() == state


def test_a_server_that_is_away_means_later() -> None:
    with pytest.raises(TryLater, match="cannot be reached"):
        post_json("http://127.0.0.1:9/hook", {}, "x")
    with pytest.raises(Refused):
        judge(410)


def test_each_kind_of_chat_gets_its_own_message_and_details_only_where_wished() -> None:
    facts, line = (("category", "payroll"), ("risk", "low")), (("line", phrase("chat.overdue", clock="resolve")),)
    told = MailPayload("chat", "", "", "HR-7K2M-94QX", "", "", facts=facts, phrases=line)
    slack = message(Notices(chat_kind="slack"), told, "e", Speech("en"))
    assert slack == {"text": "Case HR-7K2M-94QX: overdue: solution (payroll, low)"}
    german = message(Notices(chat_kind="webhook"), told, "e", Speech("de"))
    assert (german["text"], german["risk"]) == ("Fall HR-7K2M-94QX: Lösung überfällig (payroll, niedrig)", "low")
    teams = json.dumps(message(Notices(chat_kind="teams"), replace(told, facts=()), "e", Speech("en")))
    assert "AdaptiveCard" in teams
    assert "payroll" not in teams
