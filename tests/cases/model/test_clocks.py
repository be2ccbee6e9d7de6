"""Clocks against a minute-by-minute count, and each move by name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused
from cases.model import clocks
from cases.model.calendars import Calendar, Elapsed, Months, NextCutoff, Working, working_between
from cases.model.clocks import Clock
from cases.model.decision import Rung
from cases.model.hours import Cutoff, Otherwise, read_week
from cases.model.span_text import read_span, write_span
from cases.model.words import ClockState

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WEEK = read_week({"mon-fri": ["09:00-12:30", "13:30-17:30"]})
OFFICE = Calendar("office", "Europe/London", WEEK, frozenset({date(2024, 4, 1)}), Cutoff(20))
CALENDARS = {"office": OFFICE}
MONDAY = datetime(2024, 6, 3, 8, tzinfo=UTC)  # 09:00 in London
DAY = Elapsed(timedelta(hours=24))
EIGHT_HOURS = Working(timedelta(hours=8), None, "office")


def started(span=DAY, at=MONDAY):
    return clocks.start("acknowledge", span, at, CALENDARS, sla="routine")


def test_a_deadline_met_at_its_very_instant_is_met_and_a_microsecond_later_missed():
    clock = started()
    assert clocks.meet(clock, clock.due, "message.sent").state is ClockState.MET
    late = clocks.meet(clock, clock.due + timedelta(microseconds=1), "message.sent")
    assert late.state is ClockState.MISSED
    assert late.ended == clock.due
    assert late.fulfilled == clock.due + timedelta(microseconds=1)


def test_23_59_is_met_and_24_01_is_missed():
    assert clocks.meet(started(), MONDAY + 24 * HOUR - MINUTE, "x").state is ClockState.MET
    assert clocks.meet(started(), MONDAY + 24 * HOUR + MINUTE, "x").state is ClockState.MISSED


def test_the_tick_misses_only_what_is_overdue_and_only_once():
    clock = started()
    assert clocks.miss(clock, clock.due) is clock
    missed = clocks.miss(clock, clock.due + MINUTE)
    assert (missed.state, missed.ended) == (ClockState.MISSED, clock.due)
    assert clocks.miss(missed, clock.due + 5 * MINUTE) is missed


def test_a_missed_clock_records_when_it_was_fulfilled_once():
    missed = clocks.miss(started(), MONDAY + 30 * HOUR)
    first = clocks.meet(missed, MONDAY + 31 * HOUR, "message.sent")
    assert clocks.meet(first, MONDAY + 32 * HOUR, "message.sent") == first
    assert first.fulfilled == MONDAY + 31 * HOUR


def test_pausing_cannot_hide_a_missed_deadline():
    clock = started()
    assert clocks.pause(clock, clock.due + MINUTE, "waiting_for_employee").state is ClockState.MISSED
    assert clocks.cancel(clock, clock.due + MINUTE, "withdrawn").state is ClockState.MISSED
    changed = clocks.change_sla(clock, Elapsed(48 * HOUR), "slow", clock.due + MINUTE, CALENDARS)
    assert (changed.state, changed.sla) == (ClockState.MISSED, "routine")


def test_a_pause_says_why_and_what_ended_it_and_moves_real_time_by_its_length():
    paused = clocks.pause(started(), MONDAY + 10 * HOUR, "waiting_for_employee")
    assert paused.state is ClockState.PAUSED
    assert clocks.pause(paused, MONDAY + 11 * HOUR, "again") is paused
    assert not clocks.overdue(paused, MONDAY + 1000 * HOUR)
    resumed = clocks.resume(paused, MONDAY + 100 * HOUR, "message.received", CALENDARS)
    assert resumed.due == MONDAY + 114 * HOUR
    assert (resumed.pauses[0].reason, resumed.pauses[0].ended_by) == ("waiting_for_employee", "message.received")
    assert clocks.resume(resumed, MONDAY + 101 * HOUR, "again", CALENDARS) is resumed


def test_working_hours_left_at_the_pause_are_left_after_it():
    clock = started(EIGHT_HOURS)  # due Tuesday 09:30
    paused = clocks.pause(clock, MONDAY + 2 * HOUR, "waiting_for_employee")
    friday_evening = datetime(2024, 6, 7, 16, 30, tzinfo=UTC)
    resumed = clocks.resume(paused, friday_evening, "message.received", CALENDARS)
    assert working_between(friday_evening, resumed.due, OFFICE) == 6 * HOUR


def test_a_cutoff_does_not_wait_but_one_that_passed_gives_way_to_the_next():
    clock = started(NextCutoff("office"))
    assert clock.due == datetime(2024, 6, 20, 16, 30, tzinfo=UTC)
    paused = clocks.pause(clock, MONDAY + HOUR, "waiting_for_employee")
    assert clocks.resume(paused, MONDAY + 48 * HOUR, "x", CALENDARS).due == clock.due
    late = clocks.resume(paused, datetime(2024, 6, 21, tzinfo=UTC), "x", CALENDARS)
    assert late.due == datetime(2024, 7, 19, 16, 30, tzinfo=UTC)


def test_a_change_of_sla_keeps_start_and_paused_time():
    paused = clocks.pause(started(Elapsed(100 * HOUR)), MONDAY + 10 * HOUR, "waiting")
    resumed = clocks.resume(paused, MONDAY + 30 * HOUR, "x", CALENDARS)
    changed = clocks.change_sla(resumed, Elapsed(48 * HOUR), "serious", MONDAY + 31 * HOUR, CALENDARS)
    assert (changed.due, changed.sla, changed.state) == (MONDAY + 68 * HOUR, "serious", ClockState.RUNNING)


def test_a_change_of_sla_while_paused_moves_on_resuming():
    paused = clocks.pause(started(Elapsed(100 * HOUR)), MONDAY + 10 * HOUR, "waiting")
    changed = clocks.change_sla(paused, Elapsed(48 * HOUR), "serious", MONDAY + 20 * HOUR, CALENDARS)
    assert (changed.state, changed.due) == (ClockState.PAUSED, MONDAY + 48 * HOUR)
    assert clocks.resume(changed, MONDAY + 30 * HOUR, "x", CALENDARS).due == MONDAY + 68 * HOUR


def test_a_pause_after_the_new_deadline_moves_nothing():
    paused = clocks.pause(started(Elapsed(100 * HOUR)), MONDAY + 50 * HOUR, "waiting")
    resumed = clocks.resume(paused, MONDAY + 60 * HOUR, "x", CALENDARS)
    changed = clocks.change_sla(resumed, DAY, "urgent", MONDAY + 61 * HOUR, CALENDARS)
    assert changed.due == MONDAY + 24 * HOUR
    assert clocks.miss(changed, MONDAY + 61 * HOUR).state is ClockState.MISSED


def test_an_edited_calendar_moves_open_clocks_only():
    clock = started(EIGHT_HOURS)
    edited = {"office": replace(OFFICE, holidays=OFFICE.holidays | {date(2024, 6, 4)})}
    assert clocks.recalculate(clock, MONDAY, edited).due == clock.due + 24 * HOUR
    met = clocks.meet(clock, MONDAY + HOUR, "x")
    assert clocks.recalculate(met, MONDAY + 2 * HOUR, edited) is met


def test_a_restart_is_a_new_turn_with_no_pauses():
    paused = clocks.pause(started(), MONDAY + HOUR, "waiting")
    met = clocks.meet(paused, MONDAY + 2 * HOUR, "message.sent")
    assert met.pauses[0].until == MONDAY + 2 * HOUR
    again = clocks.restart(met, MONDAY + 500 * HOUR, CALENDARS)
    assert (again.turn, again.pauses, again.due, again.state) == (2, (), MONDAY + 524 * HOUR, ClockState.RUNNING)
    with pytest.raises(Refused, match="still counts"):
        clocks.restart(again, MONDAY + 501 * HOUR, CALENDARS)


def test_ended_clocks_refuse_what_makes_no_sense():
    met = clocks.meet(started(), MONDAY + HOUR, "x")
    cancelled = clocks.cancel(started(), MONDAY + HOUR, "withdrawn")
    assert (cancelled.state, cancelled.ended_by) == (ClockState.CANCELLED, "withdrawn")
    assert clocks.cancel(met, MONDAY + 2 * HOUR, "withdrawn") is met
    with pytest.raises(Refused, match="cancelled"):
        clocks.meet(cancelled, MONDAY + 2 * HOUR, "x")
    for move in (
        lambda: clocks.pause(met, MONDAY, "x"),
        lambda: clocks.resume(met, MONDAY, "x", CALENDARS),
        lambda: clocks.change_sla(met, DAY, "x", MONDAY, CALENDARS),
    ):
        with pytest.raises(Refused, match="is met"):
            move()


def test_clocks_of_machines_that_disagree_never_make_time_run_backwards():
    paused = clocks.pause(started(), MONDAY - 5 * MINUTE, "waiting")
    resumed = clocks.resume(paused, MONDAY - 4 * MINUTE, "x", CALENDARS)
    assert resumed.due == MONDAY + 24 * HOUR
    assert clocks.meet(resumed, MONDAY - MINUTE, "x").fulfilled == MONDAY


def test_rungs_come_at_shares_of_the_time_that_counts():
    clock = started(EIGHT_HOURS)
    assert clocks.moment_of(clock, 0, CALENDARS) == MONDAY
    assert clocks.moment_of(clock, 50, CALENDARS) == MONDAY + 5 * HOUR  # 13:30 would be 3.5 hours, so 14:00
    assert clocks.moment_of(clock, 100, CALENDARS) == clock.due
    rung = Rung("acknowledge", 100, 4 * 3600, (), ())
    assert clocks.rung_moment(clock, rung, CALENDARS) == clock.due + 4 * HOUR
    assert clocks.moment_of(started(), 75, CALENDARS) == MONDAY + 18 * HOUR
    assert clocks.moment_of(started(), 150, CALENDARS) == MONDAY + 36 * HOUR


def test_rungs_wait_with_a_paused_clock_unless_they_had_passed():
    paused = clocks.pause(started(), MONDAY + 12 * HOUR, "waiting")
    assert clocks.moment_of(paused, 25, CALENDARS) == MONDAY + 6 * HOUR
    assert clocks.moment_of(paused, 75, CALENDARS) is None
    assert clocks.moment_of(paused, 100, CALENDARS) is None
    resumed = clocks.resume(paused, MONDAY + 20 * HOUR, "x", CALENDARS)
    assert clocks.moment_of(resumed, 25, CALENDARS) == MONDAY + 6 * HOUR
    assert clocks.moment_of(resumed, 75, CALENDARS) == MONDAY + 26 * HOUR


def test_a_cutoff_with_no_working_time_left_is_shared_out_in_real_time():
    weekend = replace(OFFICE, cutoff=Cutoff(9, Otherwise.SAME_DAY, 720))
    saturday = datetime(2024, 6, 8, 11, tzinfo=UTC)
    clock = clocks.start("resolve", NextCutoff("office"), saturday, {"office": weekend})
    assert clock.due - saturday == 24 * HOUR
    assert clocks.moment_of(clock, 50, {"office": weekend}) == saturday + 12 * HOUR


def test_the_share_used_is_frozen_once_it_is_over():
    clock = started()
    assert clocks.share_used(clock, MONDAY + 6 * HOUR, CALENDARS) == 25
    assert clocks.share_used(clock, MONDAY + 36 * HOUR, CALENDARS) == 150
    met = clocks.meet(clock, MONDAY + 12 * HOUR, "x")
    assert clocks.share_used(met, MONDAY + 100 * HOUR, CALENDARS) == 50
    missed = clocks.miss(clock, MONDAY + 25 * HOUR)
    assert clocks.share_used(missed, MONDAY + 48 * HOUR, CALENDARS) == 200


@st.composite
def lives(draw):
    """A span and pauses as minutes from the start: counted, paused, counted, ..."""
    minutes = draw(st.integers(1, 1200))
    span = draw(st.sampled_from([Elapsed(minutes * MINUTE), Working(minutes * MINUTE, None, "office")]))
    at = datetime(2024, 3, 28, tzinfo=UTC) + draw(st.integers(0, 4000)) * MINUTE
    return span, minutes, at, draw(st.lists(st.tuples(st.integers(1, 900), st.integers(0, 900)), max_size=4))


@given(lives())
def test_pauses_at_any_minute_leave_the_same_time_to_count(life):
    span, minutes, at, parts = life
    clock, moment = started(span, at), at
    asleep = []
    for counted, paused in parts:
        moment += counted * MINUTE
        if clocks.overdue(clock, moment):
            break
        clock = clocks.pause(clock, moment, "waiting")
        asleep.append((moment, moment + paused * MINUTE))
        moment += paused * MINUTE
        clock = clocks.resume(clock, moment, "x", CALENDARS)
    assert clock.due == slow_due(span, minutes, at, asleep)
    assert clocks.moment_of(clock, 99.999999999, CALENDARS) <= clock.due
    assert clocks.deadline(span, at, clock.pauses, CALENDARS) == clock.due


def slow_due(span, minutes, at, asleep):
    moment = at
    while True:
        waiting = any(begin <= moment < end for begin, end in asleep)
        shut = isinstance(span, Working) and not OFFICE.working_at(moment)
        minutes -= not waiting and not shut
        moment += MINUTE
        if not minutes:
            return moment


@given(lives(), st.floats(0, 200), st.floats(0, 200))
def test_rungs_come_in_the_order_of_their_shares(life, low, high):
    span, _, at, parts = life
    clock = started(span, at)
    moment = at
    for counted, paused in parts:
        moment += counted * MINUTE
        if clocks.overdue(clock, moment):
            break
        moment += paused * MINUTE
        clock = clocks.resume(clocks.pause(clock, moment - paused * MINUTE, "x"), moment, "x", CALENDARS)
    low, high = sorted((low, high))
    first, second = clocks.moment_of(clock, low, CALENDARS), clocks.moment_of(clock, high, CALENDARS)
    assert first <= second
    if high <= 100:
        assert second <= clock.due


@given(
    st.one_of(
        st.builds(Elapsed, st.timedeltas()),
        st.builds(lambda hours, name: Working(hours, None, name), st.timedeltas(timedelta(0)), st.text(min_size=1)),
        st.builds(lambda days, name: Working(None, days, name), st.integers(1, 999), st.text(min_size=1)),
        st.builds(Months, st.integers(-99, 99), st.sampled_from(["UTC", "Europe/London"])),
        st.builds(NextCutoff, st.text(min_size=1)),
    )
)
def test_a_span_survives_as_text(span):
    assert read_span(write_span(span)) == span


def test_text_that_is_no_span_is_refused():
    with pytest.raises(Refused):
        read_span("3 fortnights")


def test_a_clock_is_a_value():
    assert started() == started()
    assert isinstance(hash(started()), int)
    assert isinstance(started(), Clock)
