"""Notices that had better come together: a burst of new cases for one owner, and what came in at night."""

from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy

from heedtest.worker import mail, rows
from sqlalchemy import update

from cases.errors import TryLater
from cases.store import tables
from cases.store.engine import writing
from gateway.settings.time import Notices

PIA, ERIN = "pia@acme.example", "erin@acme.example"


def deliver(office, number: int, text: str = "Question") -> None:
    for one in range(number):
        office.deliver(mail(text=f"{text} {one}.", sender=f"{text[:5].strip().lower()}{one}@acme.example"))
    office.triage()
    office.pass_time(seconds=10)


def told(sent, person: str) -> list[str]:
    return [str(message_from_bytes(one.content, policy=policy.default)["Subject"]) for one in sent if one.to == person]


def test_a_burst_of_new_cases_brings_their_owner_one_mail(office) -> None:
    deliver(office, 40)
    sent = office.clockwork.run()
    assert told(sent, PIA) == ["40 things in Heed wait for you"]
    text = next(one.content for one in sent if one.to == PIA).decode()
    references = {row.reference for row in rows(office.shop.record, tables.case)}
    assert all(f"{one}: is now yours" in text for one in references)
    assert len(references) == 40
    assert Counter(one.to for one in sent)["quest7@acme.example"] == 1  # whoever wrote is answered each for themselves
    office.pass_time(minutes=5)
    assert told(office.clockwork.run(), PIA) == []


def test_a_few_come_one_by_one_and_can_be_answered(office) -> None:
    deliver(office, 3)
    subjects = told(office.clockwork.run(), PIA)
    assert len(subjects) == 3
    assert not any("things in Heed" in one for one in subjects)


def test_what_came_at_night_is_one_mail_in_the_morning_but_what_is_grave_waits_for_no_morning(office) -> None:
    office.shop.settings = office.shop.settings.model_copy(update={"notices": Notices(quiet="19:00-08:00")})
    office.clock[0] += timedelta(hours=13)  # 22:00 in London
    deliver(office, 2)
    deliver(office, 1, "She keeps bullying me")
    night = office.clockwork.run()
    assert told(night, PIA) == []
    assert len(told(night, ERIN)) == 1
    assert {row.state for row in rows(office.shop.record, tables.clock) if row.kind == "acknowledge"} == {"met"}
    office.clock[0] += timedelta(hours=11)
    assert told(office.clockwork.run(), PIA) == ["2 things in Heed wait for you"]


def test_a_notice_that_the_relay_may_have_taken_goes_again_as_it_was(office) -> None:
    """The relay died after DATA: what it took and what comes now are the same mail to whoever reads it."""
    deliver(office, 1)
    office.transport.error = TryLater("the relay hung up")
    office.clockwork.run()
    office.transport.error = None
    (taken,) = [one.content for one in office.transport.handed if one.to == PIA]
    deliver(office, 9, "Burst")
    sent = [one.content for one in office.clockwork.run() if one.to == PIA]
    assert len(sent) == 2
    assert taken in sent
    (row,) = [one for one in rows(office.shop.record, tables.case) if one.reference.encode() in taken]
    assert [row.reference.encode() in one for one in sent if one != taken] == [False]


def test_a_damaged_notice_is_blocked_and_everybody_else_hears(office) -> None:
    """Claim and work shared a transaction: nobody had a digest any more, and nothing said why."""
    deliver(office, 8)
    deliver(office, 2, "She keeps bullying me")
    office.shop.settings = office.shop.settings.model_copy(update={"notices": Notices(quiet="08:00-19:00")})
    office.clockwork.run()
    gathered = [one for one in rows(office.shop.record, tables.outbox) if one.kind == "digest"]
    damaged, *others = (one.id for one in gathered)
    with writing(office.shop.record) as connection:
        connection.execute(
            update(tables.outbox).where(tables.outbox.c.id == damaged).values(payload=b"\x01" + b"x" * 200)
        )
    office.clock[0] += timedelta(hours=11)
    assert told(office.clockwork.run(), PIA) == ["7 things in Heed wait for you"]
    (row,) = (one for one in rows(office.shop.record, tables.outbox) if one.id == damaged)
    assert (row.state, row.attempts, row.error) == ("blocked", 1, "the value is sealed to another key")
    assert all(one.state == "done" for one in rows(office.shop.record, tables.outbox) if one.id in others)
