"""Spans and calendars against a slow oracle that looks at every minute, and the choices by name."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused
from cases.model.calendars import (
    Calendar,
    Elapsed,
    Months,
    NextCutoff,
    Working,
    add_working,
    due,
    next_cutoff,
    working_between,
)
from cases.model.hours import Cutoff, Otherwise, Shift, read_cutoff, read_days, read_shift, read_week

MINUTE = timedelta(minutes=1)
ZONES = [
    "UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu",
    "America/Havana", "Pacific/Apia", "Antarctica/Troll",
]  # fmt: skip
# Days around changes of offset, a leap day, a year's end, and the date Samoa skipped.
MOMENTS = [
    datetime(2024, 2, 27, tzinfo=UTC), datetime(2024, 3, 9, tzinfo=UTC), datetime(2024, 3, 30, tzinfo=UTC),
    datetime(2024, 4, 6, tzinfo=UTC), datetime(2024, 10, 5, tzinfo=UTC), datetime(2024, 10, 26, tzinfo=UTC),
    datetime(2024, 11, 2, tzinfo=UTC), datetime(2025, 12, 30, tzinfo=UTC), datetime(2011, 12, 29, tzinfo=UTC),
    datetime(2023, 3, 18, tzinfo=UTC), datetime(2023, 4, 22, tzinfo=UTC),
]  # fmt: skip
OFFICE_WEEK = read_week({"mon-fri": ["09:00-12:30", "13:30-17:30"]})
OFFICE = Calendar("office", "Europe/London", OFFICE_WEEK, frozenset({date(2024, 12, 25), date(2024, 12, 26)}))
CALENDARS = {"office": OFFICE}


def london(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


@st.composite
def shifts_of_a_day(draw):
    edges = draw(st.sets(st.one_of(st.sampled_from([0, 60, 120, 150, 180, 1440]), st.integers(0, 1440)), max_size=6))
    ordered = sorted(edges)
    return tuple(Shift(start, end) for start, end in zip(ordered[::2], ordered[1::2], strict=False))


moments = st.builds(lambda base, minutes: base + minutes * MINUTE, st.sampled_from(MOMENTS), st.integers(0, 4000))


@st.composite
def calendars(draw):
    zone = draw(st.sampled_from(ZONES))
    week = tuple(draw(st.lists(shifts_of_a_day(), min_size=7, max_size=7)))
    days = st.builds(
        lambda base, more: (base + timedelta(days=more)).date(), st.sampled_from(MOMENTS), st.integers(0, 9)
    )
    return Calendar("any", zone, week, draw(st.frozensets(days, max_size=6)))


def open_at(moment, calendar):
    """The definition itself: is the clock on the wall inside a shift of that date?"""
    local = moment.astimezone(ZoneInfo(calendar.zone))
    if local.date() in calendar.holidays:
        return False
    minute = local.hour * 60 + local.minute
    return any(shift.start <= minute < shift.end for shift in calendar.hours[local.weekday()])


def slow_working(start, end, calendar):
    total, moment = 0, start
    while moment < end:
        total += open_at(moment, calendar)
        moment += MINUTE
    return total * MINUTE


def slow_add(start, minutes, calendar, most=8_000):
    moment = start
    for _ in range(most):
        minutes -= open_at(moment, calendar)
        moment += MINUTE
        if not minutes:
            return moment
    return None


def slow_days(start, days, calendar, most=8_000):
    zone = ZoneInfo(calendar.zone)
    first, moment, seen, last = start.astimezone(zone).date(), start, [], None
    for _ in range(most):
        day = moment.astimezone(zone).date()
        if day > first and open_at(moment, calendar):
            if day not in seen:
                if len(seen) == days:
                    return last
                seen.append(day)
            last = moment + MINUTE
        moment += MINUTE
    return None


@given(calendars(), moments, st.integers(0, 5000))
def test_working_time_is_what_the_wall_clock_counts(calendar, start, minutes):
    end = start + minutes * MINUTE
    assert working_between(start, end, calendar) == slow_working(start, end, calendar)
    assert working_between(end, start, calendar) == -slow_working(start, end, calendar)


@given(calendars(), moments, st.integers(1, 1500))
def test_working_hours_end_where_the_wall_clock_has_counted_them(calendar, start, minutes):
    expected = slow_add(start, minutes, calendar)
    if expected is not None:
        assert due(Working(minutes * MINUTE, None, "any"), start, {"any": calendar}) == expected


@given(calendars(), moments, st.integers(1, 3))
def test_working_days_end_with_the_last_working_minute_of_the_day(calendar, start, days):
    expected = slow_days(start, days, calendar)
    if expected is not None:
        assert due(Working(None, days, "any"), start, {"any": calendar}) == expected


@given(calendars(), moments, moments, moments)
def test_working_time_adds_up(calendar, a, b, c):
    assert working_between(a, b, calendar) + working_between(b, c, calendar) == working_between(a, c, calendar)


@given(calendars(), moments, st.timedeltas(timedelta(microseconds=1), timedelta(hours=30)))
def test_adding_is_the_least_that_suffices(calendar, start, amount):
    try:
        end = add_working(start, amount, calendar)
    except Refused:
        assert not any(calendar.hours)
        return
    assert working_between(start, end, calendar) == amount
    assert working_between(start, end - timedelta(microseconds=1), calendar) < amount


@given(calendars(), st.integers(2000, 2030), moments)
def test_a_timeline_widened_later_says_the_same(calendar, year, start):
    fresh = Calendar(calendar.name, calendar.zone, calendar.hours, calendar.holidays)
    calendar.timeline(year, year)
    end = start + timedelta(days=3)
    assert working_between(start, end, calendar) == working_between(start, end, fresh)


def slow_cutoff(start, calendar):
    """Every nominal day from 40 days before, moved one day at a time."""
    cutoff, zone = calendar.cutoff, ZoneInfo(calendar.zone)
    day = start.astimezone(zone).date() - timedelta(days=70)
    for _ in range(500):
        day += timedelta(days=1)
        following = day + timedelta(days=1)
        if cutoff.weeks:
            nominal = (day - cutoff.first).days % (7 * cutoff.weeks) == 0
        else:
            nominal = day.day == cutoff.day or (day.day < cutoff.day and following.month != day.month)
        if not nominal:
            continue
        moved, step = day, {Otherwise.WORKING_DAY_BEFORE: -1, Otherwise.WORKING_DAY_AFTER: 1}.get(cutoff.otherwise)
        while step and (moved in calendar.holidays or not calendar.hours[moved.weekday()]):
            moved += timedelta(days=step)
        shifts = calendar.hours[moved.weekday()] if moved not in calendar.holidays else ()
        minute = cutoff.minute if cutoff.minute is not None else shifts[-1].end if shifts else 1440
        instant = datetime(moved.year, moved.month, moved.day, tzinfo=zone) + timedelta(minutes=minute)
        if instant.astimezone(UTC) > start:
            return instant.astimezone(UTC)
    raise AssertionError("no cutoff")


cutoffs = st.one_of(
    st.builds(Cutoff, st.integers(1, 31), st.sampled_from(Otherwise), st.one_of(st.none(), st.just(720))),
    st.builds(
        Cutoff, st.just(31), st.sampled_from(Otherwise), st.none(), st.integers(1, 4),
        st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    ),
)  # fmt: skip


@given(cutoffs, moments, st.frozensets(st.dates(date(2024, 2, 1), date(2024, 12, 31)), max_size=60))
def test_cutoffs_are_those_found_day_by_day(cutoff, start, holidays):
    calendar = Calendar("payroll", "Europe/London", OFFICE_WEEK, holidays, cutoff)
    assert next_cutoff(start, calendar) == slow_cutoff(start, calendar)


def test_before_on_and_after_a_cutoff():
    payroll = Calendar("payroll", "Europe/London", OFFICE_WEEK, cutoff=read_cutoff("monthly on 20"))
    edge = london(2024, 6, 20, 17, 30)
    span, named = NextCutoff("payroll"), {"payroll": payroll}
    assert due(span, edge - timedelta(microseconds=1), named) == edge
    assert due(span, edge, named) == london(2024, 7, 19, 17, 30)  # 20 July is a Saturday
    assert due(span, edge + timedelta(seconds=1), named) == london(2024, 7, 19, 17, 30)


def test_a_cutoff_on_the_last_day_follows_the_month():
    payroll = Calendar("payroll", "Europe/London", OFFICE_WEEK, cutoff=Cutoff(31, Otherwise.SAME_DAY, 720))
    assert next_cutoff(london(2024, 2, 1), payroll) == london(2024, 2, 29, 12)
    assert next_cutoff(london(2024, 4, 1), payroll) == london(2024, 4, 30, 12)


def test_elapsed_hours_are_real_hours_over_a_change_of_summer_time():
    assert due(Elapsed(timedelta(hours=24)), london(2024, 3, 30, 9), {}) == london(2024, 3, 31, 10)


def test_the_day_of_receipt_does_not_count():
    span = Working(None, 2, "office")
    for hour in (0, 9, 12, 23):
        assert due(span, london(2024, 6, 3, hour), CALENDARS) == london(2024, 6, 5, 17, 30)
    assert due(span, london(2024, 6, 8, 12), CALENDARS) == london(2024, 6, 11, 17, 30)  # received on a Saturday


def test_holidays_and_the_weekend_do_not_count():
    assert due(Working(None, 1, "office"), london(2024, 12, 24, 10), CALENDARS) == london(2024, 12, 27, 17, 30)
    assert due(Working(timedelta(hours=9), None, "office"), london(2024, 12, 24, 17), CALENDARS) == london(
        2024, 12, 30, 10
    )


def test_a_deadline_at_the_end_of_a_shift_is_that_end():
    assert due(Working(timedelta(hours=3), None, "office"), london(2024, 6, 3, 9, 30), CALENDARS) == london(
        2024, 6, 3, 12, 30
    )


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ((2024, 1, 31, 10), 1, (2024, 2, 29, 10)),
        ((2023, 1, 31, 10), 1, (2023, 2, 28, 10)),
        ((2024, 2, 29, 10), 12, (2025, 2, 28, 10)),
        ((2024, 11, 30, 10), 3, (2025, 2, 28, 10)),
        ((2024, 2, 29, 0), 3, (2024, 5, 29, 0)),
        ((2024, 1, 31, 1, 30), 2, (2024, 3, 31, 2, 30)),  # 01:30 is skipped on that day
    ],
)
def test_months_keep_the_local_day_and_time(start, count, end):
    assert due(Months(count, "Europe/London"), london(*start), {}) == london(*end)


def test_months_into_a_repeated_hour_take_the_first():
    assert due(Months(1, "Europe/London"), london(2024, 9, 27, 1, 30), {}) == london(2024, 10, 27, 1, 30)
    twice = london(2024, 10, 27, 1, 30) + timedelta(hours=1)
    assert due(Months(1, "Europe/London"), twice, {}) == london(2024, 11, 27, 1, 30)


@given(moments, st.integers(0, 40), st.sampled_from(ZONES))
def test_months_are_counted_and_clamped(start, count, zone):
    before = start.astimezone(ZoneInfo(zone))
    after = due(Months(count, zone), start, {}).astimezone(ZoneInfo(zone))
    assert (after.year * 12 + after.month) - (before.year * 12 + before.month) == count
    assert after.day == before.day or (after + timedelta(days=1)).day == 1
    assert after.day <= before.day


def test_what_cannot_be_answered_is_refused():
    closed = Calendar("closed", "UTC", ((),) * 7)
    now = london(2024, 6, 3, 9)
    with pytest.raises(Refused, match="no calendar"):
        due(Working(None, 1, "missing"), now, CALENDARS)
    with pytest.raises(Refused, match="no cutoffs"):
        due(NextCutoff("office"), now, CALENDARS)
    for span in (Working(None, 1, "closed"), Working(timedelta(hours=1), None, "closed")):
        with pytest.raises(Refused, match="no working time"):
            due(span, now, {"closed": closed})
    with pytest.raises(Refused, match="no working time"):
        next_cutoff(now, Calendar("closed", "UTC", ((),) * 7, cutoff=Cutoff(20)))
    with pytest.raises(Refused, match="no time zone"):
        Calendar("office", "Europe/Londn", OFFICE_WEEK)
    with pytest.raises(Refused, match="overlap"):
        Calendar("office", "UTC", ((Shift(0, 60), Shift(30, 90)), *((),) * 6))
    with pytest.raises(Refused, match="all seven days"):
        Calendar("office", "UTC", ())
    with pytest.raises(Refused, match="hours or days"):
        Working(None, None, "office")
    with pytest.raises(ValueError, match="time zone"):
        due(Elapsed(timedelta(hours=1)), datetime(2024, 6, 3), {})  # noqa: DTZ001


def test_a_calendar_knows_whether_it_is_open():
    assert OFFICE.working_at(london(2024, 6, 3, 9))
    assert not OFFICE.working_at(london(2024, 6, 3, 12, 30))
    assert not OFFICE.working_at(london(2024, 12, 25, 10))


def test_a_calendar_is_a_value():
    twin = Calendar("office", "Europe/London", OFFICE_WEEK, OFFICE.holidays)
    OFFICE.timeline(2024, 2024)
    assert twin == OFFICE
    assert hash(twin) == hash(OFFICE)


def test_hours_are_read_as_people_write_them():
    assert read_shift("9:00 - 12:30") == Shift(540, 750)
    assert read_shift("22:00-24:00") == Shift(1320, 1440)
    assert read_days("fri-mon") == (4, 5, 6, 0)
    assert read_days("Mon, wed-Thursday") == (0, 2, 3)
    assert read_week({"mon": ["13:00-14:00", "09:00-10:00"]})[0] == (Shift(540, 600), Shift(780, 840))


@pytest.mark.parametrize(
    "text", ["9-12", "12:00-09:00", "22:00-06:00", "09:60-10:00", "25:00-26:00", "", "24:01-24:02"]
)
def test_hours_that_are_none_are_refused(text):
    with pytest.raises(Refused):
        read_shift(text)


@pytest.mark.parametrize("text", ["m", "mo", "-tue", "xyz", "mon-fri, fri"])
def test_days_that_are_none_are_refused(text):
    with pytest.raises(Refused):
        read_week({text: ["09:00-10:00"]})


def test_cutoffs_are_read_as_people_write_them():
    assert read_cutoff("monthly on 20, else the working day before") == Cutoff(20)
    assert read_cutoff("Monthly on the 5th at 12:00 else the same day") == Cutoff(5, Otherwise.SAME_DAY, 720)
    assert read_cutoff("monthly on last day, else the working day after") == Cutoff(31, Otherwise.WORKING_DAY_AFTER)
    assert read_cutoff("every 2 weeks from 2026-01-02") == Cutoff(weeks=2, first=date(2026, 1, 2))
    assert read_cutoff("every week from 2026-01-02 at 17:30").minute == 1050


@pytest.mark.parametrize("text", [
    "", "monthly", "monthly on 32", "monthly on 0", "monthly on 20 or so", "every 0 weeks from 2026-01-02",
    "every 2 weeks from 2026-13-02", "monthly on 20 at 24:00", "monthly on 20, else tomorrow",
])  # fmt: skip
def test_cutoffs_that_are_none_are_refused(text):
    with pytest.raises(Refused):
        read_cutoff(text)
