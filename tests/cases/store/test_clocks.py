"""Stored clocks: they pause and go on, start again, move with their SLA and their calendar, and count what truly happened."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from heedtest.side_by_side import side_by_side
from sqlalchemy import Engine, select, update

from cases.audit.trail import NewEvent, append
from cases.model.calendar_text import kept, read_calendar, write_calendar
from cases.model.calendars import Calendar, Elapsed, Working, due
from cases.model.decision import Deadline, Rung
from cases.model.hours import Cutoff, read_week
from cases.model.span_text import write_span
from cases.model.words import Status
from cases.opening import add_clocks
from cases.promising import promise_anew
from cases.store import clocks, tables
from cases.store.clock_rows import keep_calendars
from cases.store.engine import reading, writing
from cases.store.rows import Rows
from cases.store.tick import tick

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)  # 09:00 in London
OFFICE = Calendar("office", "Europe/London", read_week({"mon-fri": ["09:00-17:00"]}), frozenset(), Cutoff(20))
KEPT = kept(OFFICE)
CASE = "c" * 32
TWO_DAYS = Working(timedelta(hours=16), None, "office")


def deadline(kind: str, span=TWO_DAYS, pause_while: str = "waiting_for_employee") -> Deadline:
    calendar = KEPT.id if isinstance(span, Working) else ""
    at = due(span, MONDAY, {"office": OFFICE})
    return Deadline(kind, at, "routine", pause_while, MONDAY, write_span(span), calendar)


@pytest.fixture
def case(record: Engine) -> str:
    return open_case(record)


def open_case(record: Engine) -> str:
    """An open case with two clocks and a ladder on one of them."""
    rows = Rows()
    add_case(rows)
    ladder = (
        Rung("resolve", 50, 0, (), (), ("owner",), (), MONDAY + 8 * HOUR),
        Rung("resolve", 100, 3600, (), (), (), ("guardian",), MONDAY + 33 * HOUR),
    )
    add_clocks(rows, (deadline("resolve"), deadline("first_response", Elapsed(24 * HOUR), "")), ladder, CASE, MONDAY)
    with writing(record) as connection:
        keep_calendars(connection, [KEPT])
        keep_calendars(connection, [KEPT])
        rows.write(connection)
    return CASE


def add_case(rows: Rows, case_id: str = CASE, **values: object) -> None:
    row = {
        "id": case_id, "reference": f"HR{case_id[:10]}", "envelope_id": case_id, "channel": "mail", "category": "payroll",
        "risk": "low", "access": "managed", "status": "assigned", "team": "payroll", "owner": "pia@acme.example",
        "backup": "", "language": "en", "tags": "", "legal_hold": False, "sender_hash": "", "likeness": "",
        "received_at": MONDAY, "opened_at": MONDAY, "ruleset": "r", "model": "m", "engine": "e", "public_key": b"p",
        "decision": b"d",
    }  # fmt: skip
    rows.add(tables.case, **row | values)


def found(record: Engine, kind: str = "resolve"):
    with reading(record) as connection:
        return connection.execute(select(tables.clock).where(tables.clock.c.kind == kind)).one()


def rungs(record: Engine) -> list[tuple[str, datetime]]:
    with reading(record) as connection:
        rows = connection.execute(select(tables.rung.c.state, tables.rung.c.at).order_by(tables.rung.c.number))
        return [tuple(row) for row in rows]


def status(record: Engine, to: Status, at: datetime, by: str = "message.received") -> None:
    with writing(record) as connection:
        clocks.status_changed(connection, CASE, to, at, by)


@pytest.mark.parametrize("met_first", [True, False])
def test_a_deadline_that_two_find_missed_at_once_is_missed_once(opened: tuple[Engine, Engine], met_first: bool) -> None:
    _, record = opened
    open_case(record)
    with writing(record) as connection:
        append(connection, [NewEvent(CASE, "case.opened", "triage", MONDAY, {})])
    late = MONDAY + 25 * HOUR
    acts = (lambda c: clocks.meet(c, [CASE], ["first_response"], late), lambda c: tick(c, late))
    side_by_side(record, *(acts if met_first else reversed(acts)))
    with reading(record) as connection:
        events = connection.execute(select(tables.event.c.verb)).scalars().all()
    assert sorted(events) == ["case.opened", "deadline.missed"]
    assert (found(record, "first_response").state, found(record, "first_response").ended_at) == ("missed", late)


def test_a_clock_pauses_while_it_waits_and_goes_on_with_the_time_that_was_left(record: Engine, case: str) -> None:
    status(record, Status.WAITING_FOR_EMPLOYEE, MONDAY + 2 * HOUR)
    paused = found(record)
    assert (paused.state, paused.paused_at) == ("paused", MONDAY + 2 * HOUR)
    assert [state for state, _ in rungs(record)] == ["held", "held"]
    thursday = datetime(2026, 6, 4, 8, tzinfo=UTC)
    status(record, Status.IN_PROGRESS, thursday)
    running = found(record)
    assert (running.state, running.paused_at) == ("running", None)
    assert running.due_at == thursday + (24 + 6) * HOUR  # eight hours on Thursday, six on Friday
    assert "message.received" in running.pauses
    assert rungs(record) == [("waiting", thursday + 6 * HOUR), ("waiting", thursday + 31 * HOUR)]


def test_a_clock_that_pauses_for_nothing_goes_on(record: Engine, case: str) -> None:
    status(record, Status.WAITING_FOR_EMPLOYEE, MONDAY + 2 * HOUR)
    assert found(record, "first_response").state == "running"


def test_what_happens_while_it_is_paused_meets_it_and_ends_the_pause(record: Engine, case: str) -> None:
    status(record, Status.WAITING_FOR_EMPLOYEE, MONDAY + 2 * HOUR)
    with writing(record) as connection:
        clocks.meet(connection, [CASE], ["resolve"], MONDAY + 900 * HOUR, by="status.changed")
    met = found(record)
    assert (met.state, met.ended_by, met.paused_at) == ("met", "status.changed", None)
    assert (MONDAY + 900 * HOUR).isoformat() in met.pauses


def test_a_reopened_case_has_its_deadlines_again_and_its_ladder(record: Engine, case: str) -> None:
    with writing(record) as connection:
        connection.execute(update(tables.rung).values(state="fired"))
        clocks.meet(connection, [CASE], ["resolve"], MONDAY + HOUR, by="closed")
        clocks.cancel_rest(connection, CASE, MONDAY + HOUR)
    assert found(record, "first_response").state == "cancelled"
    status(record, Status.REOPENED, MONDAY + 24 * HOUR)
    again = found(record)
    assert (again.state, again.turn, again.ended_at, again.pauses) == ("running", 2, None, "")
    assert again.due_at == MONDAY + (24 + 32) * HOUR
    assert [state for state, _ in rungs(record)] == ["waiting", "waiting"]


def test_an_acknowledgement_that_was_given_is_not_asked_for_again(record: Engine, case: str) -> None:
    with writing(record) as connection:
        connection.execute(update(tables.clock).values(kind="acknowledge"))
        clocks.meet(connection, [CASE], ["acknowledge"], MONDAY, by="x")
    status(record, Status.REOPENED, MONDAY + HOUR)
    with reading(record) as connection:
        assert {row.state for row in connection.execute(select(tables.clock))} == {"met"}


def test_a_mail_that_comes_back_meets_nothing(record: Engine, case: str) -> None:
    with writing(record) as connection:
        clocks.meet_by_mail(connection, {"e" * 32: CASE}, ["first_response"], MONDAY + HOUR)
    assert found(record, "first_response").state == "met"
    with writing(record) as connection:
        assert clocks.came_back(connection, CASE, "f" * 32, MONDAY + 2 * HOUR) == ()
        assert clocks.came_back(connection, CASE, "e" * 32, MONDAY + 2 * HOUR) == ("first_response",)
    again = found(record, "first_response")
    assert (again.state, again.ended_at, again.due_at) == ("running", None, MONDAY + 24 * HOUR)


def test_another_sla_keeps_start_and_paused_time_and_is_written_down(record: Engine, case: str) -> None:
    status(record, Status.WAITING_FOR_EMPLOYEE, MONDAY + 2 * HOUR)
    status(record, Status.IN_PROGRESS, MONDAY + 5 * HOUR)
    with writing(record) as connection:
        new = replace(deadline("resolve", Elapsed(10 * HOUR)), sla="serious")
        more = clocks.change_sla(
            connection, CASE, (new, deadline("feedback")), MONDAY + 6 * HOUR, by="lena@acme.example"
        )
        events = [row.verb for row in connection.execute(select(tables.event))]
    moved = found(record)
    assert (moved.due_at, moved.sla, moved.started_at) == (MONDAY + 13 * HOUR, "serious", MONDAY)
    assert more == ("feedback",)
    assert found(record, "first_response").state == "cancelled"
    assert events == ["deadline.moved"]


def test_a_rule_that_adds_an_sla_makes_nothing_later(record: Engine, case: str) -> None:
    with writing(record) as connection:
        slow, fast = deadline("resolve", Elapsed(1000 * HOUR)), deadline("first_response", Elapsed(4 * HOUR))
        clocks.change_sla(connection, CASE, (slow, fast), MONDAY + HOUR, by="triage", tighten=True)
    assert found(record).due_at == deadline("resolve").due
    assert found(record, "first_response").due_at == MONDAY + 4 * HOUR


def test_a_holiday_added_to_the_calendar_moves_open_clocks_and_says_so(record: Engine, case: str) -> None:
    edited = kept(replace(OFFICE, holidays=frozenset({date(2026, 6, 2)})))
    with writing(record) as connection:
        keep_calendars(connection, [edited])
        last = clocks.recalculate(connection, [edited], "", 100, MONDAY + HOUR)
        assert clocks.recalculate(connection, [edited], last, 100, MONDAY + HOUR) == ""
        assert [row.verb for row in connection.execute(select(tables.event))] == ["deadline.moved"]
    assert found(record).due_at == deadline("resolve").due + 24 * HOUR
    assert rungs(record)[1][1] == MONDAY + 57 * HOUR


def test_what_begins_again_counts_in_the_calendar_of_today(record: Engine, case: str) -> None:
    """A simulated year found it: a day off that was added while a case was closed did not count when it was reopened."""
    edited = kept(replace(OFFICE, holidays=frozenset({date(2026, 6, 3)})))
    with writing(record) as connection:
        clocks.meet_by_mail(connection, {"e" * 32: CASE}, ["resolve"], MONDAY + HOUR)
        keep_calendars(connection, [edited])
        clocks.recalculate(connection, [edited], "", 100, MONDAY + HOUR)
        assert clocks.came_back(connection, CASE, "e" * 32, MONDAY + 2 * HOUR) == ("resolve",)
    assert found(record).due_at == deadline("resolve").due  # Tuesday evening, before the day off
    with writing(record) as connection:
        clocks.cancel_rest(connection, CASE, MONDAY + 3 * HOUR)
    status(record, Status.REOPENED, MONDAY + 24 * HOUR)
    assert found(record).due_at == MONDAY + (24 + 24 + 32) * HOUR
    with writing(record) as connection:  # and back to the version before
        clocks.cancel_rest(connection, CASE, MONDAY + 25 * HOUR)
        clocks.recalculate(connection, [KEPT], "", 100, MONDAY + 25 * HOUR)
    status(record, Status.REOPENED, MONDAY + 24 * HOUR)
    assert found(record).due_at == MONDAY + (24 + 32) * HOUR


def test_a_calendar_is_read_as_it_was_written() -> None:
    for calendar in (OFFICE, replace(OFFICE, holidays=frozenset({date(2026, 12, 25)}), cutoff=None)):
        assert read_calendar(write_calendar(calendar)) == calendar
    assert kept(OFFICE).id != kept(OFFICE, "DE").id


def test_a_clock_stored_before_spans_were_counts_real_time(record: Engine, case: str) -> None:
    with writing(record) as connection:
        connection.execute(update(tables.clock).values(span="", calendar=""))
    status(record, Status.WAITING_FOR_EMPLOYEE, MONDAY + HOUR)
    status(record, Status.IN_PROGRESS, MONDAY + 11 * HOUR)
    assert found(record).due_at == deadline("resolve").due + 10 * HOUR


def test_a_deadline_that_has_passed_is_missed_whatever_is_asked_of_it(record: Engine, case: str) -> None:
    status(record, Status.WAITING_FOR_EMPLOYEE, MONDAY + 200 * HOUR)
    assert found(record).state == "missed"
    with writing(record) as connection:
        clocks.meet(connection, [CASE], ["resolve"], MONDAY + 201 * HOUR, by="late")
    assert (found(record).state, found(record).ended_at) == ("missed", MONDAY + 201 * HOUR)


def test_what_an_sla_without_it_had_ended_counts_again_when_it_is_promised_again(record: Engine, case: str) -> None:
    first = replace(deadline("first_response", Elapsed(24 * HOUR), ""), sla="routine")
    with writing(record) as connection:
        clocks.change_sla(connection, CASE, (deadline("resolve"),), MONDAY + HOUR, by="lena@acme.example")
        clocks.cancel_rest(connection, CASE, MONDAY + 2 * HOUR)
    status(record, Status.REOPENED, MONDAY + 3 * HOUR)
    assert found(record, "first_response").state == "cancelled"  # reopening brings back what the case is promised
    with writing(record) as connection:
        both = (deadline("resolve"), first)
        assert clocks.change_sla(connection, CASE, both, MONDAY + 4 * HOUR, by="lena@acme.example") == ()
    again = found(record, "first_response")
    assert (again.state, again.ended_by, again.due_at) == ("running", "", MONDAY + 24 * HOUR)


def test_a_clock_that_waits_goes_on_under_an_sla_that_does_not(record: Engine, case: str) -> None:
    """Else a deadline could pass in silence: nobody is told of a clock that stands still."""
    with writing(record) as connection:
        connection.execute(update(tables.case).values(status="waiting_for_employee"))
    status(record, Status.WAITING_FOR_EMPLOYEE, MONDAY + 2 * HOUR)
    with writing(record) as connection:
        new = (replace(deadline("resolve", pause_while=""), sla="pay"), deadline("feedback"))
        promise_anew(connection, CASE, new, (), MONDAY + 5 * HOUR, by="lena@acme.example")
    assert (found(record).state, found(record).due_at) == ("running", MONDAY + 51 * HOUR)
    assert found(record, "feedback").state == "paused"  # and what is new waits with the case
