"""`heed api-token`, as an administrator types it."""

import json

import pytest
from click.testing import CliRunner, Result
from heedtest.homes import new_home

from cases.store import api_tokens
from cases.store.engine import open_database, reading, sqlite_url
from gateway.serve.home import prepare
from gateway.settings import Everything, load
from gateway.shell import main


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = new_home(tmp_path_factory.mktemp("tokens"))
    prepare(load(Everything, home))
    return home


def heed(home, *words: str) -> Result:
    return CliRunner().invoke(main, ["api-token", *words, "--home", str(home)])


def scopes_of(home, letters: str) -> frozenset[str] | None:
    engine = open_database(sqlite_url(home / "record.db"))
    with reading(engine) as connection:
        found = api_tokens.find(connection, letters)
    engine.dispose()
    return frozenset(found.scopes) if found else None


def test_a_token_is_shown_once_listed_without_its_letters_and_revoked(home):
    made = json.loads(heed(home, "add", "portal", "--scope", "submit", "--scope", "read", "--json").stdout)
    assert scopes_of(home, made["token"]) == {"submit", "read"}
    listed = heed(home, "list")
    assert "portal: read, submit" in listed.output
    assert made["token"] not in listed.output
    assert "opens nothing" in heed(home, "revoke", "portal").output
    assert scopes_of(home, made["token"]) is None
    assert "revoked" in heed(home, "list").output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "chat", "--scope", "everything"), 1, "submit"),
        (("add", "chat"), 2, "--scope"),
        (("revoke", "nobody"), 1, "nobody"),
    ],
)
def test_a_slip_is_a_sentence(home, words, code, said):
    done = heed(home, *words)
    assert done.exit_code == code
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_name_is_given_once(home):
    assert heed(home, "add", "hris", "--scope", "read").exit_code == 0
    again = heed(home, "add", "hris", "--scope", "read")
    assert again.exit_code == 1
    assert "hris" in again.output


def test_revoking_prints_one_object_where_that_is_asked_for(home):
    assert heed(home, "add", "board", "--scope", "read").exit_code == 0
    revoked = json.loads(heed(home, "revoke", "board", "--json").stdout)
    assert revoked["name"] == "board"
    assert revoked["revoked"]
