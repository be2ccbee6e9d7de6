"""The other pages: what is held, people, calls that are logged, and the list with its views."""

import re
from datetime import timedelta

from heedtest.offices import Office, once_in
from sqlalchemy import select

from cases.store import outbox, people, tables
from cases.store.engine import reading, writing
from gateway.inbox import mailboxes, states
from gateway.inbox.tables import envelope


def hold_one(office: Office) -> str:
    reference = office.mail("sam@acme.example", "My payslip", "overtime")
    with writing(office.shop.inbox) as connection:
        connection.execute(
            envelope.update()
            .where(envelope.c.reference == reference)
            .values(state="held", error="the mail is damaged", ended_at=office.clock[0])
        )
    return reference


def test_held_shows_a_count_to_most_and_the_list_to_those_who_triage(office: Office) -> None:
    reference = hold_one(office)
    other = office.sign_in("pia@acme.example")
    page = other.get("/held").text
    assert "1 held" in page
    assert reference not in page
    assert "damaged" not in page
    assert other.post("/held/retry").status_code == 404
    triager = office.sign_in("tria@acme.example")
    page = triager.get("/held").text
    assert reference in page
    assert "the mail is damaged" in page
    assert triager.post("/held/retry", reference=reference).status_code == 303
    with reading(office.shop.inbox) as connection:
        assert states.counts(connection).get("held", 0) == 0
    retried = [(actor, data) for verb, actor, data in office.events() if verb == "held.retried"]
    assert retried == [("tria@acme.example", {"references": [reference]})]


def test_an_administrator_adds_a_person_who_can_sign_in(office: Office) -> None:
    ada = office.sign_in("ada@acme.example")
    answer = ada.post(
        "/people",
        address="New@acme.example",
        name="New Person",
        roles=["handler"],
        reports_to="lena@acme.example",
        language="fr",
    )
    found = re.search(r'class="mono key card">([^<]+)<', answer.text)
    assert found
    browser = office.browser()
    page = browser.get("/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    data = {"address": "new@acme.example", "password": found[1], "csrf_token": token[1]}
    assert browser.client.post("/sign-in", data=data).location == "/sign-in/enrol"
    assert "New Person" in ada.get("/people").text
    assert found[1] not in ada.get("/people").text
    with reading(office.desk.record) as connection:
        added = people.find(connection, "new@acme.example")
    assert added is not None
    assert (added.reports_to, added.language) == ("lena@acme.example", "fr")


def test_a_person_is_refused_beside_the_field(office: Office) -> None:
    ada = office.sign_in("ada@acme.example")
    for data, words in (
        ({"address": "pia@acme.example", "name": "Twice", "roles": ["handler"]}, "already a member"),
        ({"address": "no address", "name": "X", "roles": ["handler"]}, "no mail address"),
        ({"address": "x@acme.example", "name": "X"}, "at least one role"),
        ({"address": "x@acme.example", "name": "X", "roles": ["emperor"]}, "error"),
    ):
        answer = ada.post("/people", **data)
        assert answer.status_code == 422, data
        assert words in answer.text


def test_the_language_of_somebodys_mail_is_changed_with_one_choice(office: Office) -> None:
    ada, pia = office.sign_in("ada@acme.example"), office.ids["pia@acme.example"]
    assert ada.post(f"/people/{pia}/language", language="de").status_code == 303
    assert '<option value="de" selected>Deutsch</option>' in ada.get("/people").text
    assert ada.post(f"/people/{pia}/language", language="tlh").status_code == 409
    assert ("person.language_changed", "ada@acme.example") in [(verb, actor) for verb, actor, _ in office.events()]


def test_a_lost_device_is_set_up_anew_but_not_by_oneself(office: Office) -> None:
    office.sign_in("pia@acme.example")
    ada = office.sign_in("ada@acme.example")
    assert ada.post(f"/people/{office.ids['ada@acme.example']}/forget-code").status_code == 409
    assert ada.post(f"/people/{office.ids['pia@acme.example']}/forget-code").status_code == 303
    assert ada.post(f"/people/{'f' * 32}/forget-code").status_code == 404
    from heedtest.offices import OWN, token_in

    browser = office.browser()
    page = browser.get("/sign-in")
    data = {"address": "pia@acme.example", "password": OWN.format("pia@acme.example"), "csrf_token": token_in(page)}
    assert browser.client.post("/sign-in", data=data).location == "/sign-in/enrol"
    assert ("person.second_factor_reset", "ada@acme.example") in [(v, a) for v, a, _ in office.events()]


def test_a_call_becomes_the_callers_case_and_names_who_logged_it(office: Office) -> None:
    fay = office.sign_in("fay@acme.example")
    page = fay.get("/log").text
    found = re.search(r'name="once" value="([0-9a-f]{32})"', page)
    assert found
    data = {
        "how": "call", "name": "Sam Doe", "address": "sam@acme.example", "subject": "Payslip",
        "text": "Sam says the overtime is missing.", "once": found[1],
    }  # fmt: skip
    references = set()
    for _ in range(2):
        answer = fay.post("/log", **data)
        assert answer.status_code == 200
        references.update(re.findall(r"HR-[0-9A-Z]{4}-[0-9A-Z]{4}", answer.text))
    assert len(references) == 1, "sent twice, stored once"
    (reference,) = references
    office.triage()
    row = office.row(reference)
    assert (row.channel, row.category, row.owner) == ("staff", "payroll", "pia@acme.example")
    page = office.sign_in("pia@acme.example").case(reference)
    assert "Sam Doe" in page
    assert "Logged by" in page
    assert "Fay Moss" in page
    assert "sam@acme.example" in [mail.to for mail in office.send()]


def test_nobody_logs_a_matter_of_their_own(office: Office) -> None:
    fay = office.sign_in("fay@acme.example")
    answer = fay.post("/log", how="call", address="FAY@acme.example", subject="x", text="y", once="a" * 32)
    assert answer.status_code == 422
    assert "your own address" in answer.text


def test_views_filters_and_pages(office: Office) -> None:
    office.mail("kim@acme.example", "Parking", "Where?")
    references = [office.mail(f"s{n}@acme.example", "My payslip", f"overtime {n}") for n in range(52)]
    pia = office.sign_in("pia@acme.example")
    first = pia.get("/cases").text
    assert "52 cases" in first
    assert "Page 1<" in first
    second = pia.get("/cases?page=2").text
    shown = set(re.findall(r"/cases/(HR-[0-9A-Z-]{9})", first + second))
    assert shown == set(references)
    assert "52 cases" in pia.get("/cases?view=mine").text
    assert "Every case has an owner" in pia.get("/cases?view=unassigned").text
    assert "Nothing fits this filter" in pia.get("/cases?status=investigating").text
    assert pia.get("/cases?view=nonsense&status=%00&page=-1&category=%3Cscript%3E").status_code == 200
    once = once_in(pia.case(references[0]), "reply")
    assert len(once) == 32
    pia.post(f"/cases/{references[0]}/close", outcome="answered")
    assert references[0] in pia.get("/cases?view=done").text
    assert "51 cases" in pia.get("/cases").text


def test_what_could_not_be_sent_is_listed_with_its_cause_and_tried_again_but_never_shown_to_the_accused(
    office: Office,
) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing")
    with writing(office.desk.record) as connection:
        entry = connection.execute(select(tables.outbox.c.id).limit(1)).scalar_one()
        outbox.block(connection, entry, office.clock[0], "the mail relay answered 550 5.1.1")
    assert "1 could not be sent" in office.sign_in("pia@acme.example").get("/held").text
    triager = office.sign_in("tria@acme.example")
    page = triager.get("/held").text
    assert reference in page
    assert "550 5.1.1" in page
    case_id = office.row(reference).id
    with writing(office.desk.record) as connection:
        away = tables.exclusion.insert().values(case_id=case_id, person="tria@acme.example", reason="named")
        connection.execute(away)
    assert reference not in triager.get("/held").text
    triager.post("/held/effects/retry")
    with writing(office.desk.record) as connection:
        assert outbox.counts(connection)["blocked"] == 1
        connection.execute(tables.exclusion.delete())
    assert triager.post("/held/effects/retry", entry=entry).status_code == 303
    with writing(office.desk.record) as connection:
        assert "blocked" not in outbox.counts(connection)


def test_held_tells_what_waits_for_another_try_and_why(office: Office) -> None:
    pia = office.sign_in("pia@acme.example")
    assert "has left, or is on its way" in pia.get("/held").text
    office.mail("sam@acme.example", "My payslip", "My overtime is missing.")
    with writing(office.desk.record) as connection:
        connection.execute(
            tables.outbox.update().values(state="pending", error="the mail relay cannot be reached (timeout)")
        )
    page = pia.get("/held").text
    assert "will be tried again: the mail relay cannot be reached (timeout)" in page
    assert "has left" not in page


def test_held_tells_when_each_mailbox_was_last_read(office: Office) -> None:
    with writing(office.shop.inbox) as connection:
        for name, good in (("hr", office.clock[0]), ("payroll", office.clock[0] - timedelta(hours=1))):
            mailboxes.salt_of(connection, name)
            mailboxes.note_good(connection, name, good, 0)
        mailboxes.note_trouble(connection, "payroll", office.clock[0], "the server cannot be reached (TimeoutError)")
    page = office.sign_in("pia@acme.example").get("/held").text
    fresh, stale = page.split("<h3>hr</h3>")[1].split("<h3>payroll</h3>")
    assert "Last read" in fresh
    assert 'class="notice warn"' in fresh
    assert "cannot be reached" in stale
    assert page.count('class="notice warn"') == 1
