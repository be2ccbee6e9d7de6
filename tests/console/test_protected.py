"""A named reporter asks for confidentiality: nobody in the house sees who they are any more, and mail still finds them."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from heedtest.offices import Office

from cases.access.identity.asking import look
from cases.access.identity.granting import for_custodian, grant
from cases.audit.verifying import verify
from cases.keys.links import status_reader
from cases.keys.sealing import CannotOpen, KeyNotHere, KeyPair, Place, unseal
from cases.model.acts import ActKind, ReporterAct
from cases.model.codes import read_receipt
from cases.model.words import Channel
from cases.store import key_tables, tables
from cases.store.engine import reading, writing
from cases.store.links import find_by_link
from gateway.inbox.envelope import Delivery
from webforms.payload import Filled, encode

SITE = "https://x.example"
SAM = "Sam Quill <sam.quill@acme.example>"
PIA = "pia@acme.example"
MARKS = ("sam.quill", "Sam Quill", "Quill")
PAGES = ("", "/people", "/inquiry")


@pytest.fixture
def office(office: Office) -> Office:
    ours = office.shop.settings.organisation.model_copy(update={"public_url": SITE})
    office.shop.settings = office.shop.settings.model_copy(update={"organisation": ours})
    return office


def plain(mail) -> str:
    return message_from_bytes(mail.content, policy=policy.default).get_body(("plain",)).get_content()


def reported(office: Office):
    """Sam writes, signs and adds a file; the case, and the link that the acknowledgement brought."""
    text = "My payslip is wrong.\n\nRegards\nSam Quill\nsam.quill@acme.example\n"
    reference = office.mail(SAM, "Payslip", text, ("diary.html", b"<p>the diary</p>"))
    ack = next(one for one in office.send() if one.to == "sam.quill@acme.example")
    code = re.search(rf"{SITE}/s/(\S+)", plain(ack))
    assert code
    return reference, status_reader(read_receipt(code[1]))


def protect(office: Office, link) -> None:
    act = ReporterAct(ActKind.PROTECT)
    office.deliver(Delivery(Channel.FORM, encode(Filled("dialogue", "en", ""), case_link=link, act=act)))


def shown(office: Office, browser, reference: str) -> str:
    return "".join(browser.get(f"/cases/{reference}{page}").text for page in PAGES) + browser.get("/cases").text


def opened(office: Office, link):
    with reading(office.desk.record) as connection:
        return find_by_link(connection, link)


def test_staff_see_a_protected_reporter_and_their_answers_arrive(office: Office) -> None:
    reference, link = reported(office)
    pia = office.sign_in(PIA)
    assert "Sam Quill" in pia.case(reference)
    protect(office, link)
    page = shown(office, pia, reference)
    assert "Protected reporter" in page
    assert "My payslip is wrong." in page
    assert not [one for one in MARKS if one in page]
    assert "altered" not in page
    assert "not the words" not in page
    assert pia.reply(reference, "Thank you. Since when?").status_code == 303
    (mail,) = [one for one in office.send() if "Since when?" in plain(one)]
    assert mail.to == "sam.quill@acme.example"
    with reading(office.desk.record) as connection:
        assert verify(connection, service=office.desk.service).broken is None


def test_what_they_answer_by_mail_joins_without_their_name(office: Office) -> None:
    reference, link = reported(office)
    pia = office.sign_in(PIA)
    protect(office, link)
    pia.reply(reference, "Since when?")
    mail = next(one for one in office.send() if one.to.startswith("sam"))
    answered = message_from_bytes(mail.content, policy=policy.default)
    more = "Since May.\n\nSam Quill\n"
    office.mail(SAM, "Re: it", more, ("notes.html", b"<p>more</p>"), To=answered["Reply-To"].addresses[0].addr_spec)
    page = shown(office, pia, reference)
    assert "Since May." in page
    assert "not the reporter" not in page
    assert not [one for one in MARKS if one in page]
    notices = [one for one in office.send() if one.to == PIA]
    assert not [one for one in notices if "Quill" in one.content.decode()]
    with reading(office.desk.record) as connection:
        assert verify(connection, service=office.desk.service).broken is None


def test_files_stay_with_the_case_and_the_delivery_goes_to_the_custodians(office: Office) -> None:
    reference, link = reported(office)
    pia = office.sign_in(PIA)
    protect(office, link)
    assert pia.get(f"/cases/{reference}/files/1/0").data == b"<p>the diary</p>"
    with reading(office.desk.record) as connection:
        assert all(row.raw is None for row in connection.execute(tables.message.select()))
        originals = connection.execute(key_tables.file.select().where(key_tables.file.c.number == -2)).all()
    assert len(originals) == 1
    with pytest.raises((CannotOpen, KeyNotHere)):
        unseal(office.desk.service, originals[0].key, Place("file", originals[0].id, "key"))


def test_the_address_for_sending_opens_with_no_key_of_the_console(office: Office) -> None:
    _, link = reported(office)
    protect(office, link)
    with reading(office.desk.record) as connection:
        row = connection.execute(key_tables.reporter_contact.select()).one()
    place = Place("reporter_contact", row.case_id, "sealed")
    for keys in (office.desk.service, office.vault(PIA), KeyPair.generate()):
        with pytest.raises((CannotOpen, KeyNotHere)):
            unseal(keys, row.sealed, place)
    assert b"sam.quill" in unseal(office.shop.keys.triage, row.sealed, place)


def test_the_page_says_who_has_seen_them(office: Office) -> None:
    reference, link = reported(office)
    assert opened(office, link).seen_by == ()
    office.sign_in(PIA).case(reference)
    before = [one.name for one in opened(office, link).seen_by]
    assert before == [office.person(PIA).name]
    protect(office, link)
    office.sign_in("lena@acme.example").case(reference)
    assert [one.name for one in opened(office, link).seen_by] == before


def test_a_custodian_lets_one_person_know(office: Office) -> None:
    reference, link = reported(office)
    pia = office.sign_in(PIA)
    protect(office, link)
    assert pia.post(f"/cases/{reference}/identity", reason="We must meet them.").status_code == 303
    with writing(office.desk.record) as connection:
        guard = office.person("cus@acme.example")
        (wish,) = for_custodian(connection, guard, office.vault(guard.address))
        how = {"reason": "yes", "lasts": timedelta(days=1), "now": office.clock[0]}
        grant(connection, wish.id, guard, office.vault(guard.address), **how)
    with writing(office.desk.record) as connection:
        (who,) = look(connection, reference, office.viewer(PIA), office.vault_of(pia), office.clock[0])
    assert (who.name, who.contact) == ("Sam Quill", "sam.quill@acme.example")


def test_asked_twice_it_is_done_once(office: Office) -> None:
    reference, link = reported(office)
    protect(office, link)
    protect(office, link)
    assert [verb for verb, _, _ in office.events(reference)].count("reporter.protected") == 1
