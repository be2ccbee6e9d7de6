"""An HR office in small: real databases, keys, triage and mail job, made-up people, and browsers for the console."""

import json
import re
import secrets
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from cases.handling.hand import Hand
from cases.keys import vault
from cases.keys.files import KeyFiles
from cases.keys.links import receipt_reader
from cases.keys.sealing import KeyPair
from cases.model.assessment import Assessment
from cases.model.codes import new_receipt, read_receipt
from cases.model.words import Channel
from cases.store import outbox, people, rulesets, tables
from cases.store.engine import open_database, reading, sqlite_url, writing
from cases.store.sight import Viewer
from console.app import create_app
from console.desk import Desk
from gateway.inbox import states
from gateway.inbox.envelope import Delivery
from gateway.inbox.inbox import Inbox
from gateway.settings import WorkerSlice
from gateway.settings.doors import Console
from gateway.settings.organisation import Organisation
from heedtest.sealing import as_the_schema_says
from heedtest.stores import lay_out
from rules import load
from webforms.forms import known_fields
from worker.jobs.mail import SendMail
from worker.jobs.triage import Triage
from worker.mail.compose import Mail
from worker.process import open_keys
from worker.workshop import Workshop

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PEPPER = b"p" * 32
FIRST = "first password of {}"
OWN = "a long password of {}"

PEOPLE = {
    "pia@acme.example": ("Pia Lind", ("handler",)),
    "omar@acme.example": ("Omar Said", ("handler",)),
    "erin@acme.example": ("Erin Hallam", ("handler", "investigator")),
    "eli@acme.example": ("Eli Brandt", ("handler", "investigator")),
    "fay@acme.example": ("Fay Moss", ("handler",)),
    "noor@acme.example": ("Noor Haddad", ("handler",)),
    "tria@acme.example": ("Tria Sorensen", ("triage",)),
    "lena@acme.example": ("Lena Vogt", ("lead",)),
    "gus@acme.example": ("Gus Okafor", ("guardian",)),
    "ada@acme.example": ("Ada Kern", ("administrator",)),
    "hana@acme.example": ("Hana Ops", ("hr_ops",)),
    "hugo@acme.example": ("Hugo Ops", ("hr_ops",)),
    "aud@acme.example": ("Aud Itor", ("auditor",)),
    "cus@acme.example": ("Cus Todian", ("custodian",)),
    "dora@acme.example": ("Dora Data", ("dpo",)),
}


class NoOpinion:
    """A model that leaves everything to the rules."""

    def assess_many(self, messages: Sequence[Any]) -> list[Assessment]:
        return [Assessment(category="", confidence=0.0, scores=(), risk=0.0, model="none") for _ in messages]


@dataclass
class Handed:
    """A mail relay that takes everything."""

    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)

    def finish(self) -> None:
        """Nothing is held open."""


class Browser:
    """A member of staff at their browser."""

    def __init__(self, office: "Office", client: FlaskClient) -> None:
        self.office, self.client = office, client
        self.secret = ""

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **data: Any) -> TestResponse:
        """Post a form with the token of this session."""
        return self.client.post(path, data={"csrf_token": self.token(), **data})

    def token(self) -> str:
        return token_in(self.get("/account/password")) or token_in(self.get("/sign-in"))

    def case(self, reference: str) -> str:
        response = self.get(f"/cases/{reference}")
        assert response.status_code == 200, response.status
        return response.text

    def reply(self, reference: str, text: str, **more: Any) -> TestResponse:
        once = once_in(self.case(reference), "reply")
        return self.post(f"/cases/{reference}/reply", **{"text": text, "once": once, "then": "in_progress", **more})


def token_in(response: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    return found[1] if found else ""


def once_in(page: str, form: str) -> str:
    """The id of a form that is good once."""
    found = re.search(rf'/{form}"[^>]*>.*?name="once" value="([0-9a-f]{{32}})"', page, re.DOTALL)
    assert found, f"no {form} form"
    return found[1]


@dataclass
class Office:
    """The whole of it. `clock` is the time everywhere."""

    home: Path
    shop: Workshop
    inbox: Inbox
    desk: Desk
    transport: Handed
    clock: list[datetime]
    app: Any
    ids: dict[str, str]

    def pass_time(self, **duration: float) -> None:
        self.clock[0] += timedelta(**duration)

    def mail(self, sender: str, subject: str, text: str, *files: tuple[str, bytes], **headers: str) -> str:
        """Somebody writes to HR, and triage makes a case of it; its reference."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, headers.pop("To", "hr@acme.example"), subject
        message["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@mail.acme.example>"
        message["Date"] = self.clock[0]
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        for name, content in files:
            message.add_attachment(content, maintype="text", subtype="html", filename=name)
        address = sender.partition("<")[2].strip(">") or sender
        return self.deliver(
            Delivery(Channel.MAIL, message.as_bytes(), envelope_sender=address, envelope_recipients=(message["To"],))
        )

    def anonymous(self, text: str, *files: tuple[str, bytes]) -> tuple[str, str]:
        """Somebody reports anonymously: the reference, and the receipt they keep."""
        receipt = new_receipt(lambda bits: int.from_bytes(self.desk.random_bytes(bits // 8 + 1)) >> 8 - bits % 8)
        reader = receipt_reader(read_receipt(receipt), PEPPER)
        public = b64encode(reader.keys.public).decode()
        payload = {
            "form": "anonymous",
            "text": text,
            "files": [{"filename": n, "content_type": "x", "content_base64": b64encode(c).decode()} for n, c in files],
            "reader": {"kind": reader.kind, "lookup": reader.lookup, "public": public},
        }
        return self.deliver(Delivery(Channel.ANONYMOUS, json.dumps(payload).encode())), receipt

    def deliver(self, delivery: Delivery) -> str:
        reference = self.inbox.put(delivery).result(10)
        self.triage()
        return reference

    def triage(self) -> bool:
        """One batch; whether there was any."""
        with writing(self.shop.inbox) as connection:
            ids = states.lease_new(connection, batch="t", now=self.clock[0], seconds=10, most=50)
        Triage(self.shop)("t", ids)
        return bool(ids)

    def send(self) -> list[Mail]:
        """Send what is promised and due; what went out now."""
        before = len(self.transport.sent)
        for urgent in (True, False):
            with writing(self.shop.record) as connection:
                leased = outbox.lease_due(connection, batch="m", now=self.clock[0], seconds=10, most=50, urgent=urgent)
            SendMail(self.shop)("m", leased.get("mail", []))
        return self.transport.sent[before:]

    def restart_with(self, *, service: KeyPair) -> None:
        """Console and worker as they start with another service key."""
        self.shop.keys = replace(self.shop.keys, service=service)
        self.desk = replace(self.desk, service=service)
        self.app = create_app(self.desk)

    def browser(self) -> Browser:
        return Browser(self, self.app.test_client())

    def sign_in(self, address: str) -> Browser:
        """Through the door as anybody: password, second factor, and at first a password of their own."""
        browser = self.browser()
        page = browser.get("/sign-in")
        data = {"address": address, "password": FIRST.format(address), "csrf_token": token_in(page)}
        answer = browser.client.post("/sign-in", data=data)
        assert answer.location == "/sign-in/enrol", answer.text
        page = browser.get("/sign-in/enrol")
        found = re.search(r'id="secret">([^<]+)<', page.text)
        assert found
        browser.secret = found[1].replace(" ", "")
        code = pyotp.TOTP(browser.secret).at(self.clock[0])
        answer = browser.client.post("/sign-in/enrol", data={"code": code, "csrf_token": token_in(page)})
        assert answer.status_code == 303, answer.text
        page = browser.get("/account/password")
        own = OWN.format(address)
        data = {"old": FIRST.format(address), "new": own, "again": own, "csrf_token": token_in(page)}
        assert browser.client.post("/account/password", data=data).status_code == 303
        browser.get("/cases")  # takes the greeting away
        return browser

    def person(self, address: str) -> people.Person:
        with reading(self.desk.record) as connection:
            person = people.find(connection, address)
        assert person is not None
        return person

    def viewer(self, address: str) -> Viewer:
        teams = {name: frozenset(team.members) for name, team in load(self.rules).teams.items()}
        return Viewer(self.person(address), teams)

    def vault(self, address: str) -> KeyPair:
        person = self.person(address)
        return vault.unwrap_private(person.vault_wrapped, FIRST.format(address), person.id)

    def hand(self, address: str) -> Hand:
        """Somebody of the staff, acting now."""
        return Hand(self.viewer(address), self.vault(address), self.desk.service, self.clock[0], self.desk.index)

    def vault_of(self, browser: Browser) -> KeyPair:
        """The key that a signed-in browser's session holds."""
        cookie = browser.client.get_cookie("heed_console")
        session = self.app.session_interface._store.find(cookie.value if cookie else "")
        assert session is not None
        assert session.vault is not None
        vaulted: KeyPair = session.vault
        return vaulted

    def again(self, browser: Browser, address: str) -> Browser:
        """Sign in once more, with the device and the password of one's own."""
        fresh = self.browser()
        fresh.secret = browser.secret
        page = fresh.get("/sign-in")
        data = {"address": address, "password": OWN.format(address), "csrf_token": token_in(page)}
        assert fresh.client.post("/sign-in", data=data).location == "/sign-in/code"
        page = fresh.get("/sign-in/code")
        code = pyotp.TOTP(fresh.secret).at(self.clock[0])
        answer = fresh.client.post("/sign-in/code", data={"code": code, "csrf_token": token_in(page)})
        assert answer.status_code == 303, answer.text
        return fresh

    @property
    def rules(self) -> str:
        with reading(self.desk.record) as connection:
            return rulesets.published(connection) or ""

    def events(self, reference: str = "") -> list[tuple[str, str, dict[str, Any]]]:
        """Verb, actor and data of a case's events, or of the deployment's."""
        with reading(self.desk.record) as connection:
            stream = (
                connection.execute(tables.case.select().where(tables.case.c.reference == reference)).one().id
                if reference
                else "deployment"
            )
            rows = connection.execute(
                tables.event.select().where(tables.event.c.stream_id == stream).order_by(tables.event.c.seq)
            ).all()
        return [(row.verb, row.actor, json.loads(row.data)) for row in rows]

    def row(self, reference: str) -> Any:
        with reading(self.desk.record) as connection:
            return connection.execute(tables.case.select().where(tables.case.c.reference == reference)).one()

    def deadline(self, reference: str, kind: str) -> Any:
        """The row of a case's clock."""
        clock = tables.clock
        mine = clock.select().where(clock.c.case_id == self.row(reference).id, clock.c.kind == kind)
        with reading(self.desk.record) as connection:
            return connection.execute(mine).one()

    def clocks(self, reference: str) -> dict[str, str]:
        with reading(self.desk.record) as connection:
            rows = connection.execute(
                tables.clock.select().where(tables.clock.c.case_id == self.row(reference).id)
            ).all()
        return {row.kind: row.state for row in rows}


@contextmanager
def open_office(home: Path, rules: str, *, stores: Any = None) -> Iterator[Office]:
    """An office in a fresh home, on SQLite unless `stores` (see `heedtest.stores`) says otherwise."""
    keys = KeyFiles(home / "keys")
    keys.create_missing()
    settings = WorkerSlice.model_validate({"home": home, "work": {"engine": "reference"}})

    def connect() -> tuple[Engine, Engine]:
        if stores is not None:
            opened: tuple[Engine, Engine] = stores.open()
            return opened
        return open_database(sqlite_url(home / "inbox.db")), open_database(sqlite_url(home / "record.db"))

    if stores is None:
        lay_out(home)
    engines = [*connect(), *connect(), *connect()]
    clock = [MONDAY]
    with writing(engines[1]) as connection:
        rulesets.publish(connection, load(rules).hash, rules, by="test", reason="first", now=clock[0])
        ids = {address: _hire(connection, address, *who) for address, who in PEOPLE.items()}
    transport = Handed()
    shop = Workshop(settings, engines[0], engines[1], open_keys(settings), NoOpinion(), lambda: clock[0], transport)
    door = Inbox(engines[4], keys.public("triage"), now=lambda: clock[0])
    desk = Desk(
        record=engines[3],
        inbox=engines[2],
        door=door,
        service=keys.pair("service"),
        index=keys.secret("index"),
        console=Console(),
        organisation=Organisation(),
        now=lambda: clock[0],
        random_bytes=secrets.token_bytes,
        home=home,
        fields=known_fields(),
    )
    app = create_app(desk)
    try:
        with as_the_schema_says(keys):
            yield Office(home, shop, door, desk, transport, clock, app, ids)
    finally:
        door.close()
        shop.close()
        for engine in engines:
            engine.dispose()


def _hire(connection: Any, address: str, name: str, roles: tuple[str, ...]) -> str:
    person_id = f"{abs(hash(address)):032x}"[:32]
    people.add(
        connection,
        person_id=person_id,
        address=address,
        name=name,
        roles=roles,
        password=FIRST.format(address),
        by="test",
        now=MONDAY,
    )
    return person_id
