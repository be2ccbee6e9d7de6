"""The home folder: keys, databases, rules and a first person, made once."""

import fcntl
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine

from cases.errors import Refused
from cases.keys.files import KeyFiles
from cases.model.codes import new_password
from cases.store import migrate, people, rulesets
from cases.store.engine import open_database, reading, writing
from gateway.settings import Everything

INBOX_MIGRATIONS = Path(__file__).parents[1] / "inbox" / "migrations"
FIRST_ROLES = ("administrator", "lead", "custodian", "guardian")


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Who was made at the first start; the password is shown once and kept nowhere."""

    address: str
    password: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a start found or made."""

    first_person: FirstPerson | None
    ruleset: str
    rules_differ: bool


def lock(home: Path) -> TextIO:
    """One `heed serve` a home; the lock goes with the process, however it ends. Raises `Refused` when taken."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (home / "serve.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Refused(f"another heed serve already runs in {home}") from None
    return file


def prepare(settings: Everything) -> Prepared:
    """Make what is missing, and bring both databases to the newest schema."""
    os.umask(0o077)
    KeyFiles(settings.keys_folder).create_missing()
    inbox = open_database(settings.inbox_url, schema="heed_inbox")
    record = open_database(settings.record_url, schema="heed_record")
    migrate.upgrade(inbox, INBOX_MIGRATIONS, schema="heed_inbox")
    migrate.upgrade(record, schema="heed_record")
    inbox.dispose()
    _lay_schema(settings.home / "rules" / "schema.json")
    try:
        ruleset, differ = _rules(record, settings.home / "rules.yaml")
        return Prepared(_first_person(record, settings), ruleset, differ)
    finally:
        record.dispose()


def _rules(record: Engine, path: Path) -> tuple[str, bool]:
    """Publish the starter ruleset in a new home; later the file only proposes."""
    from rules import load, starter_text
    from rules.language.files import read_file

    if not path.exists():
        path.write_text(starter_text(), encoding="utf-8")
    with reading(record) as connection:
        versions, current = rulesets.history(connection), rulesets.published(connection)
    if versions:  # the file may hold anything: it only proposes
        return versions[0].ruleset, path.read_bytes() != (current or "").encode()
    text = read_file(path)
    ruleset = load(text, str(path))
    with writing(record) as connection:
        rulesets.publish(connection, ruleset.hash, text, by="first start", reason="first start", now=datetime.now(UTC))
    return ruleset.hash, False


def _lay_schema(path: Path) -> None:
    """The language's schema of this version, where the first line of the starter ruleset says that editors find it."""
    from rules import schema_bytes

    if not path.exists() or path.read_bytes() != schema_bytes():
        path.parent.mkdir(exist_ok=True, mode=0o700)
        path.write_bytes(schema_bytes())


def _first_person(record: Engine, settings: Everything) -> FirstPerson | None:
    with reading(record) as connection:
        if people.everyone(connection):
            return None
    domain = settings.organisation.hr_address.rpartition("@")[2]
    person = FirstPerson(f"admin@{domain}", new_password(secrets.choice))
    with writing(record) as connection:
        people.add(
            connection,
            person_id=secrets.token_hex(16),
            address=person.address,
            name="First person",
            roles=FIRST_ROLES,
            password=person.password,
            by="first start",
            now=datetime.now(UTC),
        )
    return person
