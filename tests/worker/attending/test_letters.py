"""Letters that nobody wrote by hand: progress, asking again, a warned closing, one survey; each when it is true."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from heedtest.clockwork import Clockwork
from heedtest.worker import mail, rows
from sqlalchemy import update

from cases.audit.trail import NewEvent, append
from cases.model.words import Status
from cases.store import clocks, outbox, rulesets, tables
from cases.store.engine import writing
from rules import load

SAM = "sam@acme.example"


@pytest.fixture
def desk(office):
    """The office with every reminder on, a public site, and one acknowledged case."""
    organisation = office.shop.settings.organisation.model_copy(update={"public_url": "https://speak.acme.example"})
    office.shop.settings = office.shop.settings.model_copy(update={"organisation": organisation})
    office.clockwork = Clockwork(office.shop)
    office.deliver(mail(subject="My payslip", text="My overtime is missing."))
    office.triage()
    office.pass_time(seconds=10)
    office.clockwork.run()
    return office


def case(office):
    return rows(office.shop.record, tables.case)[0]


def set_status(office, to: Status, verb: str = "status.changed", **values: object) -> None:
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).values(**({"status": to.value} | values)))
        clocks.status_changed(connection, case(office).id, to, office.clock[0], verb)
        append(connection, [NewEvent(case(office).id, verb, "pia@acme.example", office.clock[0], {"to": to.value})])


def days(office, number: float) -> list[str]:
    """Let time pass in steps of half a day; the subjects of what the employee was sent, and to whom of staff, in order."""
    got = []
    for _ in range(round(number * 2)):
        office.pass_time(hours=12)
        sent = [one.content for one in office.clockwork.run() if one.to == SAM]
        got += [message_from_bytes(content, policy=policy.default) for content in sent]
    return got


def text(message) -> str:
    return message.get_body(("plain",)).get_content()


def test_an_employee_hears_how_things_stand_and_the_lead_first_where_nothing_moved(desk) -> None:
    assert days(desk, 6.5) == []
    (progress,) = days(desk, 2)
    assert "your message reached HR" in text(progress)
    assert "https://speak.acme.example/s/" in text(progress)
    verbs = [row.verb for row in rows(desk.shop.record, tables.event)]
    assert verbs.count("progress.told") == 1
    assert any(row.key.startswith("stalled:") for row in rows(desk.shop.record, tables.outbox))
    set_status(desk, Status.IN_PROGRESS)
    (again,) = days(desk, 8.5)
    assert "HR has worked on it" in text(again)
    assert "answers you" in text(again)


def test_who_is_waited_for_is_asked_again_warned_and_then_the_case_is_closed(desk) -> None:
    set_status(desk, Status.WAITING_FOR_EMPLOYEE)
    got = days(desk, 13.5)
    assert ["waiting for your answer" in text(one).lower() or "have not heard" in text(one) for one in got] == [
        True,
        True,
    ]
    assert case(desk).status == "waiting_for_employee"
    days(desk, 3)
    assert (case(desk).status, case(desk).outcome) == ("closed", "no_action")
    states = {row.kind: row.state for row in rows(desk.shop.record, tables.clock)}
    assert states["resolve"] == "cancelled"


@pytest.mark.parametrize("values", [{"risk": "high"}, {"access": "restricted"}, {"legal_hold": True}])
def test_what_matters_much_is_never_closed_by_itself(desk, values: dict[str, object]) -> None:
    set_status(desk, Status.WAITING_FOR_EMPLOYEE, **values)
    days(desk, 30)
    assert case(desk).status == "waiting_for_employee"


def test_high_is_high_in_the_middle_of_five_levels_too(desk) -> None:
    """Closing, withdrawing and outside teams went by the place in the list, all else by the name."""
    four, five = "risk_levels: [low, moderate, high, critical]", "risk_levels: [low, moderate, high, severe, critical]"
    with writing(desk.shop.record) as connection:
        text = rulesets.published(connection) or ""
        assert four in text
        text = text.replace(four, five)
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=desk.clock[0])
    set_status(desk, Status.WAITING_FOR_EMPLOYEE, risk="high")
    days(desk, 20)
    assert case(desk).status == "waiting_for_employee"


def test_an_answer_stops_the_closing(desk) -> None:
    set_status(desk, Status.WAITING_FOR_EMPLOYEE)
    days(desk, 13)
    set_status(desk, Status.IN_PROGRESS)
    days(desk, 5)
    assert case(desk).status == "in_progress"


def closings(office) -> list[tuple[str, int]]:
    return [(one.state, one.attempts) for one in rows(office.shop.record, tables.outbox) if "close" in one.key]


def test_who_cannot_be_warned_is_not_closed_upon_and_nothing_is_blocked_for_it(desk) -> None:
    set_status(desk, Status.WAITING_FOR_EMPLOYEE, undeliverable=True)
    days(desk, 40)
    assert case(desk).status == "waiting_for_employee"
    assert {one.state for one in rows(desk.shop.record, tables.outbox)} == {"done"}


def test_a_warning_that_comes_back_closes_nothing(desk) -> None:
    set_status(desk, Status.WAITING_FOR_EMPLOYEE)
    days(desk, 12)
    assert closings(desk) == [("pending", 0)]
    with writing(desk.shop.record) as connection:
        connection.execute(update(tables.case).values(undeliverable=True))
    days(desk, 10)
    assert (case(desk).status, closings(desk)) == ("waiting_for_employee", [("done", 1)])


def test_a_closing_waits_however_long_its_warning_takes_to_leave(desk) -> None:
    """Three days in all were given; a mail relay that is down, or quiet hours, had the closing blocked."""
    set_status(desk, Status.WAITING_FOR_EMPLOYEE)
    days(desk, 11.5)
    desk.pass_time(hours=12)
    desk.clockwork.look()
    with writing(desk.shop.record) as connection:
        ids = outbox.lease_due(connection, batch="w", now=desk.clock[0], seconds=1, most=9, urgent=False)["attend"]
    desk.clockwork.jobs["attend"]("w", ids)
    with writing(desk.shop.record) as connection:
        late = update(tables.outbox).where(tables.outbox.c.key.like("letter:closing:%"))
        assert connection.execute(late.values(due_at=desk.clock[0] + timedelta(days=10))).rowcount == 1
    assert "we close it on" in text(days(desk, 12.5)[-1])
    assert (case(desk).status, closings(desk)) == ("waiting_for_employee", [("pending", 0)])
    days(desk, 1)
    assert (case(desk).status, closings(desk)) == ("closed", [("done", 1)])


def test_a_closed_case_is_asked_about_once_in_its_life(desk) -> None:
    set_status(desk, Status.CLOSED, "case.closed", closed_at=desk.clock[0], outcome="answered")
    (survey,) = days(desk, 3)
    assert "how it went" in text(survey)
    assert survey["Auto-Submitted"] == "auto-replied"
    set_status(desk, Status.REOPENED, "case.reopened", closed_at=None)
    set_status(desk, Status.CLOSED, "case.closed", closed_at=desk.clock[0])
    assert days(desk, 5) == []


@pytest.mark.parametrize(
    "values", [{"status": "withdrawn"}, {"access": "sealed"}, {"outcome": "spam"}, {"undeliverable": True}]
)
def test_nobody_is_asked_who_should_not_be(desk, values: dict[str, object]) -> None:
    set_status(desk, Status.CLOSED, "case.closed", **({"closed_at": desk.clock[0], "outcome": "answered"} | values))
    with writing(desk.shop.record) as connection:
        connection.execute(update(tables.case).values(**values))
    assert days(desk, 4) == []


def test_a_case_without_owner_is_brought_up_and_then_again_to_the_guardian(desk) -> None:
    with writing(desk.shop.record) as connection:
        connection.execute(update(tables.case).values(owner=""))
    desk.pass_time(minutes=70)
    desk.clockwork.run()
    desk.pass_time(minutes=2)
    assert [one.to for one in desk.clockwork.run()] == ["lena@acme.example"]
    desk.pass_time(days=1)
    sent = desk.clockwork.run()
    desk.pass_time(minutes=2)
    assert "chair@acme.example" in {one.to for one in sent + desk.clockwork.run()}
    assert desk.clock[0] - rows(desk.shop.record, tables.case)[0].opened_at < timedelta(days=2)


def test_what_is_written_back_to_a_survey_is_a_message_like_any_other(desk) -> None:
    set_status(desk, Status.CLOSED, "case.closed", closed_at=desk.clock[0], outcome="answered")
    (survey,) = days(desk, 3)
    back = mail(text="It took far too long, and Omar was rude.", reply_to=str(survey["Message-ID"]))
    desk.deliver(back, to=(survey["Reply-To"].addresses[0].addr_spec,))
    desk.triage()
    found = rows(desk.shop.record, tables.message)
    assert [(row.case_id, row.direction) for row in found] == [(case(desk).id, "inbound")] * 2
    assert case(desk).status != "closed"  # words want to be read, also those of who is unhappy with the end
