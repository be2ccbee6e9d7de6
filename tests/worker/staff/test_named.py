"""A reporter whom a colleague names is the case's reporter for everything: answers, letters, links, a merge, protection."""

import pytest
from heedtest.colleagues import FAY, NAMELESS, PROVEN, SAM, hired, plain, read, round_
from heedtest.worker import mail, rows
from sqlalchemy import Connection

from cases.handling.hand import Hand
from cases.handling.naming import name_reporter
from cases.handling.several.merging import merge
from cases.handling.speaking import Answer, reply
from cases.handling.words import Words
from cases.keys.links import status_reader
from cases.keys.sealing import Place, unseal
from cases.keys.wraps import add
from cases.model.acts import BY_RECEIPT, ActKind, ReporterAct
from cases.model.words import Channel
from cases.protecting import contact_of, protect
from cases.store import people, tables
from cases.store.codec import StoredParty, party_from
from cases.store.engine import reading, writing
from cases.store.key_tables import identity
from cases.store.outbox import OutboxEntry
from cases.store.sight import Viewer
from gateway.inbox.envelope import Delivery
from gateway.message_files import files_in
from webforms.payload import Filled, encode
from worker.attending.desk import Desk
from worker.attending.letters import reporter_of
from worker.mail.gathering import service_keys

KIM, LENA, CUS = "kim@acme.example", "lena@acme.example", "cus@acme.example"
LEVELS = ("low", "moderate", "high", "critical")


@pytest.fixture
def office(bench):
    return hired(bench)


@pytest.fixture
def named(office) -> str:
    """The case of a mail that Fay passed on and that did not say where to answer; Sam was named then."""
    reference = office.deliver(mail(subject="Fwd: My payslip", text=NAMELESS, sender=FAY, **PROVEN), sender=FAY)
    round_(office)
    with writing(office.shop.record) as connection:
        name_reporter(connection, reference, lena(office, connection), SAM)
    return reference


def lena(office, connection: Connection) -> Hand:
    person = people.find(connection, LENA)
    assert person is not None
    return Hand(Viewer(person, {}), None, office.shop.keys.service, office.clock[0], office.shop.keys.index)


def row_of(office, reference: str):
    return next(row for row in rows(office.shop.record, tables.case) if row.reference == reference)


def merged_into_kims(office, reference: str) -> tuple[str, StoredParty]:
    """The reference of the case that takes it in, and who sits there."""
    kims = office.deliver(mail(subject="Other", text="My bonus", sender=KIM, **PROVEN), sender=KIM)
    round_(office)
    with writing(office.shop.record) as connection:
        merge(connection, reference, kims, lena(office, connection), LEVELS)
        (seat,) = connection.execute(tables.party.select()).all()
        keys = service_keys(connection, seat.case_id, office.shop.keys.service)
    return kims, party_from(unseal(keys[seat.epoch], seat.known, Place("party", seat.id, "known")))


def test_letters_go_to_them(office, named) -> None:
    case = row_of(office, named)
    with reading(office.shop.record) as connection:
        entry = OutboxEntry("e", case.id, f"progress:{case.id}", "attend", False, 1, office.clock[0], b"")
        found = reporter_of(Desk(office.shop, connection, entry, office.shop.rules()[0], office.clock[0]))
    assert found is not None
    assert found.said.sender.address == SAM


def test_a_new_link_goes_to_them(office, named) -> None:
    ours = office.shop.settings.organisation.model_copy(update={"public_url": "https://x.example"})
    office.shop.settings = office.shop.settings.model_copy(update={"organisation": ours})
    case, link = row_of(office, named), status_reader("1" * 21)
    with writing(office.shop.record) as connection:
        pair = service_keys(connection, case.id, office.shop.keys.service)[1]
        who = {"kind": link.kind, "reader": link.lookup, "public": link.keys.public}
        add(connection, case_id=case.id, epoch=1, private=pair.private, at=office.clock[0], **who)
    asked = encode(Filled("dialogue", "en", ""), case_link=link, act=ReporterAct(ActKind.NEW_LINK))
    office.inbox.put(Delivery(Channel.FORM, asked)).result(10)
    assert SAM in round_(office)


def test_a_merge_seats_them_where_they_can_be_written_to(office, named) -> None:
    _, seat = merged_into_kims(office, named)
    assert (seat.name, seat.address) == ("Sam Doe", SAM)


def test_who_comes_back_by_receipt_is_not_mailed_after_a_merge_and_who_does_not_still_is(office, named) -> None:
    with writing(office.shop.record) as connection:
        connection.execute(tables.case.update().values(tags=BY_RECEIPT))
    kims, seat = merged_into_kims(office, named)
    assert seat.address == ""
    with writing(office.shop.record) as connection:
        reply(connection, kims, lena(office, connection), Answer(Words("It comes in May.", "a" * 32)))
    sent = {one.to: read(one) for one in office.send()}
    assert "It comes in May." in plain(sent[KIM])


def test_protected_they_are_still_reached_and_custodians_know_the_address(office, named) -> None:
    values = {"person_id": "c" * 32, "roles": ("custodian",), "password": "a long password", "by": "test"}
    with writing(office.shop.record) as connection:
        people.add(connection, address=CUS, name="Cus", now=office.clock[0], **values)
        case = row_of(office, named)
        keys = service_keys(connection, case.id, office.shop.keys.service)
        to_workers = office.shop.keys.triage.public
        protect(connection, case.id, keys, to_workers=to_workers, files_in=files_in, by="test", now=office.clock[0])
        contact = contact_of(connection, case.id, office.shop.keys.triage)
        kept = connection.execute(identity.select()).all()
    assert contact is not None
    assert contact.address == SAM
    assert len(kept) == 2, "as it was passed on, and as it was named"
