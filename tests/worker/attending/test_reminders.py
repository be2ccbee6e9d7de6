"""What is looked after by itself beside ladders: near deadlines, absent owners, an old directory, a mailbox that nobody reads."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from heedtest.clockwork import Clockwork
from heedtest.worker import mail, rows
from sqlalchemy import delete, insert, update

from cases.store import absences, people, rulesets, tables
from cases.store.engine import writing
from gateway.inbox import mailboxes
from gateway.settings.time import Reminders
from rules import load

LADDERS = (Path(__file__).parent / "ladders.yaml").read_text(encoding="utf-8")
PIA, ADA = "pia@acme.example", "ada@acme.example"


@pytest.fixture
def desk(office):
    """The office with every reminder on, an administrator, and a case of Pia's whose first notices are out."""
    office.clockwork = Clockwork(office.shop, Reminders())
    with writing(office.shop.record) as connection:
        who = {"person_id": "a" * 32, "address": ADA, "name": "Ada Kern", "roles": ("administrator",)}
        people.add(connection, **who, password="a long password", by="test", now=office.clock[0])
    office.deliver(mail(text="My overtime is missing."))
    office.triage()
    office.pass_time(seconds=10)
    office.clockwork.run()
    return office


def told(desk, **duration: float) -> Counter[str]:
    """Who hears something when so much time has passed."""
    desk.pass_time(**duration)
    sent = desk.clockwork.run()
    desk.pass_time(minutes=2)
    return Counter(one.to for one in sent + desk.clockwork.run())


def test_an_owner_hears_of_a_near_deadline_that_no_ladder_speaks_of(desk) -> None:
    with writing(desk.shop.record) as connection:
        connection.execute(delete(tables.rung))
    assert told(desk, hours=20)[PIA] == 0  # half of the time is left
    assert told(desk, hours=10)[PIA] == 1
    assert told(desk, hours=1)[PIA] == 0


def test_who_stands_in_for_an_absent_owner_hears_once_which_cases_are_theirs(desk) -> None:
    with writing(desk.shop.record) as connection:
        absences.set_absent(connection, PIA, desk.clock[0] + timedelta(days=3), desk.clock[0])
    first = told(desk, minutes=6)
    assert first[PIA] == 0
    assert sum(first.values()) == 1
    assert told(desk, minutes=30) == Counter()


def test_an_old_directory_is_brought_up_each_week_until_it_is_imported_again(desk) -> None:
    with writing(desk.shop.record) as connection:
        row = {"number": 1, "at": desk.clock[0], "by": ADA, "people": 3, "added": 3, "changed": 0, "left": 0}
        connection.execute(insert(tables.directory_import).values(**row))
    old = desk.shop.settings.organisation.directory_days
    assert told(desk, days=old - 1)[ADA] == 0
    assert told(desk, days=2)[ADA] == 1
    assert told(desk, days=1)[ADA] == 0
    assert told(desk, days=6)[ADA] == 1
    with writing(desk.shop.record) as connection:
        connection.execute(insert(tables.directory_import).values(**row | {"number": 2, "at": desk.clock[0]}))
    assert told(desk, days=7)[ADA] == 0


def test_a_mailbox_that_is_not_read_is_brought_up_at_once_and_each_day(desk) -> None:
    with writing(desk.shop.inbox) as connection:
        mailboxes.salt_of(connection, "hr")
        mailboxes.note_good(connection, "hr", desk.clock[0], 0)
        mailboxes.note_trouble(connection, "hr", desk.clock[0], "cannot sign in")
    assert told(desk, minutes=50)[ADA] == 0
    assert told(desk, minutes=20)[ADA] == 1
    assert told(desk, hours=5)[ADA] == 0
    assert told(desk, hours=20)[ADA] == 1
    with writing(desk.shop.inbox) as connection:
        mailboxes.note_good(connection, "hr", desk.clock[0] + timedelta(days=1), 0)
    assert told(desk, days=1)[ADA] == 0


def test_a_clock_that_began_in_the_calendar_of_before_is_brought_up_to_date(desk) -> None:
    """A worker may open a case by the ruleset of before, a moment after another one is published."""
    before = next(row for row in rows(desk.shop.record, tables.clock) if row.kind == "resolve")
    text = LADDERS.replace('["09:00-17:00"]}', '["09:00-17:00"]}, holidays: ["2026-11-24"]')
    with writing(desk.shop.record) as connection:
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=desk.clock[0])
    told(desk, minutes=1)
    moved = next(row for row in rows(desk.shop.record, tables.clock) if row.kind == "resolve")
    assert moved.due_at == before.due_at + timedelta(days=1)
    with writing(desk.shop.record) as connection:
        connection.execute(update(tables.clock).values(calendar=before.calendar, due_at=before.due_at))
    told(desk, minutes=6)
    assert next(row for row in rows(desk.shop.record, tables.clock) if row.kind == "resolve").due_at == moved.due_at


def test_after_a_day_without_us_everything_is_caught_up_and_nothing_is_said_twice(desk) -> None:
    told(desk, days=3)
    said = Counter(row.key for row in rows(desk.shop.record, tables.outbox))
    assert max(said.values()) == 1
    assert told(desk, minutes=1) == Counter()
    assert {row.state for row in rows(desk.shop.record, tables.outbox)} == {"done"}
