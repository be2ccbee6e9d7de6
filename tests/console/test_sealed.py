"""Sealed cases: the person's own key opens them, the service's never; the answer waits at the receipt page."""

import re

import pytest
from heedtest.offices import PEPPER, Office

from cases.audit.verifying import verify
from cases.keys.links import receipt_reader
from cases.keys.sealing import CannotOpen, KeyNotHere, KeyPair, Place, unseal
from cases.keys.wraps import wrap_place
from cases.model.codes import read_receipt
from cases.store import rulesets, tables
from cases.store.engine import reading, writing
from cases.store.links import find_by_link
from rules import load

QUILL = "Sam Quill <sam.quill@acme.example>"


def wraps(office: Office, reference: str) -> dict[tuple[str, str], bytes]:
    case_id = office.row(reference).id
    with reading(office.desk.record) as connection:
        rows = connection.execute(tables.wrap.select().where(tables.wrap.c.case_id == case_id)).all()
    return {(row.reader_kind, row.reader): row.sealed for row in rows}


def test_the_service_key_alone_opens_nothing_and_a_vault_does(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    row = office.row(reference)
    found = wraps(office, reference)
    assert ("service", "service") not in found
    gus = office.ids["gus@acme.example"]
    for (kind, reader), sealed in found.items():
        place = wrap_place(row.id, 1, "content", kind, reader)
        for keys in (office.desk.service, office.shop.keys.service, office.shop.keys.triage, KeyPair.generate()):
            try:
                unseal(keys, sealed, place)
            except (CannotOpen, KeyNotHere):
                continue
            raise AssertionError(f"{kind} {reader} opened with a key of the machine")
    case = KeyPair.of_private(
        unseal(office.vault("gus@acme.example"), found["staff", gus], wrap_place(row.id, 1, "content", "staff", gus))
    )
    assert b"sealed-when-anonymous" in unseal(case, row.decision, Place("case_file", row.id, "decision"))


def test_a_guardian_reads_and_answers_and_the_reporter_finds_it_with_the_receipt(office: Office) -> None:
    reference, receipt = office.anonymous("The books are cooked.")
    browser = office.sign_in("gus@acme.example")
    page = browser.case(reference)
    assert "The books are cooked." in page
    assert "Anonymous reporter" in page
    assert "holds a key" in page
    sent = len(office.transport.sent)
    assert browser.reply(reference, "Thank you. Which year?").status_code == 303
    office.pass_time(minutes=1)
    assert not [mail for mail in office.send() if b"Which year" in mail.content]
    assert len(office.transport.sent) == sent or b"Which year" not in office.transport.sent[-1].content
    with reading(office.desk.record) as connection:
        opened = find_by_link(connection, receipt_reader(read_receipt(receipt), PEPPER))
    assert opened is not None
    assert [message.text for message in opened.messages] == ["The books are cooked.", "Thank you. Which year?"]
    assert "Gus" not in str(opened)


def test_a_lead_without_a_key_does_not_know_that_it_exists(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    browser = office.sign_in("lena@acme.example")
    assert browser.get(f"/cases/{reference}").status_code == 404
    assert reference not in browser.get("/cases").text


def test_times_of_an_anonymous_case_are_kept_to_the_day(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    browser = office.sign_in("gus@acme.example")
    browser.reply(reference, "Thank you.")
    browser.post(f"/cases/{reference}/take")
    browser.post(f"/cases/{reference}/close", outcome="done")
    case_id = office.row(reference).id
    with reading(office.desk.record) as connection:
        times = [office.row(reference).closed_at]
        for table, column in ((tables.event, "stream_id"), (tables.message, "case_id")):
            times += [row.at for row in connection.execute(table.select().where(table.c[column] == case_id))]
        clocks = connection.execute(tables.clock.select().where(tables.clock.c.case_id == case_id)).all()
    times += [row.ended_at for row in clocks if row.ended_at]
    assert {(at.hour, at.minute, at.second, at.microsecond) for at in times} == {(0, 0, 0, 0)}


def test_handing_a_sealed_case_on_wraps_its_key_to_the_new_owner(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    gus, erin = office.sign_in("gus@acme.example"), office.sign_in("erin@acme.example")
    assert erin.get(f"/cases/{reference}").status_code == 404
    assert gus.post(f"/cases/{reference}/assign", person=office.ids["erin@acme.example"]).status_code == 303
    assert "The books are cooked." in erin.case(reference)
    verbs = [verb for verb, _, _ in office.events(reference)]
    assert "case.shared" in verbs


def test_an_excluded_person_with_a_wrap_still_finds_nothing(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    browser = office.sign_in("gus@acme.example")
    assert browser.get(f"/cases/{reference}").status_code == 200
    with writing(office.desk.record) as connection:
        connection.execute(
            tables.exclusion.insert().values(
                case_id=office.row(reference).id, person="gus@acme.example", reason="named"
            )
        )
    assert browser.get(f"/cases/{reference}").status_code == 404
    assert reference not in browser.get("/cases").text


def test_a_file_of_an_anonymous_report_needs_a_second_click(office: Office) -> None:
    reference, _ = office.anonymous("See the file.", ("ledger.svg", b"<svg onload='x()'/>"))
    browser = office.sign_in("gus@acme.example")
    browser.case(reference)
    asked = browser.get(f"/cases/{reference}/files/1/0")
    assert "not cleaned" in asked.text
    given = browser.get(f"/cases/{reference}/files/1/0?as_sent=yes")
    assert given.data == b"<svg onload='x()'/>"
    assert given.mimetype == "application/octet-stream"


def test_no_vault_key_is_left_when_a_session_ends(office: Office) -> None:
    import gc

    from console.sessions import StaffSession

    browser = office.sign_in("gus@acme.example")
    assert any(isinstance(one, StaffSession) and one.vault for one in gc.get_objects())
    browser.post("/sign-out")
    gc.collect()
    assert not any(isinstance(one, StaffSession) and one.vault for one in gc.get_objects())


@pytest.fixture
def sealing(office: Office) -> Office:
    """An office whose rules seal what speaks of fraud, by whatever way it comes."""
    text = office.rules.replace("lists:\n", "lists:\n  fraud_words: [fraud]\n", 1).replace(
        "rules:\n", "rules:\n  - {id: fraud, phase: assess, when: {mentions: fraud_words}, then: {access: sealed}}\n", 1
    )
    with writing(office.desk.record) as connection:
        rulesets.publish(connection, load(text).hash, text, by="test", reason="fraud", now=office.clock[0])
    return office


def test_who_sent_a_mail_that_is_sealed_opens_to_a_custodian_s_grantee_alone(sealing: Office) -> None:
    """Who holds the case's key reads the words; the name lies in the other compartment, and mail still finds them."""
    words = "There is fraud in the accounts.\n\nSam Quill\nsam.quill@acme.example\n"
    reference = sealing.mail(QUILL, "Fraud", words, ("diary.html", b"<p>the diary</p>"))
    assert sealing.row(reference).access == "sealed"
    gus = sealing.sign_in("gus@acme.example")
    page = "".join(gus.get(f"/cases/{reference}{way}").text for way in ("", "/people", "/inquiry", "/access"))
    assert "There is fraud in the accounts." in page
    assert "Protected reporter" in page
    assert "uill" not in page.replace("quill-", "")
    assert gus.get(f"/cases/{reference}/files/1/0").data.strip() == b"<p>the diary</p>"
    assert gus.reply(reference, "Thank you. Which year?").status_code == 303
    sealing.pass_time(minutes=2)
    assert [mail.to for mail in sealing.send() if "Which year" in mail.content.decode()] == ["sam.quill@acme.example"]
    asked = {"do": "ask", "reason": "He asks to be called."}
    assert gus.post(f"/cases/{reference}/identity", **asked).status_code == 303
    assert "sam.quill" not in gus.get(f"/cases/{reference}/identity").text
    cus = sealing.sign_in("cus@acme.example")
    (wish,) = re.findall(r'action="(/identities/[0-9a-f]+)"', cus.get("/identities").text)[:1]
    granted = cus.post(wish, do="grant", reason="Needed for the call.", days="1", lasts="1")
    assert granted.status_code == 303, granted.text
    assert "sam.quill@acme.example" in gus.get(f"/cases/{reference}/identity").text
    with reading(sealing.desk.record) as connection:
        assert verify(connection).broken is None
