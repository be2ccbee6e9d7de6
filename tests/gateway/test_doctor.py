"""`heed doctor` on the rules: what is in force, what the home's file proposes, what cannot be loaded."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.store import people, rulesets, tables
from cases.store.engine import open_database, writing
from cases.store.outbox import promise_to_attend
from gateway.doctor import _people, _record, _rules
from gateway.serve.home import prepare
from gateway.settings import Everything, load
from rules import load as load_text
from rules import starter_text


@pytest.fixture
def settings(tmp_path: Path) -> Everything:
    found = load(Everything, tmp_path)
    prepare(found)
    return found


def said(settings):
    return [(one.state, one.words) for one in _rules(settings)]


def test_a_fresh_home_is_in_order(settings):
    ((state, words),) = said(settings)
    assert state == "green"
    assert words.endswith("is in force")


def test_a_bad_file_is_named_with_its_first_error_and_changes_nothing(settings):
    path = settings.home / "rules.yaml"
    path.write_text(path.read_text("utf-8").replace("unsure_below: 0.50", "unsure_bellow: 0.50"), "utf-8")
    (in_force, _), (state, words) = said(settings)
    assert (in_force, state) == ("green", "yellow")
    assert '"unsure_bellow" is not known here' in words
    path.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in said(settings)[1][1]
    assert prepare(settings).rules_differ


def test_a_published_version_that_no_longer_loads_is_red(settings):
    record = open_database(settings.record_url, schema="heed_record")
    with writing(record) as connection:
        rulesets.publish(connection, "0" * 16, "version: 0\n", by="t", reason="", now=datetime.now(
            UTC))  # fmt: skip
    ((state, words),) = said(settings)
    assert state == "red"
    assert "this release cannot load it" in words


def test_an_address_that_nobody_signs_in_with_is_named_and_an_alias_is_not(settings):
    with writing(open_database(settings.record_url, schema="heed_record")) as connection:
        who = {"person_id": "a" * 32, "address": "ann@acme.example", "name": "Ann", "roles": ("handler",)}
        people.add(connection, **who, password="first words of ann", by="test", now=datetime(2026, 1, 1, tzinfo=UTC))
        numbers = dict.fromkeys(("people", "added", "changed", "left"), 1)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        connection.execute(tables.directory_import.insert().values(number=1, at=now, by="test", **numbers))
        row = {
            "address": "ann@acme.example",
            "aliases": next(iter(load_text(starter_text()).teams.values())).members[0],
        }
        connection.execute(tables.employee.insert().values(**row))
    ((words),) = [one.words for one in _people(settings)]
    assert "nobody signs in with" in words
    assert f" {row['aliases']}," not in words
    assert "@" in words


def test_mail_that_is_tried_again_is_named_with_its_cause(settings):
    with writing(open_database(settings.record_url, schema="heed_record")) as connection:
        promise_to_attend(connection, [("a", None, False), ("b", None, False)], datetime(2026, 1, 1, tzinfo=UTC))
        why = "the mail relay cannot be reached (timeout)"
        connection.execute(tables.outbox.update().where(tables.outbox.c.key == "a").values(error=why))
    found = [(one.state, one.words) for one in _record(settings) if one.check == "effects"]
    assert ("yellow", f"1 to be tried again: {why}") in found
