"""Who else may answer by mail: the backup while the owner is away; and nobody who has left."""

from datetime import timedelta

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, answer, hired, person_id, plain, round_, the_case, words_of
from heedtest.worker import mail
from sqlalchemy import update

from cases.store import tables
from cases.store.absences import set_absent
from cases.store.engine import writing

LENA = "lena@acme.example"


@pytest.fixture
def office(bench):
    office = hired(bench)
    office.deliver(mail(subject="My payslip", text="My overtime is missing.", sender=SAM, **PROVEN))
    office.told = round_(office)
    return office


def test_the_backup_hears_of_a_reply_and_answers_while_the_owner_is_away(office) -> None:
    now = office.shop.now()
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).values(backup=LENA))
        set_absent(connection, FAY, now + timedelta(days=7), now, by=FAY)
    acknowledged = office.told[SAM]
    office.deliver(
        mail(text="Any news?", sender=SAM, reply_to=str(acknowledged["Message-ID"]), **PROVEN),
        to=(acknowledged["Reply-To"].addresses[0].addr_spec,),
    )
    notice = round_(office)[LENA]
    sent = answer(office, notice, "It will be paid on Friday.", sender=LENA)
    assert "It will be paid on Friday." in plain(sent[SAM])
    assert words_of(office)[-1][:2] == ("outbound", LENA)
    assert the_case(office).owner == FAY


def test_who_took_a_case_over_answers_the_notice_of_who_has_left(office) -> None:
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.person).where(tables.person.c.id == person_id(FAY)).values(active=False))
        connection.execute(update(tables.case).values(owner="pia@acme.example"))
    sent = answer(office, office.told[FAY], "It is paid.", sender="pia@acme.example")
    assert "It is paid." in plain(sent[SAM])
    assert words_of(office)[-1][:2] == ("outbound", "pia@acme.example")


def test_the_address_in_a_notice_is_dead_once_its_reader_has_left(office) -> None:
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.person).where(tables.person.c.id == person_id(FAY)).values(active=False))
    sent = answer(office, office.told[FAY], "It is paid.")
    assert sent == {}
    assert words_of(office)[-1][:2] == ("note", "")
