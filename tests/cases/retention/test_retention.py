"""Cases end when their category says: warned about before, never under a hold; erased so that no key and no copy opens them."""

import json
from datetime import timedelta

import pytest
from heedtest.clockwork import Clockwork
from heedtest.offices import Office
from sqlalchemy import LargeBinary, Text, select, update

from cases.audit.verifying import verify
from cases.errors import Refused
from cases.handling import holding
from cases.retention.erasing import _WHOLE, erase
from cases.retention.expiring import State, every
from cases.store import rulesets, tables
from cases.store.engine import reading, writing
from cases.store.queue import View, Wanted, list_cases
from cases.store.sight import find_case
from cases.store.trail_tables import backup
from gateway.settings.time import Reminders
from rules import load
from rules.keeping import keeping_of

KEEP = "unsorted:   {keep: 90 days, label"
WORDS = "the marker of what was said"
PIA, FAY = "pia@acme.example", "fay@acme.example"


@pytest.fixture
def clockwork(office: Office) -> Clockwork:
    text = office.rules.replace("unsorted:   {label", KEEP)
    with writing(office.desk.record) as connection:
        rulesets.publish(connection, load(text).hash, text, by="t", reason="", now=office.clock[0])
    return Clockwork(office.shop, Reminders.model_validate(dict.fromkeys(Reminders.model_fields, 0)))


def closed_case(office: Office) -> str:
    reference = office.mail("Sam <sam@acme.example>", "Parking", WORDS, ("plan.html", b"<p>plan</p>"))
    browser = office.sign_in(FAY)
    assert browser.reply(reference, "Behind the house.").status_code == 303
    assert browser.post(f"/cases/{reference}/close", outcome="done").status_code == 303
    return reference


def states(office: Office) -> dict[str, State]:
    keeping = keeping_of(load(office.rules))
    with reading(office.desk.record) as connection:
        found = every(connection, office.desk.service, keeping, now=office.clock[0], warn=timedelta(days=30))
    return {one.reference: one.state for one in found}


def days(office: Office, clockwork: Clockwork, count: int) -> list[bytes]:
    """So many days pass, each with its look; the mails that went out."""
    sent = []
    for _ in range(count):
        office.pass_time(days=1)
        clockwork.look()
        clockwork.work()
        office.pass_time(minutes=5)
        sent += [mail.content for mail in clockwork.work()]
    return sent


def test_a_case_is_warned_about_and_erased_after_its_time(office: Office, clockwork: Clockwork) -> None:
    reference = closed_case(office)
    assert states(office) == {reference: State.KEPT}
    office.pass_time(days=58)
    days(office, clockwork, 1)
    assert states(office) == {reference: State.KEPT}
    days(office, clockwork, 3)
    assert states(office) == {reference: State.WARNED}
    assert ("case.expiring" in [verb for verb, _, _ in office.events(reference)]) is True
    office.pass_time(days=26)
    days(office, clockwork, 1)
    assert office.row(reference).erased_at is None
    days(office, clockwork, 6)
    assert office.row(reference).erased_at is not None
    assert office.events(reference)[-1][:2] == ("case.erased", "retention")


def test_nothing_opens_an_erased_case_and_its_trail_verifies(office: Office) -> None:
    reference = closed_case(office)
    other = office.mail("kim@acme.example", "Payslip", "My overtime is missing")
    case_id = office.row(reference).id
    with writing(office.desk.record) as connection:
        connection.execute(
            backup.insert().values(id="b", at=office.clock[0], expires_at=office.clock[0] + timedelta(days=9))
        )
        done = erase(connection, case_id, because="test", by="test", now=office.clock[0])
    assert done.backups_until == office.clock[0] + timedelta(days=9)
    with reading(office.desk.record) as connection:
        assert verify(connection, service=office.desk.service).broken is None
        left = everything_about(connection, case_id)
        assert find_case(connection, reference, office.viewer(FAY)) is None
        shown = list_cases(connection, office.viewer(FAY), Wanted(View.DONE), office.clock[0]).lines
    assert set(left) == {"case_file", "message", "clock", "event"}
    for table, rows in left.items():
        for row in rows:
            assert "acme.example" not in str(row) or table == "event"
            assert not any(isinstance(value, bytes) and value for value in row.values())
    assert [line.reference for line in shown] == []
    assert office.row(other).erased_at is None
    assert office.sign_in("lena@acme.example").get(f"/cases/{reference}").status_code == 404
    assert json.loads(left["event"][-1]["data"])["backups_until"]


def everything_about(connection, case_id: str) -> dict[str, list[dict[str, object]]]:  # type: ignore[no-untyped-def]
    """Every row, of any table, that names the case in any column."""
    found = {}
    for table in tables.metadata.sorted_tables:
        columns = [column for column in table.c if not isinstance(column.type, LargeBinary)]
        rows = [dict(row._mapping) for row in connection.execute(select(table))]
        names = [column.name for column in columns]
        mine = [row for row in rows if any(row[name] == case_id for name in names)]
        if mine and table.name not in {"stream"}:
            found[table.name] = mine
    assert any(isinstance(column.type, Text) for column in tables.event.c)
    return found


def test_every_table_that_knows_of_a_case_is_emptied() -> None:
    known = {table.name for table in tables.metadata.tables.values() if "case_id" in table.c}
    kept = {"message", "clock", "case_link", "file"}  # emptied, of figures, or by a way of their own
    assert known - kept == {table.name for table in _WHOLE}


def test_a_legal_hold_wins(office: Office, clockwork: Clockwork) -> None:
    reference = closed_case(office)
    with writing(office.desk.record) as connection:
        holding.set_hold(connection, reference, office.hand("lena@acme.example"), "a dispute")
    office.pass_time(days=400)
    days(office, clockwork, 2)
    assert states(office) == {reference: State.HELD}
    with writing(office.desk.record) as connection, pytest.raises(Refused, match="legal hold"):
        erase(connection, office.row(reference).id, because="x", by="x", now=office.clock[0])


def test_an_open_case_is_never_erased(office: Office) -> None:
    reference = office.mail("kim@acme.example", "Payslip", "My overtime is missing")
    with writing(office.desk.record) as connection, pytest.raises(Refused, match="open"):
        erase(connection, office.row(reference).id, because="x", by="x", now=office.clock[0])


def test_whoever_shortens_the_time_cannot_shorten_the_warning(office: Office, clockwork: Clockwork) -> None:
    reference = closed_case(office)
    office.pass_time(days=200)
    days(office, clockwork, 1)
    assert states(office) == {reference: State.WARNED}
    days(office, clockwork, 2)
    office.pass_time(days=20)
    days(office, clockwork, 1)
    assert office.row(reference).erased_at is None
    office.pass_time(days=10)
    days(office, clockwork, 2)
    assert office.row(reference).erased_at is not None


def test_a_case_that_cannot_be_read_is_kept_and_holds_up_no_other(
    office: Office, clockwork: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    browser = office.sign_in(FAY)
    damaged, whole = (office.mail(f"{name}@acme.example", "Parking", WORDS) for name in ("sam", "kim"))
    for reference in (damaged, whole):
        assert browser.reply(reference, "Behind the house.").status_code == 303
        assert browser.post(f"/cases/{reference}/close", outcome="done").status_code == 303
    with writing(office.desk.record) as connection:
        case = tables.case
        this = update(case).where(case.c.reference == damaged)
        connection.execute(this.values(decision=office.row(damaged).decision[:-1] + b"x"))
    assert states(office) == {whole: State.KEPT}
    office.pass_time(days=61)
    days(office, clockwork, 2)
    assert states(office) == {whole: State.WARNED}
    office.pass_time(days=31)
    days(office, clockwork, 2)
    assert (office.row(whole).erased_at is None, office.row(damaged).erased_at) == (False, None)
    assert f"case {office.row(damaged).id} is kept" in caplog.text
