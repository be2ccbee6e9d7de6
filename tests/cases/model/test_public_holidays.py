"""Holidays by code, and from calendar files as programs write them."""

from datetime import date

import pytest

from cases.errors import Refused
from cases.model.calendars import holidays_for, holidays_from_ics


def file_of(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for number, event in enumerate(events):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{number if 'RECURRENCE-ID' not in event else 0}@test",
            *event.split("\n"),
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def test_regions_differ():
    assert date(2026, 4, 6) in holidays_for("GB-ENG", [2026])  # Easter Monday
    assert date(2026, 4, 6) not in holidays_for("GB-SCT", [2026])
    assert date(2026, 1, 6) in holidays_for("de-by", [2026])  # Epiphany, in Bavaria
    assert date(2026, 1, 6) not in holidays_for("DE", [2026])


def test_a_holiday_on_a_weekend_brings_its_substitute():
    assert date(2021, 12, 27) in holidays_for("GB-ENG", [2021])


def test_only_the_years_asked_for():
    assert {day.year for day in holidays_for("FR", [2024, 2026])} == {2024, 2026}
    assert holidays_for("FR", []) == frozenset()


@pytest.mark.parametrize(("code", "hint"), [("GB-EGN", "GB-ENG"), ("", "like"), ("DE-Bayern", "DE-BY"), ("FRX", "FR")])
def test_unknown_codes_are_refused_with_a_suggestion(code, hint):
    with pytest.raises(Refused, match=hint):
        holidays_for(code, [2026])


def test_all_day_events_count_in_every_form():
    text = file_of(
        "DTSTART;VALUE=DATE:20260102",
        "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227",
        "DTSTART;VALUE=DATE:20260301\nDURATION:P2D",
        "DTSTART:20260401T000000\nDTEND:20260402T000000",
        "DTSTART:20260501T120000\nDTEND:20260501T170000",
        "DTSTART;VALUE=DATE:20260601\nSTATUS:CANCELLED",
        "DTSTART;VALUE=DATE:20250601",
    )
    assert holidays_from_ics(text, [2026]) == {
        date(2026, 1, 2), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26), date(2026, 3, 1),
        date(2026, 3, 2), date(2026, 4, 1),
    }  # fmt: skip


def test_repeated_events_keep_their_exceptions():
    text = file_of(
        "DTSTART;VALUE=DATE:20200505\nRRULE:FREQ=YEARLY;UNTIL=20270101T000000Z\nEXDATE;VALUE=DATE:20250505",
        "DTSTART;VALUE=DATE:20240612\nRDATE;VALUE=DATE:20240613,20260614",
        "DTSTART;VALUE=DATE:20260507\nRECURRENCE-ID;VALUE=DATE:20260505",
    )
    assert holidays_from_ics(text, range(2024, 2029)) == {
        date(2024, 5, 5), date(2026, 5, 7), date(2024, 6, 12), date(2024, 6, 13), date(2026, 6, 14),
    }  # fmt: skip


@pytest.mark.parametrize("text", [
    "", "not a calendar", "BEGIN:VCALENDAR", file_of("SUMMARY:no start"), "x" * 2_000_001,
    file_of("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY"),
    file_of("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:30260101"),
    file_of("DTSTART;VALUE=DATE:20261301"),
    file_of("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYWEEKNO=x"),
])  # fmt: skip
def test_files_that_are_no_holiday_list_are_refused(text):
    with pytest.raises(Refused):
        holidays_from_ics(text, [2026])


def test_a_rule_that_no_date_fits_ends():
    text = file_of("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    assert holidays_from_ics(text, [2026]) == {date(2026, 1, 1)}
