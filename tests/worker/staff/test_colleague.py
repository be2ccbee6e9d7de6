"""What colleagues send to the HR alias without a token: mails they pass on, copies of what they wrote to somebody."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from heedtest.colleagues import FAY, FORWARD, NAMELESS, PROVEN, SAM, answer, hired, plain, round_, the_case, words_of
from heedtest.worker import mail, rows

from cases.audit.verifying import verify
from cases.store import tables
from cases.store.engine import reading
from cases.store.people import Person
from gateway.normalizer import normalize_mail
from worker.staff.colleague import passed_on


@pytest.fixture
def office(bench):
    return hired(bench)


def test_a_mail_that_is_passed_on_is_its_first_writers(office) -> None:
    office.deliver(mail(subject="Fwd: My payslip", text=FORWARD, sender=f"Fay Moss <{FAY}>", **PROVEN), sender=FAY)
    sent = round_(office)
    assert "Your reference is" in plain(sent[SAM])
    assert "exaggerating" not in sent[SAM].as_string()
    first, comment = words_of(office)
    assert first == ("inbound", "", "My overtime of October is missing.")
    assert comment == ("note", FAY, "Can you look at this? I think he is exaggerating.")
    office.deliver(mail(text="And September.", reply_to=str(sent[SAM]["Message-ID"]), **PROVEN))
    office.triage()
    assert len(rows(office.shop.record, tables.case)) == 1


def test_what_went_through_several_colleagues_is_its_first_writers() -> None:
    text = (
        "Please take over.\n\nFrom: Bea Gold <bea@acme.example>\nSent: Monday, November 23, 2026 10:00 AM\n"
        "To: Fay Moss <fay@acme.example>\nSubject: FW: My payslip\n\nCan you?\n\n"
        f"From: Sam Doe <{SAM}>\nSent: Monday, November 23, 2026 8:12 AM\nTo: Bea Gold\nSubject: My payslip\n\nIt is wrong."
    )
    given = normalize_mail(
        mail(subject="FW: My payslip", text=text, sender=FAY), now=datetime(2026, 11, 24, tzinfo=UTC)
    )
    fay = Person("p1", FAY, "Fay Moss", (), active=True, reports_to="", vault_public=b"", vault_wrapped="")
    found = passed_on(given, fay, datetime(2026, 11, 24, tzinfo=UTC), {FAY, "bea@acme.example"}.__contains__)
    assert (found.submission.sender.address, found.submission.new_text) == (SAM, "It is wrong.")
    assert found.comment == "Please take over."
    outside = passed_on(given, fay, datetime(2026, 11, 24, tzinfo=UTC), {FAY}.__contains__)
    assert outside.submission.sender.address == "bea@acme.example"


def test_a_mail_that_is_attached_is_its_first_writers_with_its_files(office) -> None:
    original = message_from_bytes(mail(subject="My payslip", text="It is wrong.", sender=SAM), policy=policy.default)
    original.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="payslip.pdf")
    outer = message_from_bytes(mail(subject="Fw", text="See attached.", sender=FAY, **PROVEN), policy=policy.default)
    outer.add_attachment(original)
    office.deliver(outer.as_bytes(), sender=FAY)
    sent = round_(office)
    assert SAM in sent
    assert words_of(office)[0] == ("inbound", "", "It is wrong.")


def test_whose_words_they_are_is_asked_where_nothing_says_so(office) -> None:
    office.deliver(mail(subject="Fwd: My payslip", text=NAMELESS, sender=FAY, **PROVEN), sender=FAY)
    office.triage()
    office.pass_time(seconds=5)
    sent = [(one.to, message_from_bytes(one.content, policy=policy.default)) for one in office.send()]
    asked: EmailMessage = next(
        one for to, one in sent if to == FAY and "#reporter" in plain(one) and "passed" in plain(one)
    )
    assert SAM not in {to for to, _ in sent}
    replied = answer(office, asked, f"#reporter {SAM}\nHello Sam, we look into it.")
    assert "we look into it" in plain(replied[SAM])
    assert "its reporter is named" in plain(replied[FAY])
    assert words_of(office)[-2][2] == "My overtime of October is missing." or len(words_of(office)) == 4
    with reading(office.shop.record) as connection:
        assert verify(connection, service=office.shop.keys.service).broken is None


def test_whoever_is_no_colleague_passes_on_nothing(office) -> None:
    office.deliver(mail(subject="Fwd: My payslip", text=FORWARD, sender="mallory@elsewhere.example", **PROVEN))
    assert SAM not in round_(office)


def test_a_forged_colleague_passes_on_nothing(office) -> None:
    forged = {"Authentication-Results": "mx.acme.example; dmarc=fail header.from=acme.example"}
    office.deliver(mail(subject="Fwd: My payslip", text=FORWARD, sender=FAY, **forged), sender=FAY)
    assert SAM not in round_(office)


def written_to_sam(message_id: str, **headers: str) -> bytes:
    raw = message_from_bytes(
        mail(subject="Re: My payslip", text="It is on your next payslip.", sender=FAY, reply_to=message_id, **headers),
        policy=policy.default,
    )
    raw.replace_header("To", SAM)
    raw["Cc"] = "hr@acme.example"
    return raw.as_bytes()


def test_what_a_colleague_wrote_with_hr_in_copy_is_the_cases_answer(office) -> None:
    office.deliver(
        mail(subject="My payslip", text="My overtime is missing.", message_id="<first@acme.example>", **PROVEN)
    )
    round_(office)
    office.deliver(written_to_sam("<first@acme.example>", **PROVEN), sender=FAY)
    assert round_(office) == {}
    assert words_of(office)[-1] == ("outbound", FAY, "It is on your next payslip.")
    clocks = {row.kind: row.state for row in rows(office.shop.record, tables.clock)}
    assert clocks["first_response"] == "met"
    assert the_case(office).status == "in_progress"


@pytest.mark.parametrize(
    "headers", [{}, {"Authentication-Results": "mx.acme.example; dmarc=fail header.from=acme.example"}]
)
def test_a_copy_that_nobody_vouches_for_answers_nothing(office, headers) -> None:
    office.deliver(
        mail(subject="My payslip", text="My overtime is missing.", message_id="<first@acme.example>", **PROVEN)
    )
    round_(office)
    office.deliver(written_to_sam("<first@acme.example>", **headers), sender=FAY)
    office.triage()
    clocks = {row.kind: row.state for row in rows(office.shop.record, tables.clock)}
    assert clocks["first_response"] == "running"
    assert len(rows(office.shop.record, tables.case)) == 2
