"""`heed staff`, as an administrator types it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from heedtest.homes import new_home

from cases.access import second
from cases.model.words import ROLES
from cases.store import people
from cases.store.engine import open_database, sqlite_url, writing
from gateway.serve.home import prepare
from gateway.settings import Everything, load
from gateway.shell import main

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where lee, a triager, is to become a lead, and mo is to become a handler; both wait."""
    home = new_home(tmp_path_factory.mktemp("staff"))
    prepare(load(Everything, home))
    engine = open_database(sqlite_url(home / "record.db"))
    with writing(engine) as connection:
        for name, roles, wish in (("lee", ("auditor",), "lead auditor"), ("mo", (), "handler")):
            people.add(connection, person_id=name, address=f"{name}@acme.example", name="", roles=roles,
                       password="a long one", by="shell", now=NOW)  # fmt: skip
            second.ask(connection, second.Kind.ROLES, by="shell", now=NOW, person_id=name, value=wish)
    engine.dispose()
    return home


def staff(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["staff", *words, "--home", str(home)])


def test_roles_that_wait_are_listed_as_waiting(home: Path) -> None:
    lines = staff(home, "list").stdout.splitlines()
    assert "lee@acme.example  (auditor, lead: waits for a second person)" in lines
    assert "mo@acme.example  (handler: waits for a second person)" in lines
    rows = {row["address"]: row for row in map(json.loads, staff(home, "list", "--json").stdout.splitlines())}
    assert (rows["lee@acme.example"]["roles"], rows["lee@acme.example"]["waiting"]) == (["auditor"], ["lead"])


def test_the_help_names_every_role(home: Path) -> None:
    said = " ".join(staff(home, "add", "--help").stdout.split())
    assert all(role in said for role in ROLES)
