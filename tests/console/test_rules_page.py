"""The rules page: checked, tested, published with a reason, rolled back; what is bad never takes effect."""

from html import unescape

import pytest
from heedtest.offices import FIRST, OWN, Browser, Office


@pytest.fixture
def hana(office: Office) -> Browser:
    return office.sign_in("hana@acme.example")


def in_force(office: Office) -> str:
    return office.rules


def post(browser: Browser, do: str, text: str, **more: str):
    page = browser.get("/rules").text
    start = page.index('name="based_on" value="') + len('name="based_on" value="')
    based_on = page[start : page.index('"', start)]
    return browser.post("/rules", **{"do": do, "text": text, "based_on": based_on, **more})


def test_the_editor_shows_what_is_in_force_unchanged(office: Office, hana: Browser) -> None:
    page = unescape(hana.get("/rules").text)
    inside = page[page.index('rows="') :]
    shown = inside[inside.index(">") + 2 : inside.index("</textarea>")]
    assert shown == in_force(office)


def test_a_mistake_is_named_with_line_caret_and_suggestion_and_changes_nothing(office: Office, hana: Browser) -> None:
    before = in_force(office)
    bad = before.replace("access: restricted", "acess: restricted")
    for do in ("check", "test", "publish"):
        answer = post(hana, do, bad, reason="a typo")
        page = unescape(answer.text)
        assert "Line 17" in page
        assert "did you mean" in page
        assert "^^^" in page
        assert bad.splitlines()[16].strip() in page, "what was typed is not lost"
    assert in_force(office) == before


def test_checking_says_what_would_change_and_which_tests_fail(office: Office, hana: Browser) -> None:
    page = post(hana, "check", in_force(office).replace("[payslip, salary, overtime]", "[payslip, salary]")).text
    assert "What would change" in page
    assert "Pay words" in page
    assert "It can be published" in page
    page = post(hana, "test", in_force(office).replace("[payslip, salary, overtime]", "[salary]")).text
    assert "1 of 1 tests fail" in page
    assert "pay goes to payroll" in page


def test_failing_tests_stop_the_publication(office: Office, hana: Browser) -> None:
    before = in_force(office)
    answer = post(hana, "publish", before.replace("[payslip, salary, overtime]", "[salary]"), reason="fewer words")
    assert answer.status_code == 422
    assert "tests fail" in answer.text
    assert in_force(office) == before


def test_publishing_needs_a_reason_and_is_an_event(office: Office, hana: Browser) -> None:
    better = in_force(office).replace("[payslip, salary, overtime]", "[payslip, salary, overtime, wage]")
    assert post(hana, "publish", better).status_code == 422
    assert post(hana, "publish", better, reason="people write wage").status_code == 303
    assert in_force(office) == better
    page = hana.get("/rules").text
    assert "people write wage" in page
    events = [(verb, actor) for verb, actor, _ in office.events()]
    assert ("ruleset.published", "hana@acme.example") in events
    assert office.row(office.mail("sam@acme.example", "Wage", "my wage")).category == "payroll"


def test_two_editors_do_not_overwrite_each_other(office: Office, hana: Browser) -> None:
    hugo = office.sign_in("hugo@acme.example")
    text = in_force(office)
    old = hugo.get("/rules").text
    start = old.index('name="based_on" value="') + len('name="based_on" value="')
    based_on = old[start : old.index('"', start)]
    post(hana, "publish", text.replace("overtime]", "overtime, wage]"), reason="first")
    answer = hugo.post(
        "/rules", do="publish", text=text.replace("overtime]", "overtime, pay]"), based_on=based_on, reason="second"
    )
    assert answer.status_code == 422
    assert "came into force while you edited" in answer.text
    assert "wage" in in_force(office)


def test_rolling_back(office: Office, hana: Browser) -> None:
    first = in_force(office)
    page = hana.get("/rules").text
    name = page[page.index("/rules/versions/") + len("/rules/versions/") :].split('"')[0]
    post(hana, "publish", first.replace("overtime]", "overtime, wage]"), reason="wages too")
    shown = hana.get(f"/rules/versions/{name}").text
    assert "What going back would change" in shown
    assert hana.post("/rules/roll-back", version=name, reason="").status_code == 409
    assert in_force(office) != first
    assert hana.post("/rules/roll-back", version=name, reason="that was wrong").status_code == 303
    assert in_force(office) == first
    assert hana.get("/rules/versions/0000000000000000").status_code == 404


def test_weakening_a_locked_rule_needs_a_second_person(office: Office, hana: Browser) -> None:
    locked = in_force(office).replace("  - id: not-about-erin\n", "  - id: not-about-erin\n    locked: true\n")
    assert post(hana, "publish", locked, reason="lock it").status_code == 303, "locking weakens nothing"
    weaker = locked.replace("    locked: true\n", "")
    answer = post(hana, "publish", weaker, reason="unlock")
    assert answer.status_code == 422
    assert "second person" in answer.text
    for who, password in (
        ("hana@acme.example", OWN.format("hana@acme.example")),
        ("hugo@acme.example", "wrong"),
        ("pia@acme.example", FIRST.format("pia@acme.example")),
    ):
        answer = post(hana, "publish", weaker, reason="unlock", approver=who, approver_password=password)
        assert answer.status_code == 422, who
    good = {"approver": "hugo@acme.example", "approver_password": FIRST.format("hugo@acme.example")}
    assert post(hana, "publish", weaker, reason="unlock", **good).status_code == 303
    assert "approved by hugo@acme.example" in hana.get("/rules").text
