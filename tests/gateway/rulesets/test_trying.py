"""`heed rules try` and `explain` on a real record: what changes, weakened first; nobody is shown a case not theirs."""

import pytest
from heedtest.offices import FIRST

from cases.store.engine import reading
from cases.store.tables import outbox

CANDIDATE = (
    ("[payslip, salary, overtime]", "[payslip, salary]"),
    ("harassment: {label: {en: Harassment}, team: er, risk: high, access: restricted",
     "harassment: {label: {en: Harassment}, team: er, risk: moderate"),
)  # fmt: skip


@pytest.fixture
def candidate(office):
    text = office.rules
    for old, new in CANDIDATE:
        assert old in text
        text = text.replace(old, new)
    path = office.home / "candidate.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def cases(office):
    return {
        "pay": office.mail("sam@acme.example", "Hours", "My overtime is missing."),
        "grave": office.mail("sue@acme.example", "Help", "He bullies me every day."),
        "same": office.mail("tom@acme.example", "Payslip", "Where is my payslip?"),
    }


def message_id_of(subject, text, sender="sam@acme.example"):
    """As the office makes it."""
    return f"<{abs(hash((sender, subject, text)))}@mail.acme.example>"


def tried(objects, result):
    *moved, total = objects(result)
    return {one["reference"]: one for one in moved}, total


def test_who_may_open_a_case_sees_what_would_change_the_weakened_first(heed, objects, candidate, cases):
    result = heed("try", candidate, "--last", "9000d", "--json", who="lena@acme.example")
    moved, total = tried(objects, result)
    assert list(moved) == [cases["grave"], cases["pay"]]
    assert moved[cases["grave"]]["weakened"] == ["risk", "access"]
    assert moved[cases["pay"]]["changes"]["category"] == ["payroll", "unsorted"]
    assert (total["replayed"], total["changed"], total["hidden"]) == (3, 2, 0)


def test_who_may_not_open_a_case_learns_nothing_of_it(heed, objects, candidate, cases):
    moved, total = tried(objects, heed("try", candidate, "--last", "9000d", "--json", who="pia@acme.example"))
    assert list(moved) == [cases["pay"]]
    assert (total["hidden"], total["hidden_weakened"], total["changed"]) == (0, 0, 1)
    assert {one["field"] for one in total["tally"]} == {"category", "risk", "team"}
    assert total["no_longer_fired"] == {"pay": 1}


def test_many_cases_are_counted_for_who_may_not_open_them(office, heed, objects, candidate, cases):
    for number in range(4):
        office.mail(f"s{number}@acme.example", "Help", f"He bullies me, the {number} of us.")
    _, total = tried(objects, heed("try", candidate, "--last", "9000d", "--json", who="pia@acme.example"))
    assert (total["hidden"], total["hidden_weakened"]) == (5, 5)
    assert {(one["before"], one["after"]): one["cases"] for one in total["tally"] if one["field"] == "access"} == {
        ("restricted", "managed"): 5
    }


def test_nobody_named_means_nothing_named(heed, objects, candidate, cases):
    moved, total = tried(objects, heed("try", candidate, "--last", "9000d", "--json"))
    assert moved == {}
    assert total["hidden"] == 1
    words = heed("try", candidate, "--last", "9000d").output
    assert not any(reference in words for reference in cases.values())
    assert "1 case not named" in words


def test_a_sealed_case_is_replayed_only_for_who_holds_its_key(office, heed, objects, candidate):
    office.anonymous("My boss keeps the overtime money.")
    for who, replayed in (("hana@acme.example", 0), ("pia@acme.example", 1)):
        _, total = tried(objects, heed("try", candidate, "--last", "9000d", "--json", who=who))
        assert total["replayed"] == replayed


def test_further_messages_are_replayed_on_the_case_as_it_was_by_then(office, heed, objects, cases):
    office.pass_time(days=2)
    office.sign_in("pia@acme.example").post(f"/cases/{cases['pay']}/category", category="unsorted")
    office.mail(
        "sam@acme.example", "Re: Hours", "He bullies me.", In_Reply_To=message_id_of("Hours", "My overtime is missing.")
    )
    assert len(office.events(cases["pay"])) > 2, "it joined its case"
    text = office.rules.replace("rules:\n", "rules:\n  - {id: bad, phase: assess, when: {mentions: grave_words}, "
                                "then: {raise_risk_to: critical}}\n")  # fmt: skip
    path = office.home / "candidate.yaml"
    path.write_text(text, encoding="utf-8")
    moved, total = tried(objects, heed("try", str(path), "--last", "9000d", "--json", who="lena@acme.example"))
    assert total["replayed"] == 4
    assert moved[cases["pay"]]["message"] == 2
    assert moved[cases["pay"]]["changes"] == {"risk": ["moderate", "critical"]}


def test_trying_sends_nothing_and_is_an_event(office, heed, candidate, cases):
    def promised():
        with reading(office.desk.record) as connection:
            return connection.execute(outbox.select()).all()

    before = promised()
    assert heed("try", candidate, "--last", "9000d", who="hana@acme.example").exit_code == 0
    assert promised() == before
    assert ("ruleset.tried", "hana@acme.example") in [event[:2] for event in office.events()]
    assert "ruleset.published" in {event[0] for event in office.events()}


def test_older_submissions_are_left_out(heed, objects, candidate, cases, office):
    office.pass_time(days=400)
    _, total = tried(objects, heed("try", candidate, "--last", "1d", "--json"))
    assert total["replayed"] in {0, 3}  # the machine's day, not the office's


@pytest.mark.parametrize("last", ["90", "x", "0d", "-1d"])
def test_a_time_that_is_none_is_said_so(heed, candidate, last):
    result = heed("try", candidate, "--last", last)
    assert result.exit_code == 2
    assert "write it like 90d or 12w" in result.output


def test_a_wrong_password_and_a_stranger_get_the_same_words(office, heed, candidate):
    arguments = ("try", candidate, "--as")
    wrong = heed(*arguments, "lena@acme.example", "--password", "wrong")
    stranger = heed(*arguments, "nobody@acme.example", "--password", FIRST.format("lena@acme.example"))
    assert wrong.output == stranger.output == "Error: that address and password do not belong together\n"


def test_explain_quotes_the_words_for_who_may_open_the_case(office, heed, cases):
    said = heed("explain", cases["grave"], who="lena@acme.example").output
    assert 'yes: mentions grave_words: "bullies" in text' in said
    assert ("case.read", "lena@acme.example") in [event[:2] for event in office.events(cases["grave"])]


def test_explain_still_works_when_the_rules_are_others(office, heed, cases, objects):
    text = office.rules.replace("  - id: grave\n", "  - id: renamed\n")
    text = text.replace("grave_words: [harass, bully, grope]", "grave_words: [gizmo]")
    path = office.home / "other.yaml"
    path.write_text(text, encoding="utf-8")
    published = heed("publish", str(path), "--reason", "other rules", "--by", "hana@acme.example")
    assert published.exit_code == 0, published.output
    said = heed("explain", cases["grave"], who="lena@acme.example").output
    assert "grave: matched" in said
    assert "renamed" not in said


def test_explain_is_refused_alike_to_who_may_not_see_it(heed, cases):
    refused = heed("explain", cases["grave"], who="pia@acme.example")
    unknown = heed("explain", "HR-7K2M-94QX", who="pia@acme.example")
    assert refused.exit_code == 1
    assert refused.output == unknown.output or "no reference" in unknown.output
    assert "no such case" in refused.output
    assert "--as ADDRESS" in heed("explain", cases["grave"]).output
