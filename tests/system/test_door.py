"""The SMTP door under bad conditions: it answers 451 or by policy, never with our own words, and holds no secret."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from heedtest.door import Conversation, hand_over
from heedtest.homes import one_case
from heedtest.look import rows
from heedtest.mails import make_mail
from heedtest.memory import secrets_in_memory
from heedtest.served import END_WITHIN, Served, heed_command
from heedtest.waiting import crowding

pytestmark = pytest.mark.system

OUR_WORDS = (
    "sqlite",
    "sqlalchemy",
    "traceback",
    "error:",
    "exception",
    "locked",
    "no such",
    "disk",
    "envelope",
    ".py",
    "/",
)
"""What an exception's text would have in it."""


def taken(served: Served) -> int:
    """How many envelopes the inbox has."""
    return int(rows(served.home / "inbox.db", "SELECT count(*) FROM envelope")[0][0])


def quiet(text: str) -> bool:
    """Whether an answer says nothing of ours."""
    return not any(word in text.casefold() for word in OUR_WORDS)


@contextmanager
def no_room(process: psutil.Process, bytes_left: int = 8192) -> Iterator[None]:
    """The kernel refuses this process every write beyond the first bytes of a file, as on a full disk."""
    soft, hard = process.rlimit(resource.RLIMIT_FSIZE)
    process.rlimit(resource.RLIMIT_FSIZE, (bytes_left, hard))
    try:
        yield
    finally:
        process.rlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_answered_451_and_the_door_recovers(local: Served) -> None:
    mail, before = make_mail("full", 1), taken(local)
    with no_room(local.one("smtp")):
        answer = hand_over(local.door, mail.raw, sender=mail.sender)
        assert answer.code == 451
        assert quiet(answer.text)
        assert taken(local) == before
    assert hand_over(local.door, mail.raw, sender=mail.sender).code == 250
    one_case(local, mail.message_id)


def test_a_locked_inbox_is_answered_451(local: Served) -> None:
    mail, before = make_mail("locked", 1), taken(local)
    with closing(sqlite3.connect(local.home / "inbox.db", timeout=20, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = hand_over(local.door, mail.raw, sender=mail.sender)
        other.execute("ROLLBACK")
    assert answer.code == 451
    assert quiet(answer.text)
    assert taken(local) == before
    assert hand_over(local.door, mail.raw, sender=mail.sender).code == 250
    one_case(local, mail.message_id)


def test_a_fault_in_the_database_is_answered_451_without_its_words(local: Served) -> None:
    mail = make_mail("fault", 1)
    with closing(sqlite3.connect(local.home / "inbox.db", timeout=20)) as other:
        other.execute("ALTER TABLE envelope RENAME TO elsewhere")
        try:
            answer = hand_over(local.door, mail.raw, sender=mail.sender)
        finally:
            other.execute("ALTER TABLE elsewhere RENAME TO envelope")
    assert answer.code == 451
    assert quiet(answer.text)
    assert hand_over(local.door, mail.raw, sender=mail.sender).code == 250
    one_case(local, mail.message_id)


def test_policy_alone_refuses_for_good(local: Served) -> None:
    with Conversation(local.door) as door:
        door.say(b"EHLO client.example")
        assert door.mail(b"Subject: no\r\n\r\n", to="stranger@elsewhere.example").code == 550
        door.say(b"RSET")
        assert door.say(b"MAIL FROM:<a@people.example> SIZE=999999999").code == 552
        assert door.mail(make_mail("policy", 1).raw).code == 250


@pytest.mark.parametrize(
    "line",
    [b"", b"\x00\x00", b"\xff\xfe\xfd", b"MAIL FROM:<\xff@x>", b"RCPT TO:", b"DATA", b"AUTH PLAIN AAAA", b"VRFY root",
     b"X" * 5000, b"MAIL FROM:<" + b"a" * 3000 + b"@x>", b"EXPN all", b"HELP", b"EHLO \xc3\xa4", b"BDAT 5 LAST"],
)  # fmt: skip
def test_nonsense_is_answered_in_smtp_and_the_connection_goes_on(local: Served, line: bytes) -> None:
    with Conversation(local.door) as door:
        door.say(b"EHLO client.example")
        assert quiet(door.say(line).text.replace("Error: ", "").replace("Syntax error", ""))
        door.say(b"RSET")
        assert door.mail(make_mail("nonsense", len(line) + sum(line) % 1000).raw).code == 250


def test_a_connection_lost_in_the_middle_of_data_leaves_nothing(local: Served) -> None:
    before = taken(local)
    with Conversation(local.door) as door:
        door.say(b"EHLO client.example")
        for line in (b"MAIL FROM:<half@people.example>", b"RCPT TO:<hr@acme.example>", b"DATA"):
            door.say(line)
        door.send(b"Subject: half\r\n\r\nIt stops in the mid")
    assert hand_over(local.door, make_mail("half", 1).raw).code == 250
    assert taken(local) == before + 1


@pytest.mark.parametrize(("name", "granted"), [("smtp", set()), ("web", {"receipt", "form"})])
def test_a_door_holds_no_private_key_and_no_address_of_redis(local: Served, name: str, granted: set[str]) -> None:
    process = local.one(name)
    assert hand_over(local.door, make_mail("secrets", 1).raw).code == 250
    environment = " ".join(f"{variable}={value}" for variable, value in process.environ().items()).casefold()
    assert not any(word in environment for word in ("redis", "password", "secret", ".key", "outgoing"))
    open_files = {Path(file.path).name for file in process.open_files()}
    assert not any(file.endswith(".key") for file in open_files)
    assert name != "smtp" or ("inbox.db" in open_files and not any(file.startswith("record") for file in open_files))
    assert {connection.laddr for connection in process.net_connections("unix") if connection.laddr} == set()
    assert not any("redis" in str(connection.raddr) for connection in process.net_connections("unix"))
    assert set(secrets_in_memory(process, local.home)) <= granted


def test_the_search_for_keys_would_find_them_in_a_worker(local: Served) -> None:
    assert {"triage", "service"} <= set(secrets_in_memory(local.one("workers"), local.home))


def test_the_door_opens_with_the_public_key_alone(local: Served, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "triage.pub").write_bytes((local.home / "keys" / "triage.pub").read_bytes())
    with (
        closing(sqlite3.connect(local.home / "inbox.db")) as source,
        closing(sqlite3.connect(tmp_path / "inbox.db")) as copy,
    ):
        source.backup(copy)
    environment = {"PATH": os.environ["PATH"], "HEED_SMTP__PORT": "0"}
    process = subprocess.Popen(
        (*heed_command("smtp"), "--home", str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    assert process.stdout is not None
    with process, process.stdout:
        try:
            host, _, port = str(json.loads(process.stdout.readline())["smtp"]).rpartition(":")
            assert hand_over((host, int(port)), make_mail("public", 1).raw).code == 250
            modules = Path(f"/proc/{process.pid}/maps").read_text()
            assert not any(heavy in modules for heavy in ("sklearn", "scipy", "numpy", "_redis", "flask"))
        finally:
            process.terminate()
        process.wait(END_WITHIN * crowding())


def test_the_door_imports_neither_the_model_nor_the_web_nor_redis(tmp_path: Path) -> None:
    code = (
        "import sys, gateway.channels.commands, gateway.channels.smtp, gateway.inbox.inbox, gateway.settings\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'sklearn', 'scipy', 'numpy', 'flask', 'redis', 'rq', 'worker', 'classifier', 'rules', 'console'}))"
    )
    done = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]"
