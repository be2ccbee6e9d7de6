"""A hundred thousand cases in SQLite: how long the console's own queries take to open one, to list them, to count them."""

import random
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, insert

from bench.figures import Figure, percentile
from cases.audit.chain import GENESIS, next_event
from cases.keys.sealing import KeyPair, Place, seal
from cases.keys.wraps import wrap_place
from cases.model.decision import Decision
from cases.model.submission import Address, Submission
from cases.model.words import Access, Channel
from cases.store import migrate, people, tables
from cases.store.codec import StoredMessage, to_bytes
from cases.store.dossier import open_dossier
from cases.store.engine import open_database, reading, sqlite_url, writing
from cases.store.people import Person
from cases.store.queue import View, Wanted, count_views, list_cases
from cases.store.sight import Viewer

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEAMS = [f"team{number}" for number in range(12)]
CATEGORIES = [f"category{number}" for number in range(20)]

VERBS = ("case.opened", "case.read", "reply.written")
PROMISES = (("acknowledge", 24), ("first_response", 48), ("resolve", 240))
OPENED = 400
"""Cases that are sealed as in life and opened; the others are only listed, and share their bytes."""
AT_ONCE = 2_000
LISTED = b"\x01" * 500
"""What stands in place of sealed bytes in a case that is only listed."""
TEXT = "The overtime of the second week is missing, and the night shift of the third. " * 12


SAID = to_bytes(
    StoredMessage(
        Submission(
            channel=Channel.MAIL,
            sender=Address("Sam", "sam@acme.example"),
            subject="Overtime",
            text=TEXT,
            new_text=TEXT,
        ),
        "salt",
    )
)
DECIDED = to_bytes(
    Decision(
        category="category0", risk="low", access=Access.MANAGED, team=TEAMS[0], owner="pia@acme.example", backup="",
        readers=("pia@acme.example",),
        escalated_to=(), excluded=(), tags=(), notices=(), deadlines=(), ladder=(), acknowledgement="acknowledge",
        legal_hold=False, checklist="", review_before_close=False, fired=(), trace=(),
        engine="reference", ruleset="0" * 16, model="none",
    )
)  # fmt: skip


def caseload_figures(count: int = 100_000, rounds: int = 200) -> Iterator[Figure]:
    """Of a database of its own."""
    with tempfile.TemporaryDirectory(prefix="heed-bench-") as folder:
        yield from _in(Path(folder), count=count, rounds=rounds)


def _in(folder: Path, *, count: int, rounds: int) -> Iterator[Figure]:
    """Fill a database with `count` cases, then measure; times are those of one call, commit included."""
    engine = open_database(sqlite_url(folder / "record.db"))
    migrate.upgrade(engine)
    service, chance = KeyPair.generate(), random.Random(7)
    began = time.perf_counter()
    references = _fill(engine, service, count, chance)
    filled = f"{count} cases filled in {time.perf_counter() - began:.0f} s"
    teams = {team: frozenset({"pia@acme.example"} if team == TEAMS[0] else set()) for team in TEAMS}
    with reading(engine) as connection:
        lead, handler = (_person(connection, f"{name}@acme.example") for name in ("lena", "pia"))
    vault = KeyPair.generate()

    def open_one() -> None:
        with writing(engine) as connection:
            open_dossier(connection, chance.choice(references), Viewer(lead, teams), vault, service, NOW)

    yield _figure("opening a case, p95", _times(open_one, rounds), 50, filled)
    for who, person in (("lead", lead), ("handler", handler)):
        viewer = Viewer(person, teams)
        for view in View:

            def listed(viewer: Viewer = viewer, view: View = view) -> None:
                category = chance.choice(["", *CATEGORIES])
                with reading(engine) as connection:
                    list_cases(connection, viewer, Wanted(view=view, category=category), NOW)

            yield _figure(
                f"list of a {who}, {view.value}, p95", _times(listed, rounds // 4), 150, "one category or none"
            )

        def counted(viewer: Viewer = viewer) -> None:
            with reading(engine) as connection:
                count_views(connection, viewer, NOW)

        yield _figure(f"counts of a {who}, p95", _times(counted, rounds // 4), 150, "all views at once")
    engine.dispose()


def _figure(name: str, seconds: list[float], aim: float, against: str) -> Figure:
    middle = f"p50 {percentile(seconds, 50) * 1000:.1f} ms, {len(seconds)} times; {against}"
    return Figure(name, percentile(seconds, 95) * 1000, "ms", middle, aim=aim, at_least=False)


def _times(work: Callable[[], None], rounds: int) -> list[float]:
    work()
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def _person(connection: Connection, address: str) -> Person:
    found = people.find(connection, address)
    assert found is not None
    return found


def _fill(engine: Engine, service: KeyPair, count: int, chance: random.Random) -> list[str]:
    """Cases of five years, a tenth of them open; the references of those that can be opened."""
    with writing(engine) as connection:
        for name, roles in (("lena", ("lead",)), ("pia", ("handler",))):
            people.add(connection, person_id=secrets.token_hex(16), address=f"{name}@acme.example", name=name, roles=roles,
                       password="a password of the bench", by="bench", now=NOW)  # fmt: skip
    references: list[str] = []
    for first in range(0, count, AT_ONCE):
        rows: dict[str, list[dict[str, object]]] = {
            name: [] for name in ("case", "message", "wrap", "clock", "stream", "event")
        }
        for number in range(first, min(count, first + AT_ONCE)):
            reference = f"HR-{number:08d}"
            if number < OPENED:
                references.append(reference)
            _case(rows, number, reference, service, chance)
        with writing(engine) as connection:
            for name, some in rows.items():
                if some:
                    connection.execute(insert(getattr(tables, name)), some)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA optimize=0x10002")
    return references


def _case(
    rows: dict[str, list[dict[str, object]]],
    number: int,
    reference: str,
    service: KeyPair,
    chance: random.Random,
) -> None:
    case_id, keys = secrets.token_hex(16), KeyPair.generate() if number < OPENED else service
    received = NOW - timedelta(minutes=chance.randrange(5 * 365 * 24 * 60))
    is_open = number < OPENED or chance.random() < 0.1
    team = chance.choice(TEAMS)
    owner = "pia@acme.example" if team == TEAMS[0] and chance.random() < 0.5 else f"{team}@acme.example"

    def sealed(kind: str, raw: bytes, place: Place, to: KeyPair) -> bytes:
        return seal(to.public, raw, place) if number < OPENED else LISTED

    rows["case"].append({
        "id": case_id, "reference": reference, "envelope_id": secrets.token_hex(16), "channel": "mail",
        "category": chance.choice(CATEGORIES), "risk": chance.choice(["low", "moderate", "high"]),
        "access": "managed" if chance.random() < 0.8 else "restricted",
        "status": "in_progress" if is_open else "closed", "team": team, "owner": owner,
        "received_at": received, "opened_at": received, "closed_at": None if is_open else received + timedelta(days=3),
        "outcome": "" if is_open else "done", "ruleset": "0" * 16, "model": "none", "engine": "reference",
        "public_key": keys.public,
        "decision": sealed("decision", DECIDED, Place("case_file", case_id, "decision"), keys),
    })  # fmt: skip
    for place in range(1, 4 if number < OPENED else 2):
        message_id = secrets.token_hex(16)
        raw = SAID if number < OPENED else b""
        rows["message"].append({
            "id": message_id, "case_id": case_id, "number": place, "envelope_id": secrets.token_hex(16),
            "direction": "inbound" if place % 2 else "outbound", "channel": "mail",
            "at": received + timedelta(hours=place),
            "content": sealed("content", raw, Place("message", message_id, "content"), keys),
            "raw": sealed("raw", raw * 2, Place("message", message_id, "raw"), keys), "digest": "0" * 64,
        })  # fmt: skip
    rows["wrap"].append({
        "case_id": case_id, "epoch": 1, "compartment": "content", "reader_kind": "service", "reader": "service",
        "created_at": received,
        "sealed": sealed("wrap", keys.private, wrap_place(case_id, 1, "content", "service", "service"), service),
    })  # fmt: skip
    for kind, hours in PROMISES[0 if number < OPENED or is_open else 2 :]:
        due = received + timedelta(hours=hours)
        rows["clock"].append({
            "id": secrets.token_hex(16), "case_id": case_id, "kind": kind, "sla": "routine", "started_at": received,
            "due_at": due,
            "state": "running" if is_open and kind == "resolve" else "met",
            "ended_at": None if is_open and kind == "resolve" else received + timedelta(hours=1),
        })  # fmt: skip
    if number >= OPENED:
        return
    previous = GENESIS
    for seq, verb in enumerate(VERBS, 1):
        one = next_event(case_id, seq, previous, verb=verb, actor="pia@acme.example", at=received, data={"n": seq})
        previous = one.hash
        rows["event"].append({
            "stream_id": case_id, "seq": seq, "verb": verb, "actor": one.actor, "at": one.at, "data": one.data, "hash": one.hash,
        })  # fmt: skip
    rows["stream"].append({"id": case_id, "seq": len(VERBS), "head": previous, "chained_seq": len(VERBS)})
