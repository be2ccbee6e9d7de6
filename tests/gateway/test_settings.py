"""Settings: typed, refused when unknown, and a process sees its own slice only."""

from pathlib import Path

import pytest

from cases.errors import Refused
from gateway.serve.commands import environment
from gateway.settings import SLICES, Everything, ImapSlice, SmtpSlice, WorkerSlice, load

MAILBOX = '{"hr": {"host": "mail.acme.example", "user": "hr", "password": "hunter2"}}'


def write(home: Path, text: str) -> Path:
    (home / "heed.toml").write_text(text, encoding="utf-8")
    return home


def test_file_then_environment_then_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "[smtp]\nport = 1\nmax_connections = 7\n")
    monkeypatch.setenv("HEED_SMTP__PORT", "2")
    assert load(SmtpSlice, tmp_path).smtp.port == 2
    assert load(SmtpSlice, tmp_path, {"smtp": {"port": 3}}).smtp.port == 3
    assert load(SmtpSlice, tmp_path).smtp.max_connections == 7


def test_lists_come_from_the_environment_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_MAIL__ALIASES", "people@acme.example,jobs@acme.example")
    assert load(SmtpSlice, tmp_path).mail.aliases == ("people@acme.example", "jobs@acme.example")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[smtp]\nprot = 1\n", "prot"),
        ("[smpt]\nport = 1\n", "smpt"),
        ("[smtp]\nport = 70000\n", "port"),
        ("[smtp", "heed.toml"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Refused, match=named):
        load(Everything, write(tmp_path, text))


def test_the_door_is_given_no_queue_no_record_and_no_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_REDIS__URL", "redis://secret")
    monkeypatch.setenv("HEED_OUTGOING__PASSWORD", "hunter2")
    monkeypatch.setenv("HEED_RECORD__URL", "sqlite:///elsewhere")
    granted = environment("smtp", tmp_path, {"outgoing": {"relay": "h:25"}, "smtp": {"port": 0}})
    assert granted == {"HEED_HOME": str(tmp_path), "HEED_SMTP__PORT": "0"}
    assert "HEED_OUTGOING__PASSWORD" in environment("worker", tmp_path, {})


def test_the_mailbox_door_is_given_its_mailboxes_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_REDIS__URL", "redis://secret")
    monkeypatch.setenv("HEED_OUTGOING__PASSWORD", "hunter2")
    monkeypatch.setenv("HEED_RECORD__URL", "sqlite:///elsewhere")
    monkeypatch.setenv("HEED_IMAP__MAILBOXES", MAILBOX)
    granted = environment("imap", tmp_path, {"outgoing": {"relay": "h:25"}})
    assert granted == {"HEED_HOME": str(tmp_path), "HEED_IMAP__MAILBOXES": MAILBOX}
    assert {name for name, kind in SLICES.items() if "imap" in kind.model_fields} == {"imap"}
    assert set(SLICES["imap"].model_fields) == {"home", "inbox", "organisation", "imap"}
    assert "hunter2" not in repr(load(ImapSlice, tmp_path))


@pytest.mark.parametrize(
    ("mailbox", "named"),
    [
        ('{"hr": {"host": "h", "user": "hr"}}', "password"),
        ('{"hr": {"host": "h", "user": "hr", "password": "x", "provider": "google"}}', "either"),
        ('{"hr": {"host": "h", "user": "hr", "provider": "microsoft", "client_secret": "x"}}', "tenant"),
        ('{"hr": {"host": "h", "user": "hr", "password": "x", "tls": "none"}}', "in the clear"),
        ('{"H R": {"host": "h", "user": "hr", "password": "x"}}', "name"),
        ("{", "mailboxes"),
    ],
)
def test_a_mailbox_that_cannot_work_is_refused(tmp_path: Path, mailbox: str, named: str) -> None:
    with pytest.raises(Refused, match=named):
        load(ImapSlice, write(tmp_path, ""), {"imap": {"mailboxes": mailbox}})


def test_only_the_worker_has_credentials_for_the_mail_relay() -> None:
    assert {name for name, kind in SLICES.items() if "outgoing" in kind.model_fields} == {"worker"}
    outgoing = {"password": "hunter2", "tls": "starttls"}
    assert "hunter2" not in repr(WorkerSlice.model_validate({"home": ".", "outgoing": outgoing}))
