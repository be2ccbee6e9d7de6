"""A colleague answers a notice from their own mail client: what reaches the reporter, what does not, and who is told."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, answer, hired, person_id, plain, read, round_, the_case
from heedtest.worker import mail, rows

from cases.store import people, rulesets, tables
from cases.store.engine import reading, writing
from rules import load
from worker.mail.phrases import above

FORGED = {"Authentication-Results": "mx.acme.example; dmarc=fail header.from=acme.example"}
SIGNATURE = "Kind regards\nFay Moss\nHR front desk\nfay@acme.example | +44 20 5550 1234"


@pytest.fixture
def office(bench):
    return hired(bench)


@pytest.fixture
def notice(office) -> EmailMessage:
    office.deliver(mail(subject="My payslip", text="My overtime is missing.", sender=f"Sam Doe <{SAM}>", **PROVEN))
    return round_(office)[FAY]


def messages(bench) -> list[tuple[str, str, bool]]:
    return [(row.direction, row.author, row.confirmed) for row in rows(bench.shop.record, tables.message)]


def events(bench) -> list[tuple[str, str]]:
    return [(row.verb, row.actor) for row in rows(bench.shop.record, tables.event)]


def test_the_answer_reaches_the_reporter_as_the_hr_alias(office, notice) -> None:
    sent = answer(office, notice, f"Dear Sam,\n\nit will be on your next payslip.\n\n{SIGNATURE}")
    message = sent[SAM]
    assert message["From"] == "Acme HR <hr@acme.example>"
    assert "it will be on your next payslip." in plain(message)
    assert message["In-Reply-To"]
    assert message["Subject"].startswith("Re: My payslip")
    assert notice["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["X-Auto-Response-Suppress"] is None
    whole = message.as_bytes().decode() + plain(message)
    for private in ("fay@", "Fay Moss", "20 5550", "own client", above("en"), "is now yours", "console", "127.0.0.1"):
        assert private not in whole, private
    clocks = {row.kind: row.state for row in rows(office.shop.record, tables.clock)}
    assert clocks["first_response"] == "met"
    assert messages(office)[-1] == ("outbound", FAY, True)
    assert ("reply.written", FAY) in events(office)
    assert FAY not in sent


@pytest.mark.parametrize(
    "subject", ["Rép : Ma paie", "Antwort: Mein Lohn", "[EXT] RE: My pay", "Odp: Pensja", "回复：工资"]
)
def test_a_subject_that_says_reply_in_any_language_gets_no_second_mark(office, subject) -> None:
    office.deliver(mail(subject=subject, text="My overtime is missing.", sender=SAM, **PROVEN))
    sent = answer(office, round_(office)[FAY], "It is paid.")
    assert sent[SAM]["Subject"].startswith(subject)


def test_a_colleague_is_spoken_to_and_understood_in_their_own_language(office) -> None:
    with writing(office.shop.record) as connection:
        people.set_language(connection, people.find(connection, FAY), "de", by="test", now=office.shop.now())
    office.deliver(mail(subject="My payslip", text="My overtime is missing.", sender=SAM, **PROVEN))
    asked = round_(office)[FAY]
    assert plain(asked).startswith(above("de"))
    sent = answer(office, asked, "#risiko hoch\n#zuweisen mir\n\nWhich month?")
    assert "das Risiko ist hoch; zuständig ist jetzt Fay Moss." in plain(sent[FAY])
    assert "Which month?" in plain(sent[SAM])
    assert above("de") not in plain(sent[SAM])
    assert "Fall" not in plain(sent[SAM])
    refused = answer(office, asked, "#schließen irgendwie\n\nThat is all.")
    assert SAM not in refused
    assert "„irgendwie“ ist kein Ergebnis. Es gibt: beantwortet, erledigt," in plain(refused[FAY])
    assert the_case(office).risk == "high"


def test_the_reporters_reply_goes_back_to_the_owner(office, notice) -> None:
    reply = answer(office, notice, "Which month?")[SAM]
    office.deliver(
        mail(subject=reply["Subject"], text="October.", sender=SAM, reply_to=str(reply["Message-ID"]), **PROVEN),
        to=(reply["Reply-To"].addresses[0].addr_spec,),
    )
    again = round_(office)[FAY]
    assert "> October." in plain(again)
    assert again["References"] == notice["References"]
    assert the_case(office).status == "in_progress"


def test_nothing_that_a_stranger_wrote_can_be_clicked(office) -> None:
    office.deliver(
        mail(subject="https://elsewhere.example/sign-in", text="https://elsewhere.example", sender=SAM, **PROVEN)
    )
    shown = round_(office)[FAY].get_body(("html",)).get_content()
    assert "elsewhere.example/sign-in" in shown
    assert 'href="https://elsewhere' not in shown
    assert 'href="http://127.0.0.1' in shown


def test_files_travel_to_the_reporter_and_stay_in_the_case(office, notice) -> None:
    sent = answer(office, notice, "Here is the form.", files=[("form.pdf", b"%PDF the form")])
    (file,) = sent[SAM].iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("form.pdf", b"%PDF the form")
    assert rows(office.shop.record, tables.message)[-1].raw is not None


@pytest.mark.parametrize("text", ["", "#close done"])
def test_a_file_alone_is_an_answer(office, notice, text) -> None:
    sent = answer(office, notice, text, files=[("form.pdf", b"%PDF the form")])
    assert [one.get_filename() for one in sent[SAM].iter_attachments()] == ["form.pdf"]
    assert "Attached: form.pdf" in plain(sent[SAM])
    assert the_case(office).status == ("closed" if text else "in_progress")


def test_commands_above_nothing_but_a_signature_are_done(office, notice) -> None:
    sent = answer(office, notice, f"#wait\n\n{SIGNATURE.partition(chr(10))[2]}")
    assert SAM not in sent
    assert the_case(office).status == "waiting_for_employee"


def test_a_case_that_waits_already_may_be_told_to_wait(office, notice) -> None:
    for _ in range(2):
        sent = answer(office, notice, "#wait")
        assert the_case(office).status == "waiting_for_employee"
        assert "did not go out" not in plain(sent[FAY])
        assert "it waits for the reporter" in plain(sent[FAY])


def test_a_notice_that_hangs_on_the_answer_stays_inside_and_its_writer_hears_of_it(office, notice) -> None:
    files = [("form.pdf", b"%PDF the form"), ("Case.eml", notice.as_bytes())]
    sent = answer(office, notice, "Here is the form.", files=files)
    assert [one.get_filename() for one in sent[SAM].iter_attachments()] == ["form.pdf"]
    assert "a notice of ours stayed inside" in plain(sent[FAY])


def test_what_the_reporter_pasted_or_photographed_reaches_the_owner_and_a_logo_does_not(office) -> None:
    message = message_from_bytes(mail(text="See my slip.", sender=SAM, **PROVEN), policy=policy.default)
    for name, kind, size in (("slip.pdf", "pdf", 9), ("IMG_1.jpeg", "jpeg", 90_000), ("logo.png", "png", 900)):
        main = "application" if kind == "pdf" else "image"
        message.add_attachment(
            b"x" * size, maintype=main, subtype=kind, filename=name, disposition="inline", cid=f"<{name}>"
        )
    office.deliver(message.as_bytes())
    files = round_(office)[FAY].iter_attachments()
    assert [one.get_filename() for one in files] == ["slip.pdf", "IMG_1.jpeg"]


@pytest.mark.parametrize(
    ("sender", "headers", "why"),
    [
        (FAY, FORGED, "says that it did not come from you"),
        (FAY, {}, "no mail server vouched"),
        ("mallory@elsewhere.example", PROVEN, "not on record"),
        ("pia@acme.example", PROVEN, "not on record"),
        (SAM, PROVEN, "not on record"),
    ],
)
def test_whoever_only_holds_the_token_speaks_for_nobody(office, notice, sender, headers, why) -> None:
    sent = answer(office, notice, "#close answered\nYou are fired.", sender=sender, headers=headers)
    assert set(sent) == {FAY}
    assert why in plain(sent[FAY])
    assert "unverified sender" in plain(sent[FAY])
    assert "fired" not in sent[FAY].as_string()
    assert messages(office)[-1] == ("note", "", False)
    assert ("reply.unverified", "triage") in events(office)
    assert the_case(office).status == "assigned"


def test_a_deployment_may_believe_its_own_network(office, notice) -> None:
    believing = office.shop.settings.mail.model_copy(update={"staff_unproven": "send"})
    office.shop.settings = office.shop.settings.model_copy(update={"mail": believing})
    assert SAM in answer(office, notice, "On its way.", headers={})


def test_a_sealed_case_is_answered_in_the_console(office, notice) -> None:
    with writing(office.shop.record) as connection:
        connection.execute(tables.case.update().values(access="sealed"))
        connection.execute(tables.wrap.delete().where(tables.wrap.c.reader_kind == "service"))
        connection.execute(
            tables.wrap.update().values(reader=person_id(FAY)).where(tables.wrap.c.reader_kind == "staff")
        )
    sent = answer(office, notice, "We look into it.")
    assert set(sent) == {FAY}
    assert "sealed" in plain(sent[FAY])
    assert "/cases/HR-" in plain(sent[FAY])
    assert above("en") not in plain(sent[FAY])


def test_commands_are_done_and_told(office, notice) -> None:
    sent = answer(
        office, notice, "#category payroll\n#risk low it was a slip\n#assign pia lind\n#wait\n\nWhich month was it?"
    )
    assert "Which month was it?" in plain(sent[SAM])
    case = the_case(office)
    assert (case.category, case.risk, case.owner, case.status) == (
        "payroll",
        "low",
        "pia@acme.example",
        "waiting_for_employee",
    )
    assert "your answer is on its way" in plain(sent[FAY])
    assert "it now belongs to Pia Lind" in plain(sent[FAY])


@pytest.mark.parametrize("named", ["@Pia Lind", "@pia@acme.example", "Pia Lind <pia@acme.example>"])
def test_a_colleague_is_named_as_clients_write_whom_one_mentions(office, notice, named) -> None:
    answer(office, notice, f"#assign {named}\n")
    assert the_case(office).owner == "pia@acme.example"


def test_closing_with_an_outcome(office, notice) -> None:
    sent = answer(office, notice, "#close answered\nIt is on your payslip.")
    assert (the_case(office).status, the_case(office).outcome) == ("closed", "answered")
    assert "It is on your payslip." in plain(sent[SAM])


def test_a_note_goes_nowhere(office, notice) -> None:
    sent = answer(office, notice, "#note\nSam called twice about this.")
    assert sent == {}
    assert messages(office)[-1] == ("note", FAY, True)


@pytest.mark.parametrize("text", ["#colse answered\nAll done.", "#close\nAll done.", "#help\nAll done."])
def test_a_command_that_is_none_comes_back_once_with_the_list(office, notice, text) -> None:
    sent = answer(office, notice, text)
    assert set(sent) == {FAY}
    assert "#close OUTCOME" in plain(sent[FAY])
    assert "All done" not in sent[FAY].as_string()
    assert the_case(office).status == "assigned"


def test_what_cannot_be_done_is_not_half_done(office, notice) -> None:
    sent = answer(office, notice, "#risk low it was a slip\n#close happily\nAll done.")
    assert set(sent) == {FAY}
    assert "“happily” is no outcome" in plain(sent[FAY])
    assert (the_case(office).risk, the_case(office).status) == ("moderate", "assigned")


def test_the_same_answer_twice_is_sent_once(office, notice) -> None:
    raw = mail(
        text="Tomorrow.", sender=FAY, reply_to=str(notice["Message-ID"]), message_id="<a@acme.example>", **PROVEN
    )
    to = (notice["Reply-To"].addresses[0].addr_spec,)
    office.deliver(raw, sender=FAY, to=to)
    office.deliver(raw, sender=FAY, to=("hr@acme.example",))
    office.triage()
    office.pass_time(seconds=5)
    assert [one.to for one in office.send()] == [SAM]


def test_away_until(office, notice) -> None:
    sent = answer(office, notice, "#away until 2026-12-07")
    assert [row.person for row in rows(office.shop.record, tables.absence)] == [FAY]
    assert "away until 7 December 2026" in plain(sent[FAY])


def bounce(message: EmailMessage, recipient: str) -> bytes:
    report = EmailMessage()
    report["From"], report["To"], report["Subject"] = "mailer-daemon@mx.example", "hr@acme.example", "Undelivered"
    report.set_content(
        f"550 5.1.1 <{recipient}>: no such user\n\nFinal-Recipient: rfc822; {recipient}\nStatus: 5.1.1\n\n"
        f"Message-ID: {message['Message-ID']}\n"
    )
    return report.as_bytes()


@pytest.mark.parametrize("rewritten", [False, True])
def test_a_notice_that_comes_back_is_told_to_the_lead_and_the_case_stays_deliverable(office, notice, rewritten) -> None:
    returned = next(one for one in office.transport.sent if one.to == FAY)
    office.deliver(bounce(notice, FAY), sender="<>", to=("hr@acme.example" if rewritten else returned.envelope_from,))
    sent = round_(office)
    assert the_case(office).undeliverable is False
    assert set(sent) == {"lena@acme.example"}
    assert "Fay Moss" in plain(sent["lena@acme.example"])
    assert "5.1.1" in plain(sent["lena@acme.example"])
    assert messages(office) == [("inbound", "", True)]
    office.deliver(bounce(sent["lena@acme.example"], "lena@acme.example"), sender="<>", to=("hr@acme.example",))
    assert round_(office) == {}


def test_a_notice_that_comes_back_is_told_to_nobody_whose_training_has_run_out(office, notice) -> None:
    with reading(office.shop.record) as connection:
        text = (rulesets.published(connection) or "").replace(
            "settings:\n", "settings:\n  training: {restricted: Grave cases}\n", 1
        )
    assert "Grave cases" in text
    with writing(office.shop.record) as connection:
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=office.clock[0])
        connection.execute(tables.case.update().values(access="restricted"))
    returned = next(one for one in office.transport.sent if one.to == FAY)
    office.deliver(bounce(notice, FAY), sender="<>", to=(returned.envelope_from,))
    assert round_(office) == {}


def test_an_absence_notice_of_a_colleague_changes_nothing(office, notice) -> None:
    to = next(one for one in office.transport.sent if one.to == FAY).envelope_from
    office.deliver(mail(subject="Out of office", sender=FAY, Auto_Submitted="auto-replied"), sender="<>", to=(to,))
    assert round_(office) == {}
    assert len(messages(office)) == 1


def test_an_acknowledgement_that_comes_back_marks_the_case_and_tells_its_handler(office, notice) -> None:
    acknowledged = next(one for one in office.transport.sent if one.to == SAM)
    office.deliver(bounce(read(acknowledged), SAM), sender="<>", to=(acknowledged.envelope_from,))
    sent = round_(office)
    assert the_case(office).undeliverable is True
    assert "came back" in plain(sent[FAY])
    assert "5.1.1" in plain(sent[FAY])


def test_an_answer_that_is_blocked_is_told_to_who_wrote_it(office, notice) -> None:
    from cases.errors import Refused

    raw = mail(text="Tomorrow.", sender=FAY, reply_to=str(notice["Message-ID"]), **PROVEN)
    office.deliver(raw, sender=FAY, to=(notice["Reply-To"].addresses[0].addr_spec,))
    office.triage()
    office.transport.error = Refused("the mail relay answered 550 5.7.1")
    office.send()
    office.transport.error = None
    told = {one.to: read(one) for one in office.send()}
    assert set(told) == {FAY}
    assert "the mail relay answered 550 5.7.1" in plain(told[FAY])


def test_the_trail_says_why_in_words_from_a_closed_set(office, notice) -> None:
    answer(office, notice, "#close happily\nAll done.")
    (data,) = [json.loads(row.data) for row in rows(office.shop.record, tables.event) if row.verb == "reply.refused"]
    assert data["reason"] == "not_possible"
