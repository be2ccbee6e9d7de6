"""Conflicts of interest and absences in a real record: the directory's say in who owns, reads and is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heedtest.offices import Office, open_office
from sqlalchemy import select, update

from cases.directory.importing import take_over
from cases.leaving import Office as Teams
from cases.leaving import leave, welcome_back
from cases.model.context import Person
from cases.store import absences, owning, tables
from cases.store.engine import reading, writing
from cases.store.sight import find_case

RULES = (Path(__file__).parents[1] / "console" / "rules.yaml").read_text(encoding="utf-8")
RULES = RULES.replace(
    "members: [erin@acme.example, eli@acme.example]", "members: [e.hallam@acme.example, eli@acme.example]"
)
HANDLERS = {"er": ("erin@acme.example", "eli@acme.example"), "payroll": ("pia@acme.example", "omar@acme.example")}
PEOPLE = (
    Person(
        "erin@acme.example", "Erin Hallam", "cho@acme.example", aliases=("e.hallam@acme.example",), nicknames=("Ernie",)
    ),
    Person("eli@acme.example", "Eli Brandt", "lena@acme.example"),
    Person("lena@acme.example", "Lena Vogt", "cho@acme.example"),
    Person("ada@acme.example", "Ada Kern"),
    Person("gus@acme.example", "Gus Okafor"),
    Person("cho@acme.example", "Cho Tanaka", job_title="Chief"),
    Person("sam@acme.example", "Sam Reed", "mia@acme.example"),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, RULES) as opened:
        with writing(opened.desk.record) as connection:
            take_over(connection, PEOPLE, by="test", now=opened.clock[0])
        yield opened


def sees(office: Office, address: str, reference: str) -> bool:
    with reading(office.desk.record) as connection:
        return find_case(connection, reference, office.viewer(address)) is not None


def told(office: Office) -> set[str]:
    office.pass_time(minutes=5)
    return {mail.to for mail in office.send()}


@pytest.mark.parametrize(("accusation", "kept_away"), [
    ("Ernie harasses me", ["erin@acme.example"]),
    ("Eli Brandt bullies me", ["eli@acme.example"]),
    ("The chief harasses us", ["erin@acme.example", "lena@acme.example", "eli@acme.example"]),
    ("Ada Kern harasses me", ["ada@acme.example"]),
])  # fmt: skip
def test_for_the_accused_the_case_does_not_exist(office: Office, accusation: str, kept_away: list[str]) -> None:
    reference = office.mail("sam@acme.example", "Please help", accusation)
    row = office.row(reference)
    assert row.owner
    with reading(office.desk.record) as connection:
        wraps = set(connection.execute(select(tables.wrap.c.reader).where(tables.wrap.c.case_id == row.id)).scalars())
        rungs = connection.execute(select(tables.rung.c.notify, tables.rung.c.escalate_to)).all()
    mails = told(office)
    for address in kept_away:
        assert not sees(office, address, reference)
        assert office.ids[address] not in wraps
        assert address not in {row.owner, row.backup} | mails
        assert all(address not in f"{rung.notify} {rung.escalate_to}" for rung in rungs)


def test_who_is_named_later_loses_the_case_at_once(office: Office) -> None:
    reference = office.mail("sam@acme.example", "Please help", "Somebody harasses me")
    row = office.row(reference)
    assert row.owner == "erin@acme.example"  # the ruleset names her by an alias
    told(office)
    office.pass_time(hours=1)
    office.mail(
        "sam@acme.example",
        "Re: Please help",
        "It is Erin Hallam.",
        In_Reply_To=message_id("Please help", "Somebody harasses me"),
    )
    row = office.row(reference)
    assert (row.owner, "erin@acme.example" in (row.owner, row.backup)) == ("eli@acme.example", False)
    assert not sees(office, "erin@acme.example", reference)
    mails = told(office)
    assert "eli@acme.example" in mails
    assert not mails & {"erin@acme.example", "e.hallam@acme.example"}
    assert {"conflict.found", "case.assigned"} <= {verb for verb, _, _ in office.events(reference)}


def test_naming_who_answered_takes_no_case_from_them_but_shows(office: Office) -> None:
    pay = office.mail("sam@acme.example", "My payslip", "They harass me, somebody does")
    with writing(office.desk.record) as connection:
        connection.execute(update(tables.case).values(owner="erin@acme.example"))
    assert office.sign_in("erin@acme.example").reply(pay, "Who does?").status_code == 303
    asked = message_id("My payslip", "They harass me, somebody does")
    office.mail("sam@acme.example", "Re: My payslip", "As Ernie asked me: it is Eli Brandt.", In_Reply_To=asked)
    row = office.row(pay)
    assert (row.owner, "handler_named" in row.tags.split()) == ("erin@acme.example", True)
    assert not sees(office, "eli@acme.example", pay)


def message_id(subject: str, text: str) -> str:
    return f"<{abs(hash(('sam@acme.example', subject, text)))}@mail.acme.example>"


def test_an_absent_owner_gets_nothing_new_and_their_backup_hears_of_replies(office: Office) -> None:
    first = office.mail("sam@acme.example", "My payslip", "The overtime is missing")
    with writing(office.desk.record) as connection:
        absences.set_absent(connection, "Pia@acme.example", office.clock[0] + timedelta(days=9), office.clock[0])
    second = office.mail("ben@acme.example", "Salary", "Where is it?")
    assert office.row(second).owner == "omar@acme.example"
    told(office)
    office.mail(
        "sam@acme.example",
        "Re: My payslip",
        "Any news?",
        In_Reply_To=message_id("My payslip", "The overtime is missing"),
    )
    assert "pia@acme.example" not in (mails := told(office))
    assert "omar@acme.example" in mails
    with writing(office.desk.record) as connection:
        absences.set_present(connection, "pia@acme.example", office.clock[0] + timedelta(minutes=1))
    office.pass_time(minutes=2)
    assert office.row(office.mail("cy@acme.example", "Salary", "And mine?")).owner == "pia@acme.example"
    assert office.row(first).owner == "pia@acme.example"


def test_who_leaves_hands_over_and_is_locked_out(office: Office) -> None:
    pay = office.mail("sam@acme.example", "My payslip", "The overtime is missing")
    assert (office.row(pay).owner, office.row(pay).backup) == ("pia@acme.example", "omar@acme.example")
    sealed, _ = office.anonymous("The books are cooked.")
    browser = office.sign_in("pia@acme.example")
    told(office)
    teams = Teams(HANDLERS, office.desk.service.public, office.desk.index)
    with writing(office.desk.record) as connection:
        handed = leave(connection, "pia@acme.example", teams, by="test", now=office.clock[0])
        assert (handed.reassigned, handed.ownerless) == (1, 0)
    assert office.row(pay).owner == "omar@acme.example"
    assert office.row(pay).backup != "pia@acme.example"
    assert browser.get("/cases").status_code == 303
    assert told(office) == {"omar@acme.example"}
    assert office.row(office.mail("ben@acme.example", "Salary", "Where is it?")).owner == "omar@acme.example"
    assert {"to": "omar@acme.example", "because": "left"}.items() <= office.events(pay)[-2][2].items()
    with writing(office.desk.record) as connection:
        welcome_back(connection, "pia@acme.example", by="test", now=office.clock[0])
    assert office.row(office.mail("cy@acme.example", "Salary", "Where?")).owner == "pia@acme.example"
    assert office.row(sealed).owner


def test_a_sealed_case_goes_only_to_who_can_read_it(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    row = office.row(reference)
    with writing(office.desk.record) as connection:
        handed = leave(connection, row.owner, Teams(HANDLERS, office.desk.service.public, office.desk.index), by="t",
                       now=office.clock[0])  # fmt: skip
    after = office.row(reference)
    if after.owner:
        assert "The books are cooked." in office.sign_in(after.owner).case(reference)
    else:
        assert handed.ownerless == 1
        with reading(office.desk.record) as connection:
            (found,) = owning.unowned(connection, office.clock[0] + timedelta(days=1), timedelta(minutes=30))
        assert (found.reference, found.why) == (reference, "no_owner")


def test_a_case_whose_owner_and_backup_are_away_is_found_after_a_while(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing")
    now = office.clock[0]
    with writing(office.desk.record) as connection:
        absences.set_absent(connection, "pia@acme.example", now + timedelta(days=9), now)
        assert owning.unowned(connection, now + timedelta(hours=1), timedelta(minutes=30)) == []
        absences.set_absent(connection, "omar@acme.example", now + timedelta(days=2), now)
        (found,) = owning.unowned(connection, now + timedelta(hours=1), timedelta(minutes=30))
        assert (found.reference, found.why, found.since) == (reference, "owner_away", now)
        assert owning.unowned(connection, now + timedelta(minutes=29), timedelta(minutes=30)) == []
        assert owning.unowned(connection, now + timedelta(days=3), timedelta(minutes=30)) == []


@pytest.mark.parametrize(("since", "until", "said"), [
    (None, datetime(2020, 1, 1, tzinfo=UTC), "over already"),
    (datetime(2027, 1, 2, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), "before it begins"),
    (None, datetime(2099, 1, 1, tzinfo=UTC), "two years"),
])  # fmt: skip
def test_an_absence_that_cannot_be_is_refused_in_words(office: Office, since, until, said) -> None:
    with writing(office.desk.record) as connection, pytest.raises(Exception, match=said):
        absences.set_absent(connection, "pia@acme.example", until, office.clock[0], since=since)
