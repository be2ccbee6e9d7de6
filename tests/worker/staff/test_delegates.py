"""Who else may answer by mail: the backup while the owner is away; and nobody who has left."""

from datetime import timedelta

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, answer, hired, person_id, plain, round_, the_case, words_of
from heedtest.worker import mail
from sqlalchemy import insert, update

from cases.directory.importing import take_over
from cases.model.context import Person
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


PIA = "pia@acme.example"


def left_for_pia(office) -> None:
    """Fay has left, and her case is Pia's."""
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.person).where(tables.person.c.id == person_id(FAY)).values(active=False))
        connection.execute(update(tables.case).values(owner=PIA))


def test_the_address_in_a_notice_is_dead_once_its_reader_has_left_and_the_owner_hears_of_it_once(office) -> None:
    left_for_pia(office)
    sent = answer(office, office.told[FAY], "It is paid.")
    assert set(sent) == {PIA}
    assert "a colleague who has left since" in plain(sent[PIA])
    assert "It is paid" not in sent[PIA].as_string()
    assert words_of(office)[-1][:2] == ("note", "")
    assert answer(office, office.told[FAY], "It is paid, I said.") == {}


def test_an_owner_who_is_kept_away_hears_nothing_of_it(office) -> None:
    left_for_pia(office)
    with writing(office.shop.record) as connection:
        case = the_case(office)
        values = {"case_id": case.id, "person": PIA, "reason": "test"}
        connection.execute(insert(tables.exclusion).values(**values))
    assert answer(office, office.told[FAY], "It is paid.") == {}


def test_who_took_a_case_over_is_told_why_their_own_answer_did_not_go_out(office) -> None:
    left_for_pia(office)
    sent = answer(office, office.told[FAY], "#close happily\nIt is paid.", sender=PIA)
    assert set(sent) == {PIA}
    assert "is no outcome" in plain(sent[PIA])
    assert words_of(office)[-1][:2] == ("note", PIA)


NEW, ALIAS = "fay.moss@acme.example", "f.moss@acme.example"


def listed(office, address: str, *aliases: str) -> None:
    """The directory lists Fay so."""
    person = Person(address, "Fay Moss", aliases=aliases)
    with writing(office.shop.record) as connection:
        take_over(connection, (person,), by="test", now=office.shop.now())


@pytest.mark.parametrize("sender", [FAY, NEW, ALIAS])
def test_a_colleague_answers_from_any_address_that_the_directory_has_of_them(office, sender) -> None:
    listed(office, NEW, FAY, ALIAS)
    sent = answer(office, office.told[FAY], f"It is paid.\n\nFay\n{NEW}", sender=sender)
    assert "It is paid." in plain(sent[SAM])
    assert NEW not in sent[SAM].as_string()
    assert words_of(office)[-1][:2] == ("outbound", FAY)


def test_a_notice_to_an_earlier_address_is_still_its_readers(office) -> None:
    listed(office, NEW, FAY)
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.person).where(tables.person.c.id == person_id(FAY)).values(address=NEW))
        connection.execute(update(tables.case).values(backup=NEW, owner=PIA))
    sent = answer(office, office.told[FAY], "It is paid.", sender=FAY)
    assert "It is paid." in plain(sent[SAM])
    refused = answer(office, office.told[FAY], "It is paid twice.", sender="mallory@elsewhere.example")
    assert set(refused) == {NEW}
