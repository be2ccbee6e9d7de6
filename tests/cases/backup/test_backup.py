"""A backup made while people write, restored elsewhere, opens the same cases; without the passphrase it opens none."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from heedtest.offices import FIRST, Office
from sqlalchemy import create_engine, text

from cases.backup import archive, known
from cases.backup.archive import KEYS, MANIFEST, Store, make, prune, read_manifest
from cases.backup.copying import copy_in, copy_out, is_empty
from cases.backup.sealing import seal_home, unseal_home
from cases.errors import Refused
from cases.store import migrate, tables
from cases.store.engine import open_database, reading, sqlite_url, writing
from gateway.doctor import Finding, _backup
from gateway.settings import Everything, load
from gateway.shell import main

PASSPHRASE = "correct horse battery"
WORDS = "the words that must come back"


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_BACKUP_PASSPHRASE", PASSPHRASE)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.fixture
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str, Path]]:
    """An office with a case, and a backup of it by the command."""
    reference = office.mail("Sam <sam@acme.example>", "Parking", WORDS)
    (office.home / "heed.toml").write_text('[organisation]\nname = "Kept"\n')
    folder = tmp_path_factory.mktemp("backups")
    done = run("backup", str(folder), "--home", str(office.home))
    assert done.exit_code == 0, done.output
    (path,) = folder.glob("heed-*")
    return office, reference, path


def test_a_restored_backup_reads_its_cases(made: tuple[Office, str, Path], tmp_path: Path) -> None:
    _office, reference, path = made
    new = tmp_path / "elsewhere"
    done = run("restore", str(path), "--home", str(new))
    assert done.exit_code == 0, done.output
    assert "imap refetch" in done.output
    shown = run("cases", "show", reference, "--as", "lena@acme.example", "--password",
                FIRST.format("lena@acme.example"), "--home", str(new))  # fmt: skip
    assert WORDS in shown.output
    assert run("audit", "verify", "--words", "--home", str(new)).exit_code == 0
    assert load(Everything, new).organisation.name == "Kept"
    assert all(one.stat().st_mode & 0o077 == 0 for one in (new / "keys").rglob("*"))


def test_an_existing_home_is_never_touched(made: tuple[Office, str, Path]) -> None:
    office, _, path = made
    done = run("restore", str(path), "--home", str(office.home))
    assert done.exit_code == 1
    assert "not empty" in done.output


def test_without_the_passphrase_neither_keys_nor_words_are_in_the_backup(made: tuple[Office, str, Path]) -> None:
    office, _, path = made
    whole = b"".join(one.read_bytes() for one in sorted(path.iterdir()))
    for key in (office.home / "keys").glob("*.key"):
        assert key.read_bytes().strip() not in whole, key.name
    assert WORDS.encode() not in whole
    assert b"Kept" not in whole


def test_another_passphrase_is_told_from_a_damaged_file(made: tuple[Office, str, Path], tmp_path: Path) -> None:
    _, _, path = made
    sealed = (path / KEYS).read_bytes()
    with pytest.raises(Refused, match="does not open"):
        unseal_home(sealed, "another passphrase", tmp_path / "x")
    with pytest.raises(Refused, match="damaged"):
        unseal_home(sealed[:-40], PASSPHRASE, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_a_damaged_copy_is_found_before_anything_is_restored(made: tuple[Office, str, Path], tmp_path: Path) -> None:
    _, _, path = made
    with (path / "record.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"\x00\xff\x00")
    done = run("restore", str(path), "--home", str(tmp_path / "new"))
    assert "record.db of this backup is missing or damaged" in done.output
    assert not (tmp_path / "new").exists()


def test_a_passphrase_that_anybody_guesses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too short"):
        seal_home(tmp_path, "short")


def test_keys_can_be_kept_on_another_disk(office: Office, tmp_path: Path) -> None:
    done = run("backup", str(tmp_path / "a"), "--keys-to", str(tmp_path / "b"), "--home", str(office.home / "."))
    assert done.exit_code == 2  # inside of its own home
    other = office.home.parent / f"{office.home.name}-out"
    done = run("backup", str(other / "a"), "--keys-to", str(other / "b"), "--home", str(office.home))
    assert done.exit_code == 0, done.output
    (path,), (keys,) = (other / "a").glob("heed-*"), (other / "b").glob("*")
    assert not (path / KEYS).exists()
    assert "kept apart" in run("restore", str(path), "--home", str(other / "n")).output
    assert run("restore", str(path), "--keys", str(keys), "--home", str(other / "n")).exit_code == 0


def test_old_backups_are_destroyed_and_nothing_else(tmp_path: Path, office: Office) -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    folder = office.home.parent / f"{office.home.name}-old"
    stores = (Store("inbox", sqlite_url(office.home / "inbox.db"), "x"),)
    old = make(folder, folder, office.home, stores, PASSPHRASE, now=now, days=30)
    young = make(folder, folder, office.home, stores, PASSPHRASE, now=now + timedelta(days=20), days=30)
    (folder / "heed-notes").mkdir()
    assert prune(folder, folder, now + timedelta(days=31)) == [old.name]
    assert young.exists()
    assert (folder / "heed-notes").exists()
    assert read_manifest(young).expires == now + timedelta(days=50)


def test_what_fails_halfway_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = office.home.parent / f"{office.home.name}-half"

    def fail(*_: object) -> None:
        raise Refused("no")

    monkeypatch.setattr(archive, "copy_out", fail)
    with pytest.raises(Refused):
        make(folder, folder, office.home, (Store("inbox", "sqlite://", ""),), PASSPHRASE, now=datetime.now(UTC), days=1)
    assert list(folder.iterdir()) == []


def test_the_doctor_asks_for_one_a_day_once_there_was_one(office: Office) -> None:
    def finding(**keeping: object) -> Finding:
        (found,) = _backup(Everything.model_validate({"home": office.home, "keeping": keeping}))
        return found

    assert finding().state == "yellow", "a newcomer's first look is not red"
    assert finding(backup_expected=True).state == "red"
    now = datetime.now(UTC)
    for age, state in ((30, "red"), (2, "green")):
        with writing(office.desk.record) as connection:
            known.note(connection, now - timedelta(hours=age), now + timedelta(days=3), now=now)
        assert finding().state == state


def test_postgresql_is_copied_out_and_in(server: str, tmp_path: Path) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    urls = []
    for name in (f"heed_out_{os.getpid()}", f"heed_in_{os.getpid()}"):
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        urls.append(server.replace("/postgres?", f"/{name}?"))
    source = open_database(urls[0], schema="heed_record")
    migrate.upgrade(source, schema="heed_record")
    with writing(source) as connection:
        connection.execute(tables.lease.insert().values(name="x", holder="y", until=datetime.now(UTC)))
    copy_out(urls[0], "heed_record", tmp_path / "record.dump")
    target = open_database(urls[1], schema="heed_record")
    assert is_empty(target, "heed_record")
    target.dispose()
    copy_in(tmp_path / "record.dump", urls[1], "heed_record")
    with reading(target) as connection:
        assert connection.execute(tables.lease.select()).one().holder == "y"
    assert not is_empty(target, "heed_record")
    source.dispose()
    target.dispose()
    admin.dispose()


def test_a_folder_that_is_no_backup_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{}")
    with pytest.raises(Refused, match="no backup"):
        read_manifest(tmp_path)
