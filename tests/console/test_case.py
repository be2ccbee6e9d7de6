"""The case: shown with its whole story, answered by mail, noted, assigned, moved, closed, reopened."""

import re

import pytest
from heedtest.offices import Office, once_in

from cases.audit.verifying import verify
from cases.store.engine import reading


@pytest.fixture
def payslip(office: Office) -> str:
    return office.mail("Sam Doe <sam@acme.example>", "My payslip", "The overtime is missing.\n\nSam")


def test_a_reading_is_in_the_trail_before_anything_is_shown(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    assert "The overtime is missing" in browser.case(payslip)
    assert [verb for verb, actor, _ in office.events(payslip) if actor == "pia@acme.example"] == ["case.read"]


def test_nothing_is_shown_that_could_not_be_written_down(office: Office, payslip: str, monkeypatch) -> None:
    from cases.store import dossier

    browser = office.sign_in("pia@acme.example")
    monkeypatch.setattr(dossier, "append", lambda *_: (_ for _ in ()).throw(RuntimeError("full")))
    answer = browser.get(f"/cases/{payslip}")
    assert answer.status_code == 500
    assert "overtime" not in answer.text


def test_the_page_tells_the_story(office: Office, payslip: str) -> None:
    page = office.sign_in("pia@acme.example").case(payslip)
    assert "Sam Doe" in page
    assert "sam@acme.example" in page
    assert "Triage opened the case: Payroll, low risk, team Payroll office" in page
    assert "First response" in page
    assert "Pay questions go to payroll" in page
    assert "<q>overtime</q>" in page
    assert "Category Payroll, by a rule." in page


def test_the_list_holds_no_content(office: Office, payslip: str) -> None:
    page = office.sign_in("pia@acme.example").get("/cases").text
    assert payslip in page
    assert "overtime" not in page
    assert "sam@acme.example" not in page


def test_a_reply_goes_by_mail_threaded_and_without_a_trace_of_who_wrote_it(office: Office, payslip: str) -> None:
    office.send()
    browser = office.sign_in("pia@acme.example")
    answer = browser.reply(payslip, "Hello Sam,\r\n\r\nit will be in the next run – promised.")
    assert answer.location == f"/cases/{payslip}"
    (mail,) = [one for one in office.send() if one.to == "sam@acme.example"]
    from email import message_from_bytes, policy

    read = message_from_bytes(mail.content, policy=policy.default)
    body = read.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "it will be in the next run – promised." in body
    assert read["From"] == "Acme HR <hr@acme.example>"
    assert read["In-Reply-To"] in read["References"]
    assert read["In-Reply-To"].endswith("@mail.acme.example>")
    assert "My payslip" in read["Subject"]
    assert read["Auto-Submitted"] is None
    assert re.search(r"hr\+[a-z2-7]{37}@acme\.example", read["Reply-To"])
    assert b"pia" not in mail.content.lower()
    page = browser.case(payslip)
    assert "Pia Lind" in page
    assert "Outgoing mail delivered the reply" in page
    assert office.clocks(payslip)["first_response"] == "met"
    assert office.row(payslip).status == "in_progress"


def test_the_answer_to_the_reply_joins_the_case(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    browser.reply(payslip, "Which week was it?", then="waiting_for_employee")
    assert office.row(payslip).status == "waiting_for_employee"
    (mail,) = [one for one in office.send() if b"Which week" in one.content]
    office.mail("sam@acme.example", "Re: My payslip", "The second week.", In_Reply_To=f"<{mail.message_id}>")
    page = browser.case(payslip)
    assert "The second week." in page
    assert page.index("Which week was it?") < page.index("The second week.")
    assert office.row(payslip).status == "in_progress"


def test_a_reply_sent_twice_is_one(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    once = once_in(browser.case(payslip), "reply")
    for _ in range(2):
        answer = browser.post(f"/cases/{payslip}/reply", text="Once.", once=once, then="in_progress")
        assert answer.status_code == 303
    assert sum(b"Once." in mail.content for mail in office.send()) == 1
    assert browser.case(payslip).count("Once.") == 1


def test_the_same_mail_is_composed_the_same_again(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    browser.reply(payslip, "Stable.")
    office.transport.send = lambda mail: (_ for _ in ()).throw(_later(mail, seen))  # type: ignore[method-assign]
    seen: list[bytes] = []
    for _ in range(2):
        office.send()
        office.pass_time(hours=3)
    answers = [content for content in seen if b"Stable." in content]
    assert len(answers) == 2
    assert answers[0] == answers[1]


def _later(mail, seen: list[bytes]):
    from cases.errors import TryLater

    seen.append(mail.content)
    return TryLater("down")


def test_an_empty_reply_is_refused_beside_its_field_and_keeps_the_choice(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    answer = browser.reply(payslip, "   ", then="resolved")
    assert answer.status_code == 422
    assert "Write an answer first." in answer.text
    assert 'aria-describedby="text-error"' in answer.text
    assert '<option selected value="resolved">' in answer.text


def test_a_restricted_case_is_answered_under_a_discreet_subject(office: Office) -> None:
    reference = office.mail("ben@acme.example", "My boss gropes people", "They harass me")
    browser = office.sign_in("erin@acme.example")
    browser.reply(reference, "Thank you for telling us.")
    (mail,) = [one for one in office.send() if b"Thank you for telling" in one.content]
    assert b"gropes" not in mail.content.partition(b"\r\n\r\n")[0]


def test_a_note_is_for_staff_alone(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    office.send()
    once = once_in(browser.case(payslip), "note")
    assert browser.post(f"/cases/{payslip}/note", text="Asked Marta about it.", once=once).status_code == 303
    assert office.send() == []
    page = browser.case(payslip)
    assert "Asked Marta" in page
    assert "Internal note" in page
    assert office.clocks(payslip)["first_response"] == "running"


def test_taking_and_giving(office: Office, payslip: str) -> None:
    office.pass_time(seconds=5)
    office.send()
    omar = office.sign_in("omar@acme.example")
    assert omar.post(f"/cases/{payslip}/take").status_code == 303
    assert office.row(payslip).owner == "omar@acme.example"
    omar.post(f"/cases/{payslip}/assign", person=office.ids["pia@acme.example"])
    assert office.row(payslip).owner == "pia@acme.example"
    office.pass_time(seconds=5)
    told = [mail for mail in office.send() if mail.to == "pia@acme.example"]
    assert len(told) == 1
    assert b"overtime" not in told[0].content
    page = omar.case(payslip)
    assert "took the case" in page
    assert "gave the case to" in page


def test_who_cannot_work_on_cases_is_given_none(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    for address in ("ada@acme.example", "hana@acme.example", "aud@acme.example"):
        answer = browser.post(f"/cases/{payslip}/assign", person=office.ids[address])
        assert answer.status_code == 409
    assert browser.post(f"/cases/{payslip}/assign", person="f" * 32).status_code == 409
    assert office.row(payslip).owner == "pia@acme.example"


def test_an_excluded_person_is_offered_to_nobody_and_refused(office: Office) -> None:
    reference = office.mail("tom@acme.example", "Please help", "They harass me, Erin does")
    browser = office.sign_in("eli@acme.example")
    page = browser.case(reference)
    offered = page[page.index('name="person"') : page.index("</select>", page.index('name="person"'))]
    assert "Erin" not in offered
    answer = browser.post(f"/cases/{reference}/assign", person=office.ids["erin@acme.example"])
    assert answer.status_code == 409
    assert "Kept away" in page


def test_progress_investigation_and_closing(office: Office) -> None:
    reference = office.mail("ben@acme.example", "Please help", "They harass me")
    browser = office.sign_in("erin@acme.example")
    lead = office.sign_in("lena@acme.example")
    assert lead.post(f"/cases/{reference}/status", status="investigating").status_code == 409, "not owner nor backup"
    assert browser.post(f"/cases/{reference}/status", status="investigating").status_code == 303
    assert office.clocks(reference)["start_investigation"] == "met"
    assert browser.post(f"/cases/{reference}/close").status_code == 409
    assert browser.post(f"/cases/{reference}/close", outcome="substantiated").status_code == 303
    row = office.row(reference)
    assert (row.status, row.outcome) == ("closed", "substantiated")
    assert set(office.clocks(reference).values()) <= {"met", "cancelled"}
    assert browser.post(f"/cases/{reference}/status", status="in_progress").status_code == 409
    assert browser.post(f"/cases/{reference}/reopen").status_code == 303
    assert office.row(reference).status == "reopened"
    assert office.row(reference).closed_at is None


def test_a_case_under_review_is_closed_by_a_second_person(office: Office) -> None:
    reference = office.mail("ben@acme.example", "Please help", "My boss gropes people")
    erin, lena = office.sign_in("erin@acme.example"), office.sign_in("lena@acme.example")
    assert "a second person: the backup or a lead closes it" in erin.case(reference)
    refused = erin.post(f"/cases/{reference}/close", outcome="substantiated")
    assert refused.status_code == 409
    assert "second person" in refused.text
    assert lena.post(f"/cases/{reference}/close", outcome="substantiated").status_code == 303


def test_resolved_keeps_the_promise_and_waits_to_be_closed(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    browser.reply(payslip, "Done.", then="resolved")
    assert office.clocks(payslip)["resolve"] == "met"
    assert payslip in browser.get("/cases").text
    assert payslip not in browser.get("/cases?view=done").text


def test_feedback_is_met_only_when_it_is_said_to_be_feedback(office: Office) -> None:
    reference = office.mail("ben@acme.example", "Please help", "They harass me")
    browser = office.sign_in("erin@acme.example")
    browser.reply(reference, "We are looking into it.")
    assert office.clocks(reference)["feedback"] == "running"
    browser.reply(reference, "This is what we did.", feedback="y")
    assert office.clocks(reference)["feedback"] == "running"
    office.send()  # only what has left the house has reached anybody
    assert office.clocks(reference)["feedback"] == "met"


def test_a_late_answer_stays_late_and_leaves_the_overdue_view(office: Office, payslip: str) -> None:
    browser_later = office.sign_in("pia@acme.example")
    office.pass_time(days=5)
    browser = browser_later
    fresh = office.browser()
    import pyotp
    from heedtest.offices import OWN, token_in

    page = fresh.get("/sign-in")
    who = "pia@acme.example"
    fresh.client.post("/sign-in", data={"address": who, "password": OWN.format(who), "csrf_token": token_in(page)})
    page = fresh.get("/sign-in/code")
    fresh.client.post(
        "/sign-in/code", data={"code": pyotp.TOTP(browser.secret).at(office.clock[0]), "csrf_token": token_in(page)}
    )
    assert payslip in fresh.get("/cases?view=overdue").text
    fresh.reply(payslip, "Sorry for the delay.")
    office.send()
    assert office.clocks(payslip)["first_response"] == "missed"
    assert payslip not in fresh.get("/cases?view=overdue").text
    assert "days late" in fresh.case(payslip)


def test_the_trail_holds_after_all_of_it(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    browser.reply(payslip, "Words that no event may hold.")
    browser.post(f"/cases/{payslip}/take")
    browser.post(f"/cases/{payslip}/close", outcome="answered")
    with reading(office.desk.record) as connection:
        assert verify(connection).broken is None
    assert "no event may hold" not in str(office.events(payslip))


def test_unconfirmed_and_forged_words_carry_a_warning(office: Office, payslip: str) -> None:
    browser = office.sign_in("pia@acme.example")
    browser.reply(payslip, "Which week?")
    (mail,) = [one for one in office.send() if b"Which week" in one.content]
    office.mail("mallory@evil.example", "Re: My payslip", "Send it to me.", In_Reply_To=f"<{mail.message_id}>")
    page = browser.case(payslip)
    assert "not the reporter&#39;s" in page or "not the reporter's" in page


def test_script_in_every_field_is_inert(office: Office) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    reference = office.mail(
        f'"{evil}" <sam@acme.example>', f"payslip {evil}", f"overtime {evil}", (f"{evil}.html", b"<script>x</script>")
    )
    page = office.sign_in("pia@acme.example").case(reference)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page
