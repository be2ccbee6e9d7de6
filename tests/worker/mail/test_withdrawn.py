"""Who has left, or is kept away from a case since, gets no notice that was still on its way; the others get theirs."""

import json

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, hired, person_id
from heedtest.worker import mail, rows
from sqlalchemy import insert, update

from cases.store import tables
from cases.store.engine import writing
from worker.mail import batch


@pytest.fixture
def office(bench):
    office = hired(bench)
    for number in range(3):
        office.deliver(mail(text=f"Overtime of week {number} is missing.", sender=SAM, **PROVEN))
    office.triage()
    office.pass_time(seconds=5)
    return office


def verbs(office) -> list[str]:
    return [row.verb for row in rows(office.shop.record, tables.event)]


def test_a_notice_to_who_has_left_is_withdrawn(office) -> None:
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.person).where(tables.person.c.id == person_id(FAY)).values(active=False))
    assert {one.to for one in office.send()} == {SAM}
    assert verbs(office).count("notice.withdrawn") == 3
    assert {row.state for row in rows(office.shop.record, tables.outbox)} == {"done"}


def test_a_notice_to_who_was_excluded_meanwhile_is_withdrawn_for_that_case_alone(office) -> None:
    case = rows(office.shop.record, tables.case)[0]
    with writing(office.shop.record) as connection:
        connection.execute(insert(tables.exclusion).values(case_id=case.id, person=FAY, reason="test"))
    told = [one for one in office.send() if one.to == FAY]
    assert len(told) == 2
    assert all(case.reference.encode() not in one.content for one in told)
    (withdrawn,) = [row for row in rows(office.shop.record, tables.event) if row.verb == "notice.withdrawn"]
    assert withdrawn.stream_id == case.id
    assert SAM not in json.dumps(withdrawn.data)


def test_mails_of_a_batch_are_looked_up_together_and_bounded_by_bytes(office, monkeypatch) -> None:
    gathered, gather = [], batch.gather
    monkeypatch.setattr(batch, "gather", lambda *args: gathered.append(len(args[1])) or gather(*args))
    assert len(office.send()) == 6
    assert gathered == [6]
    monkeypatch.setattr(batch, "MOST_BYTES_AHEAD", 0)
    office.deliver(mail(text="One more.", sender=SAM, **PROVEN))
    office.triage()
    office.pass_time(seconds=5)
    assert len(office.send()) == 2
    assert gathered[1:] == [2, 1]
