"""The rules page: checked, tested, published with a reason, rolled back; what is bad never takes effect."""

from html import unescape

import pytest
from heedtest.offices import FIRST, OWN, Browser, Office
from sqlalchemy import insert

from cases.store import rulesets, tables
from cases.store.engine import writing
from rules.language.load import hash_of


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


def test_checking_says_what_is_wrong_in_view_of_the_day_the_directory_and_the_forms(
    office: Office, hana: Browser
) -> None:
    with writing(office.desk.record) as connection:
        connection.execute(
            insert(tables.employee).values(address="lo@acme.example", name="Lo Payslip", aliases="", nicknames="")
        )
    when = "{form_field: {name: form, is: leaves}}"
    rule = f"  - {{id: try, phase: assess, active: {{until: 2025-01-31}}, when: {when}, then: {{tag: x}}}}\n"
    page = unescape(post(hana, "check", in_force(office).replace("\nrules:\n", f"\nrules:\n{rule}")).text)
    assert "is also the name of a colleague (Lo Payslip)" in page
    assert "the trial of rule try ended on 2025-01-31" in page
    assert 'no form of the public site is called "leaves" in rule try' in page
    assert 'did you mean "leave"?' in page


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


def test_the_homes_file_only_proposes_and_can_be_loaded_into_the_editor(office: Office, hana: Browser) -> None:
    assert "The file rules.yaml" not in hana.get("/rules").text
    file, before = office.home / "rules.yaml", in_force(office)
    file.write_text(before.replace("overtime]", "overtime, wage]"), encoding="utf-8")
    page = hana.get("/rules").text
    assert "a person must publish it" in page
    assert "overtime, wage]" not in page
    assert "overtime, wage]" in hana.get("/rules?from=file").text
    file.write_text(before.replace("team: payroll", "team: pairoll"), encoding="utf-8")
    assert "stays in force" in hana.get("/rules").text
    assert in_force(office) == before


def test_a_published_version_that_cannot_be_loaded_is_said_and_the_one_before_stays(
    office: Office, hana: Browser
) -> None:
    reference = office.mail("sam@acme.example", "Payslip", "my overtime")
    with writing(office.desk.record) as connection:
        rulesets.publish(connection, hash_of("version: 0\n"), "version: 0\n", by="x", reason="x", now=office.clock[0])
    page = hana.get("/rules").text
    assert "cannot be loaded" in page
    assert "Payroll office" in office.sign_in("pia@acme.example").case(reference)


def test_trying_names_only_cases_that_one_could_open(office: Office) -> None:
    pay = office.mail("sam@acme.example", "Hours", "My overtime is missing.")
    grave = office.mail("sue@acme.example", "Help", "He bullies me.")
    weaker = in_force(office).replace("[payslip, salary, overtime]", "[payslip, overtime, salary, hours]")
    weaker = weaker.replace("risk: high, access: restricted", "risk: low").replace(
        "risk: low, sla: routine", "risk: moderate, sla: routine"
    )
    page = post(office.sign_in("hana@acme.example"), "try", weaker).text
    assert "2 submissions replayed" in page
    assert pay not in page
    assert grave not in page
    assert ("ruleset.tried", "hana@acme.example") in [(verb, actor) for verb, actor, _ in office.events()]


def test_checking_says_which_open_deadlines_would_move(office: Office, hana: Browser) -> None:
    office.mail("sam@acme.example", "Payslip", "my overtime")
    page = post(hana, "check", in_force(office).replace("resolve: 10 days", "resolve: 12 days")).text
    assert "Open deadlines" in page
    assert "would end later" in page


def test_a_rollback_rewrites_the_file_and_lists_what_was_decided_meanwhile(office: Office) -> None:
    lena = office.sign_in("hugo@acme.example")
    first, name = in_force(office), office.events()[0][2]["ruleset"]
    post(lena, "publish", first.replace("[harass, bully, grope]", "[harass, grope]"), reason="fewer")
    missed = office.mail("sue@acme.example", "Help", "He bullies me.")
    answer = lena.post("/rules/roll-back", version=name, reason="a mistake")
    assert answer.status_code == 303
    assert (office.home / "rules.yaml").read_text(encoding="utf-8") == first
    page = lena.get(answer.location).text
    assert "None that you may open" in page
    assert missed not in page
