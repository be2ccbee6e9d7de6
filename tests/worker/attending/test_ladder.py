"""Ladders: each step once, in working time, to who is meant today, never to anyone excluded; after downtime graver ones first."""

from collections import Counter
from datetime import timedelta

import pytest
from heedtest.worker import mail, rows
from sqlalchemy import insert, select, update

from cases.audit.verifying import verify
from cases.errors import TryLater
from cases.model.words import Status
from cases.store import absences, clocks, tables
from cases.store.engine import reading, writing
from gateway.settings.time import Notices


def told(sent) -> Counter[str]:
    return Counter(one.to for one in sent)


def opened(office, text: str = "My overtime is missing.") -> str:
    office.deliver(mail(text=text))
    office.triage()
    office.pass_time(seconds=10)
    office.clockwork.run()
    return rows(office.shop.record, tables.case)[0].id


def at_hours(office, hours: float):
    office.clock[0] += timedelta(hours=hours)
    sent = office.clockwork.run()
    office.pass_time(minutes=2)
    return sent + office.clockwork.run()


def keep_quiet(office, hours: str) -> None:
    office.shop.settings = office.shop.settings.model_copy(update={"notices": Notices(quiet=hours)})


def verbs(office) -> list[str]:
    return [row.verb for row in rows(office.shop.record, tables.event)]


def test_each_step_comes_once_at_its_share_of_working_time(office) -> None:
    opened(office)
    assert told(at_hours(office, 7.9)) == Counter()
    assert told(at_hours(office, 0.2)) == Counter({"pia@acme.example": 1})  # half of 16 working hours
    assert told(at_hours(office, 1)) == Counter()
    late = at_hours(office, 23)  # Tuesday 17:10
    assert told(late) == Counter({"pia@acme.example": 1, "lena@acme.example": 1})
    assert told(at_hours(office, 1)) == Counter()
    assert told(at_hours(office, 3)) == Counter({"cho@acme.example": 1})
    assert told(at_hours(office, 200)) == Counter()
    written = Counter(verbs(office))
    assert (written["deadline.missed"], written["case.escalated"], written["deadline.reminded"]) == (1, 2, 1)
    with reading(office.shop.record) as connection:
        assert verify(connection).broken is None


def test_a_case_that_is_closed_is_not_escalated(office) -> None:
    case_id = opened(office)
    with writing(office.shop.record) as connection:
        clocks.meet(connection, [case_id], ["resolve"], office.clock[0], by="case.closed")
    assert told(at_hours(office, 300)) == Counter()
    assert {row.state for row in rows(office.shop.record, tables.rung)} == {"lapsed"}


def test_nobody_excluded_is_told_and_the_guardian_hears_where_nobody_is_left(office) -> None:
    case_id = opened(office)
    with writing(office.shop.record) as connection:
        out = ("pia", "omar", "noor", "lena", "cho", "coo")
        people = [{"case_id": case_id, "person": f"{one}@acme.example", "reason": "named"} for one in out]
        connection.execute(insert(tables.exclusion), people)
    sent = told(at_hours(office, 40))
    assert set(sent) == {"chair@acme.example", "audit@acme.example"}


def test_who_is_away_is_replaced_by_their_backup(office) -> None:
    opened(office)
    with writing(office.shop.record) as connection:
        until = office.clock[0] + timedelta(days=10)
        for one in ("pia@acme.example", "cho@acme.example"):
            absences.set_absent(connection, one, until, office.clock[0])
    sent = told(at_hours(office, 40))
    assert not {"pia@acme.example", "cho@acme.example"} & set(sent)
    assert {"coo@acme.example", "lena@acme.example"} <= set(sent)


def test_the_owner_of_today_is_told_not_the_one_of_the_first_day(office) -> None:
    case_id = opened(office)
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).where(tables.case.c.id == case_id).values(owner="omar@acme.example"))
    assert told(at_hours(office, 8.1)) == Counter({"omar@acme.example": 1})


def test_after_a_day_without_us_the_graver_comes_first_and_stale_reminders_are_dropped(office) -> None:
    opened(office)
    office.clock[0] += timedelta(days=4)
    sent = office.clockwork.run()
    office.pass_time(minutes=2)
    sent += office.clockwork.run()
    assert "deadline.reminded" not in verbs(office)
    assert set(told(sent)) == {"pia@acme.example", "lena@acme.example", "cho@acme.example"}
    assert max(told(sent).values()) == 1


def test_a_pause_holds_the_ladder(office) -> None:
    case_id = opened(office)
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).values(status="waiting_for_employee"))
        clocks.status_changed(connection, case_id, Status.WAITING_FOR_EMPLOYEE, office.clock[0], "x")
    assert told(at_hours(office, 60)) == Counter()
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).values(status="in_progress"))
        clocks.status_changed(connection, case_id, Status.IN_PROGRESS, office.clock[0], "message.received")
    assert told(at_hours(office, 8)) == Counter()


def test_a_morning_brings_one_mail_and_grave_things_do_not_wait_for_it(office) -> None:
    keep_quiet(office, "19:00-08:00")
    for number in range(5):
        office.deliver(mail(text=f"Question {number}."))
    office.triage()
    office.deliver(mail(text="She keeps bullying me."))
    office.triage()
    office.pass_time(seconds=10)
    office.clockwork.run()
    office.clock[0] += timedelta(hours=34.5)  # Tuesday 19:30: routine ones are due since 17:00, and unseen
    evening = told(office.clockwork.run())
    assert "lena@acme.example" not in evening
    office.clock[0] += timedelta(hours=14)  # Wednesday 09:30; the investigation should have begun at 09:00
    morning = office.clockwork.run()
    office.pass_time(minutes=2)
    morning += office.clockwork.run()
    assert told(morning)["lena@acme.example"] == 1
    digest = next(one for one in morning if one.to == "lena@acme.example")
    assert b"Subject: 5 things in Heed wait for you" in digest.content
    assert told(morning)["cho@acme.example"] >= 1


def test_who_became_a_party_over_night_hears_nothing_in_the_morning(office) -> None:
    keep_quiet(office, "17:00-08:00")
    case_id = opened(office)
    office.clock[0] += timedelta(hours=32.5)
    office.clockwork.run()
    with writing(office.shop.record) as connection:
        connection.execute(insert(tables.exclusion).values(case_id=case_id, person="lena@acme.example", reason="named"))
    office.clock[0] += timedelta(hours=15)
    assert "lena@acme.example" not in told(office.clockwork.run())


def test_who_became_a_party_while_the_mail_of_many_waited_does_not_read_of_that_case(office) -> None:
    """The mail relay was down: the mail had been gathered before they were named."""
    for number in range(3):
        office.deliver(mail(text=f"Question {number}."))
    office.triage()
    office.pass_time(seconds=10)
    office.clockwork.run()
    office.clock[0] += timedelta(hours=33)
    office.clockwork.run()
    office.pass_time(minutes=2)
    office.transport.error = TryLater("the mail relay cannot be reached")
    office.clockwork.run()
    case = rows(office.shop.record, tables.case)[1]
    with writing(office.shop.record) as connection:
        connection.execute(insert(tables.exclusion).values(case_id=case.id, person="lena@acme.example", reason="named"))
    office.transport.error = None
    office.pass_time(minutes=5)
    (told,) = [one.content for one in office.clockwork.run() if one.to == "lena@acme.example"]
    assert b"Subject: 2 things in Heed wait for you" in told
    assert case.reference.encode() not in told


@pytest.mark.parametrize("times", [1, 3])
def test_however_often_a_step_is_looked_for_it_is_taken_once(office, times: int) -> None:
    opened(office)
    office.clock[0] += timedelta(hours=8.1)
    for _ in range(times):
        with writing(office.shop.record) as connection:
            connection.execute(update(tables.rung).where(tables.rung.c.percent == 50).values(state="waiting"))
        office.clockwork.look()
    assert told(at_hours(office, 0)) == Counter({"pia@acme.example": 1})
    with reading(office.shop.record) as connection:
        assert connection.execute(select(tables.rung.c.state).where(tables.rung.c.percent == 50)).scalar() == "fired"
