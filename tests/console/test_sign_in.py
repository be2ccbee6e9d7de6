"""Signing in: password, second factor, limits, sessions, and that nothing tells who exists."""

import re
from datetime import timedelta

import pyotp
from heedtest.offices import FIRST, OWN, Browser, Office, token_in


def attempt(browser: Browser, address: str, password: str):
    page = browser.get("/sign-in")
    return browser.client.post(
        "/sign-in", data={"address": address, "password": password, "csrf_token": token_in(page)}
    )


def code_page(browser: Browser, code: str):
    page = browser.get("/sign-in/code")
    return browser.client.post("/sign-in/code", data={"code": code, "csrf_token": token_in(page)})


def cookie(response) -> str:
    return response.headers.get("Set-Cookie", "")


def test_first_sign_in_sets_up_a_second_factor_and_an_own_password(office: Office) -> None:
    browser = office.sign_in("pia@acme.example")
    assert browser.get("/cases").status_code == 200
    verbs = [verb for verb, actor, _ in office.events() if actor == "pia@acme.example"]
    assert verbs == ["person.second_factor_enrolled", "person.signed_in", "person.password_changed", "list.read"]
    assert attempt(office.browser(), "pia@acme.example", FIRST.format("pia@acme.example")).status_code == 422


def test_nothing_opens_before_an_own_password_is_chosen(office: Office) -> None:
    browser = office.browser()
    attempt(browser, "pia@acme.example", FIRST.format("pia@acme.example"))
    page = browser.get("/sign-in/enrol")
    secret = re.search(r'id="secret">([^<]+)<', page.text)[1].replace(" ", "")  # type: ignore[index]
    code = pyotp.TOTP(secret).at(office.clock[0])
    browser.client.post("/sign-in/enrol", data={"code": code, "csrf_token": token_in(page)})
    for path in ("/cases", "/held", "/log", "/cases/HR-0000-0000"):
        assert browser.get(path).location == "/account/password"


def test_second_sign_in_asks_for_a_code_and_takes_none_twice(office: Office) -> None:
    first = office.sign_in("pia@acme.example")
    generator = pyotp.TOTP(first.secret)
    again = office.browser()
    assert attempt(again, "pia@acme.example", OWN.format("pia@acme.example")).location == "/sign-in/code"
    assert again.get("/cases").location == "/sign-in"
    used = generator.at(office.clock[0])
    assert code_page(again, used).status_code == 422, "the code of the enrolment was used already"
    office.pass_time(seconds=60)
    fresh = generator.at(office.clock[0])
    assert code_page(again, fresh).status_code == 303
    assert again.get("/cases").status_code == 200
    third = office.browser()
    attempt(third, "pia@acme.example", OWN.format("pia@acme.example"))
    assert code_page(third, fresh).status_code == 422


def test_a_code_for_another_time_is_refused(office: Office) -> None:
    first = office.sign_in("pia@acme.example")
    office.pass_time(minutes=5)
    again = office.browser()
    attempt(again, "pia@acme.example", OWN.format("pia@acme.example"))
    for wrong in (pyotp.TOTP(first.secret).at(office.clock[0] - timedelta(minutes=3)), "000", "abcdef", "１２３４５６"):
        assert code_page(again, wrong).status_code == 422


def test_unknown_wrong_and_departed_get_one_answer(office: Office) -> None:
    with office.desk.record.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET active = 0 WHERE address = 'omar@acme.example'")
    answers = []
    for address, password in (
        ("pia@acme.example", "wrong"),
        ("nobody@acme.example", "wrong"),
        ("omar@acme.example", FIRST.format("omar@acme.example")),
    ):
        answer = attempt(office.browser(), address, password)
        shown = re.sub(r'value="[^"]*"', "", answer.text)
        answers.append((answer.status_code, shown))
    assert answers[0][0] == 422
    assert answers[0] == answers[1] == answers[2]
    refused = [data for verb, _, data in office.events() if verb == "person.sign_in_refused"]
    assert len(refused) == 3
    assert "nobody" not in str(refused)


def test_every_kind_of_refusal_tries_a_vault(office: Office, monkeypatch) -> None:
    from console.pages import sign_in

    tried = []
    real = sign_in.unwrap_private
    monkeypatch.setattr(sign_in, "unwrap_private", lambda *given: tried.append(1) or real(*given))
    attempt(office.browser(), "pia@acme.example", "wrong")
    attempt(office.browser(), "nobody@acme.example", "wrong")
    assert len(tried) == 2


def test_guessing_is_limited_for_one_address_and_holds_up_no_other_and_no_code(office: Office) -> None:
    halfway = office.browser()
    attempt(halfway, "pia@acme.example", FIRST.format("pia@acme.example"))
    for _ in range(office.desk.console.attempts_per_account - 1):
        assert attempt(office.browser(), "pia@acme.example", "wrong").status_code == 422
    blocked = attempt(office.browser(), "PIA@acme.example ", FIRST.format("pia@acme.example"))
    assert blocked.status_code == 429
    page = halfway.get("/sign-in/enrol")
    secret = re.search(r'id="secret">([^<]+)<', page.text)[1].replace(" ", "")  # type: ignore[index]
    code = pyotp.TOTP(secret).at(office.clock[0])
    assert halfway.client.post("/sign-in/enrol", data={"code": code, "csrf_token": token_in(page)}).status_code == 303
    other = attempt(office.browser(), "omar@acme.example", FIRST.format("omar@acme.example"))
    assert other.status_code == 303


def test_the_session_id_changes_at_each_step_and_the_old_one_opens_nothing(office: Office) -> None:
    browser = office.browser()
    page = browser.get("/sign-in")
    before = browser.client.get_cookie("heed_console")
    assert before is not None
    data = {"address": "pia@acme.example", "password": FIRST.format("pia@acme.example"), "csrf_token": token_in(page)}
    browser.client.post("/sign-in", data=data)
    halfway = browser.client.get_cookie("heed_console")
    assert halfway is not None
    assert halfway.value != before.value
    signed_in = office.sign_in("omar@acme.example")
    stranger = office.browser()
    stranger.client.set_cookie("heed_console", before.value)
    assert stranger.get("/sign-in/enrol").location == "/sign-in"
    assert signed_in.get("/cases").status_code == 200


def test_the_cookie_is_shielded(office: Office) -> None:
    first = cookie(office.browser().get("/sign-in"))
    assert "HttpOnly" in first
    assert "SameSite=Strict" in first
    assert "Path=/" in first
    assert "Secure" not in first


def test_idle_and_absolute_expiry_forget_the_key(office: Office) -> None:
    browser = office.sign_in("pia@acme.example")
    office.pass_time(minutes=29)
    assert browser.get("/cases").status_code == 200
    office.pass_time(minutes=31)
    assert browser.get("/cases").location == "/sign-in"
    lively = office.sign_in("omar@acme.example")
    for _ in range(21):
        office.pass_time(minutes=29)
        lively.get("/cases")
    assert lively.get("/cases").location == "/sign-in"


def test_signing_out_is_a_post_and_ends_it(office: Office) -> None:
    browser = office.sign_in("pia@acme.example")
    assert browser.get("/sign-out").status_code == 405 or browser.get("/sign-out").status_code == 404
    assert browser.post("/sign-out").location == "/sign-in"
    assert browser.get("/cases").location == "/sign-in"
    assert ("person.signed_out", "pia@acme.example") in [(verb, actor) for verb, actor, _ in office.events()]


def test_changing_the_password_ends_other_sessions_and_keeps_the_vault(office: Office) -> None:
    first = office.sign_in("pia@acme.example")
    office.pass_time(seconds=60)
    second = office.browser()
    attempt(second, "pia@acme.example", OWN.format("pia@acme.example"))
    code_page(second, pyotp.TOTP(first.secret).at(office.clock[0]))
    before = office.person("pia@acme.example").vault_public
    answer = second.post(
        "/account/password",
        old=OWN.format("pia@acme.example"),
        new="yet another password",
        again="yet another password",
    )
    assert answer.status_code == 303
    assert first.get("/cases").location == "/sign-in"
    assert office.person("pia@acme.example").vault_public == before


def test_weak_same_or_mistyped_passwords_are_refused_beside_the_field(office: Office) -> None:
    browser = office.sign_in("pia@acme.example")
    own = OWN.format("pia@acme.example")
    for old, new, again, words in (
        ("wrong", "long enough words", "long enough words", "not your present password"),
        (own, "short", "short", "At least 12"),
        (own, "long enough words", "long enough word", "not the same"),
        (own, own, own, "same password again"),
    ):
        answer = browser.post("/account/password", old=old, new=new, again=again)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'aria-invalid="true"' in answer.text


def test_after_signing_in_one_lands_where_one_wanted_and_nowhere_else(office: Office) -> None:
    browser = office.browser()
    assert browser.get("//evil.example/cases").status_code in {303, 308, 404}
    signed_in = office.sign_in("ada@acme.example")
    assert signed_in.get("/").location == "/people"


def test_a_link_in_a_mail_does_not_push_a_session_out(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing")
    stranger = office.browser()
    answer = stranger.client.get(f"/cases/{reference}", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert 'http-equiv="refresh" content="0"' in answer.text
    assert "overtime" not in answer.text
    assert stranger.get(f"/cases/{reference}").location == "/sign-in"
