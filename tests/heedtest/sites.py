"""A public site on real databases with a clock of its own, and cases made by hand as triage would make them."""

import json
import secrets
from base64 import b64decode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, insert, select, update

import cases.store.tables as record_tables
from cases.keys.links import LinkReader
from cases.keys.sealing import KeyPair, Opener, Place, seal
from cases.keys.wraps import wrap_place
from cases.model.submission import Attachment, Submission
from cases.model.words import Access, Channel, ClockKind, ClockState, Direction, Status
from cases.store.codec import StoredMessage, to_bytes, without_file_bytes
from cases.store.engine import open_database, sqlite_url, writing
from cases.store.rows import new_id
from gateway.inbox import tables as inbox_tables
from gateway.inbox.envelope import open_delivery
from gateway.inbox.inbox import Inbox
from gateway.normalizer import normalize_form
from gateway.settings.doors import Web
from gateway.settings.organisation import Organisation
from webforms.record import StoredRecord
from webforms.site import Site

NOON = datetime(2027, 3, 4, 12, 34, 56, tzinfo=UTC)


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class World:
    """Everything around one site."""

    home: Path
    clock: Clock
    triage: KeyPair
    inbox_engine: Engine
    record_engine: Engine
    inbox: Inbox
    record: StoredRecord
    site: Site
    cases: dict[str, tuple[str, KeyPair]] = field(default_factory=dict)

    def envelopes(self) -> list[dict]:
        """Every stored envelope with its opened payload."""
        with self.inbox_engine.connect() as connection:
            rows = connection.execute(select(inbox_tables.envelope)).mappings().all()
        return [
            dict(row)
            | (
                {
                    "payload": json.loads(
                        open_delivery(row["id"], Channel(row["channel"]), row["sealed"], Opener(self.triage)).raw
                    )
                }
                if row["sealed"]
                else {}
            )
            for row in rows
        ]

    def triage_all(self) -> None:
        """What triage does with forms, in small: a case, or a message of a case; wraps; the envelope's bytes go."""
        for row in self.envelopes():
            if row["state"] == "new":
                self._triage(row)
                with writing(self.inbox_engine) as connection:
                    connection.execute(
                        update(inbox_tables.envelope)
                        .where(inbox_tables.envelope.c.id == row["id"])
                        .values(state="triaged", sealed=None)
                    )

    def _triage(self, row: dict) -> None:
        payload, channel = row["payload"], Channel(row["channel"])
        said = normalize_form(json.dumps(payload).encode(), channel=channel, now=row["received_at"])
        link = payload.get("case_link") or payload.get("reader") or {}
        joined = self.cases.get(link.get("lookup", ""))
        if joined is None:
            case_id, keys = self.add_case(row["reference"], channel=channel, received_at=row["received_at"])
            if link:
                self.cases[link["lookup"]] = (case_id, keys)
                self.add_wrap(case_id, keys, link["kind"], link["lookup"], b64decode(link["public"]))
        else:
            case_id, keys = joined
        self.add_message(case_id, keys, said, envelope_id=row["id"])

    def add_case(
        self,
        reference: str,
        *,
        channel: Channel = Channel.ANONYMOUS,
        category: str = "whistleblow",
        access: Access = Access.SEALED,
        status: Status = Status.ASSIGNED,
        received_at: datetime = NOON,
    ) -> tuple[str, KeyPair]:
        case_id, keys = new_id(), KeyPair.generate()
        with writing(self.record_engine) as connection:
            connection.execute(
                insert(record_tables.case).values(
                    id=case_id,
                    reference=reference,
                    envelope_id=new_id(),
                    channel=channel.value,
                    category=category,
                    risk="high",
                    access=access.value,
                    status=status.value,
                    team="er",
                    owner="erin@acme.example",
                    received_at=received_at,
                    opened_at=received_at,
                    ruleset="r",
                    model="m",
                    engine="reference",
                    public_key=keys.public,
                    decision=b"sealed",
                )
            )
            for kind, state, days in (
                (ClockKind.ACKNOWLEDGE, ClockState.MET, 7),
                (ClockKind.FEEDBACK, ClockState.RUNNING, 90),
            ):
                connection.execute(
                    insert(record_tables.clock).values(
                        id=new_id(),
                        case_id=case_id,
                        kind=kind.value,
                        sla="directive",
                        state=state.value,
                        started_at=received_at,
                        due_at=received_at + timedelta(days=days),
                    )
                )
        return case_id, keys

    def add_wrap(self, case_id: str, keys: KeyPair, kind: str, lookup: str, public: bytes, epoch: int = 1) -> None:
        with writing(self.record_engine) as connection:
            connection.execute(
                insert(record_tables.wrap).values(
                    case_id=case_id,
                    epoch=epoch,
                    compartment="content",
                    reader_kind=kind,
                    reader=lookup,
                    sealed=seal(public, keys.private, wrap_place(case_id, epoch, "content", kind, lookup)),
                    created_at=NOON,
                )
            )

    def link(self, case_id: str, keys: KeyPair, reader: LinkReader, epoch: int = 1) -> None:
        self.cases[reader.lookup] = (case_id, keys)
        self.add_wrap(case_id, keys, reader.kind, reader.lookup, reader.keys.public, epoch)

    def add_message(
        self,
        case_id: str,
        keys: KeyPair,
        said: Submission,
        *,
        direction: Direction = Direction.INBOUND,
        envelope_id: str | None = None,
        author: str = "",
        **columns: object,
    ) -> None:
        message_id = new_id()
        content = to_bytes(StoredMessage(without_file_bytes(said), secrets.token_hex(16)))
        with writing(self.record_engine) as connection:
            number = len(
                connection.execute(
                    select(record_tables.message.c.id).where(record_tables.message.c.case_id == case_id)
                ).all()
            )
            values = {
                "id": message_id,
                "case_id": case_id,
                "number": number + 1,
                "envelope_id": envelope_id,
                "direction": direction.value,
                "channel": said.channel.value,
                "author": author,
                "at": NOON,
                "content": seal(keys.public, content, Place("message", message_id, "content")),
                "digest": sha256(content).hexdigest(),
            }
            connection.execute(insert(record_tables.message).values(**(values | columns)))

    def answer(
        self, case_id: str, keys: KeyPair, text: str, files: tuple[Attachment, ...] = (), **more: object
    ) -> None:
        said = Submission(channel=Channel.STAFF, text=text, new_text=text, attachments=files)
        self.add_message(case_id, keys, said, direction=Direction.OUTBOUND, author="erin@acme.example", **more)

    def close(self) -> None:
        self.inbox.close()
        self.record.close()
        self.record_engine.dispose()


def make_world(home: Path, **web: object) -> World:
    """A site on SQLite in `home`; `web` overrides its settings."""
    clock, triage = Clock(), KeyPair.generate()
    inbox_engine = open_database(sqlite_url(home / "inbox.db"))
    record_engine = open_database(sqlite_url(home / "record.db"))
    inbox_tables.metadata.create_all(inbox_engine)
    record_tables.metadata.create_all(record_engine)
    inbox = Inbox(inbox_engine, triage.public, now=clock)
    record = StoredRecord(open_database(sqlite_url(home / "inbox.db")), open_database(sqlite_url(home / "record.db")))
    site = Site(
        inbox=inbox,
        record=record,
        web=Web(**{"host": "127.0.0.1", "port": 0, **web}),
        organisation=Organisation(),
        pepper=b"p" * 32,
        form_key=b"f" * 32,
        now=clock,
        random_bits=secrets.randbits,
        anonymous_open=lambda: True,
    )
    return World(home, clock, triage, inbox_engine, record_engine, inbox, record, site)


def changed(world: World, **fields: object) -> Site:
    """The world's site with other parts."""
    return replace(world.site, **fields)


def multipart(fields: dict[str, str], files: dict[str, bytes] | None = None) -> tuple[str, bytes]:
    """A form as a browser sends it: its content type and its bytes, never by way of a file."""
    mark = "----browser" + secrets.token_hex(8)
    parts = []
    for name, value in fields.items():
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, content in (files or {}).items():
        kind = "application/pdf" if name.endswith(".pdf") else "application/octet-stream"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join(parts) + f"--{mark}--\r\n".encode()
