"""Deadlines by SLA, calendar, country, site and organisation, and the ladders that watch them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

import rules
from gateway.shell import main
from rules.language.problems import RulesetInvalid

LONDON = ZoneInfo("Europe/London")


def due(decision):
    return {deadline.kind: deadline.due for deadline in decision.deadlines}


@pytest.mark.parametrize(("moment", "cutoff"), [
    ("2026-03-19 10:00", "2026-03-20 17:30"),
    ("2026-03-20 17:29", "2026-03-20 17:30"),
    ("2026-03-20 17:30", "2026-04-20 17:30"),
    ("2026-06-19 17:31", "2026-07-20 17:30"),  # 20 June is a Saturday: the cutoff was on Friday
])  # fmt: skip
def test_payroll_is_due_at_the_next_cutoff(small, decided, moment, cutoff):
    found = due(decided(rules.load(small), f"{{model: {{payroll: 0.9}}, now: {moment}}}"))
    assert found["resolve"] == datetime.fromisoformat(cutoff).replace(tzinfo=LONDON)


def test_working_days_and_what_pauses(small, decided):
    decision = decided(rules.load(small), "{model: {leave: 0.9}, now: 2026-04-02 16:00}")  # Thursday before Easter
    assert due(decision)["first_response"] == datetime(2026, 4, 8, 17, 30, tzinfo=LONDON)
    assert {deadline.kind: deadline.pause_while for deadline in decision.deadlines}["resolve"] == "waiting_for_employee"


def test_feedback_counts_from_the_acknowledgement_or_from_the_end_of_its_seven_days(small, decided):
    ruleset = rules.load(small)
    given = "{model: {whistleblow: 0.9}, now: 2026-01-10 12:00%s}"
    assert due(decided(ruleset, given % ""))["feedback"] == datetime(2026, 4, 10, 12, tzinfo=LONDON)
    silent = due(decided(ruleset, given % ", automatic: list"))
    assert silent["acknowledge"] == datetime(2026, 1, 17, 12, tzinfo=UTC)
    assert silent["feedback"] == datetime(2026, 4, 17, 12, tzinfo=LONDON)


VARIED = """
  leave: {team: frontdesk, risk: low, sla: routine, family: administrative, keep: 3 years,
          vary: [{country: DE, keep: 10 years, template: acknowledge_brief}, {site: Leeds, sla: pay}]}
"""
BOB = "directory: [{address: bob@acme.example, country: %s, location: %s}], from: bob@acme.example, model: {leave: 0.9}"


def test_category_varies_by_country_and_site(small, decided):
    line = "  leave: {team: frontdesk, risk: low, sla: routine, family: administrative}\n"
    ruleset = rules.load(small.replace(line, VARIED[1:]))
    assert decided(ruleset, f"{{{BOB % ('GB', 'York')}}}").acknowledgement == "acknowledge"
    assert decided(ruleset, f"{{{BOB % ('de', 'York')}}}").acknowledgement == "acknowledge_brief"
    assert {deadline.sla for deadline in decided(ruleset, f"{{{BOB % ('GB', 'leeds')}}}").deadlines} == {"pay"}
    assert decided(ruleset, "{from: x@acme.example, model: {leave: 0.9}}").acknowledgement == "acknowledge"


def test_sla_and_calendar_vary_by_country(small, decided):
    text = small.replace("first_response: 2 working days of office,", "first_response: 2 working days of office, vary: "
                         "[{country: FR, acknowledge: 4 hours}],")  # fmt: skip
    text = text.replace(
        "holidays: GB-ENG}", "holidays: GB-ENG, vary: [{country: DE, holidays: DE, zone: Europe/Berlin}]}"
    )
    ruleset = rules.load(text)
    moment = ", now: 2026-05-01 08:00"  # a holiday in Germany, not in England
    assert due(decided(ruleset, f"{{{BOB % ('GB', 'x')}{moment}}}"))["first_response"] == datetime(
        2026, 5, 6, 17, 30, tzinfo=LONDON
    )
    german = due(decided(ruleset, f"{{{BOB % ('DE', 'x')}, now: 2026-04-30 08:00}}"))["first_response"]
    assert german == datetime(2026, 5, 5, 17, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert due(decided(ruleset, f"{{{BOB % ('FR', 'x')}{moment}}}"))["acknowledge"] == datetime(
        2026, 5, 1, 11, tzinfo=UTC
    )


def test_ladder_is_resolved_to_people_for_each_clock(small, decided):
    ladder = decided(rules.load(small), "{model: {harassment: 0.9}}").ladder
    assert [(rung.clock, rung.at_percent, rung.offset_seconds) for rung in ladder] == [
        ("start_investigation", 75.0, 0), ("start_investigation", 100.0, 0), ("start_investigation", 100.0, 14400),
    ]  # fmt: skip
    assert ladder[1].notify == ("erin@acme.example",)
    assert ladder[1].escalate_to == ("cho@acme.example",)
    assert ladder[2].escalate_to == ("chair@acme.example", "audit@acme.example")


def test_a_reply_starts_no_clocks_but_those_of_rules(with_rules, decided):
    ruleset = with_rules("- {id: a, phase: assess, when: {mentions: [gizmo]}, then: {sla: serious}}")
    assert decided(ruleset, "{text: hello, follow_up_of: {category: leave}}").deadlines == ()
    found = due(decided(ruleset, "{text: gizmo, follow_up_of: {category: leave}}"))
    assert set(found) == {"acknowledge", "start_investigation"}


@pytest.mark.parametrize(("old", "new", "words"), [
    ("acknowledge: 7 days", "acknowledge: 7 dogs", '"7 dogs" is no time'),
    ("acknowledge: 7 days", "acknowledge: 0 days", "can never be met"),
    ("2 working days of office", "2 working days", "working time is written"),
    ("2 working days of office", "2 working days of offfice", 'unknown calendar "offfice"; did you mean "office"?'),
    ("2 working days of office", "2 working days of payrol", 'did you mean "payroll"?'),
    ("next cutoff of payroll", "next cutoff of office", "has no cutoffs"),
    ("3 months after acknowledge", "3 months after acknowlege", '"after acknowlege" needs a clock of this SLA'),
    ("{at: 75%, notify: owner}", "{at: soon, notify: owner}", '"soon" is no point in time'),
    ("{at: 75%, notify: owner}", "{at: 75%, of: resolve, notify: owner}", 'SLA serious has no clock "resolve"'),
    ("{at: 75%, notify: owner}", "{at: 75%}", "this step tells nobody"),
    ('"09:00-12:30"', '"9-12"', '"9-12" is no shift'),
    ("GB-ENG", "GB-ENGLAND", 'no holidays are known for "GB-ENGLAND"'),
    ("monthly on 20", "monthly on the ides", "is no cutoff"),
])  # fmt: skip
def test_times_that_nobody_can_keep_are_refused(small, old, new, words):
    with pytest.raises(rules_invalid(), match="error") as caught:
        rules.load(small.replace(old, new))
    assert words in str(caught.value)


def rules_invalid():
    from rules.language.problems import RulesetInvalid

    return RulesetInvalid


ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20260304
SUMMARY:Party
END:VEVENT
END:VCALENDAR
"""


def test_holidays_may_be_the_text_of_an_ics_file(small):
    block = "".join(f"      {line}\n" for line in ICS.splitlines())
    text = small.replace(
        'office: {hours: {mon-fri: ["09:00-12:30", "13:30-17:30"]}, holidays: GB-ENG}',
        f'office:\n    hours: {{mon-fri: ["09:00-17:30"]}}\n    holidays: |\n{block}',
    )
    assert date(2026, 3, 4) in rules.load(text).calendars["office"].holidays


def test_an_ics_file_by_name_would_change_a_version_in_force(small):
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(small.replace("holidays: GB-ENG", "holidays: days.ics"))
    assert "heed rules dates days.ics" in str(caught.value)


def test_the_dates_of_an_ics_file_as_a_line_to_paste(tmp_path):
    (tmp_path / "days.ics").write_text(ICS)
    found = CliRunner().invoke(main, ["rules", "dates", str(tmp_path / "days.ics"), "--from", "2026"])
    assert found.output == "holidays: [2026-03-04]\n"
    none = CliRunner().invoke(main, ["rules", "dates", str(tmp_path / "days.ics"), "--from", "2030"])
    assert (none.exit_code, "no whole days off from 2030" in none.output) == (1, True)
