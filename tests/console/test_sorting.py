"""A case that is sorted anew has other deadlines, by events, and keeps the time that it was paused."""

from dataclasses import replace
from functools import partial

import pytest
from heedtest.offices import Office
from sqlalchemy import update

from cases.errors import Refused
from cases.handling.sorting import set_category
from cases.model.words import Access, Status
from cases.store import tables
from cases.store.clocks import status_changed
from cases.store.engine import reading, writing
from classifier.text import kept_words
from rules import load
from rules.resorting import promised_in


def due(office: Office, reference: str) -> dict[str, object]:
    with reading(office.desk.record) as connection:
        query = tables.clock.select().where(tables.clock.c.case_id == office.row(reference).id)
        return {row.kind: row for row in connection.execute(query)}


def sort(office: Office, reference: str, category: str, access: Access = Access.MANAGED) -> None:
    ruleset = load(office.rules)
    with writing(office.desk.record) as connection:
        hand = replace(office.hand("lena@acme.example"), now=office.clock[0])
        promised = partial(promised_in, ruleset, category)
        set_category(
            connection, reference, hand, category, access, ruleset.categories.keys(), kept_words, promised=promised,
            ruleset=ruleset.hash,
        )  # fmt: skip


def test_sorted_anew_the_deadlines_move_keep_their_pauses_and_say_so(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing.")
    with writing(office.desk.record) as connection:
        connection.execute(
            update(tables.clock).where(tables.clock.c.kind == "resolve").values(pause_while="waiting_for_employee")
        )
        status_changed(connection, office.row(reference).id, Status.WAITING_FOR_EMPLOYEE, office.clock[0], "test")
    office.pass_time(days=2)
    with writing(office.desk.record) as connection:
        status_changed(connection, office.row(reference).id, Status.IN_PROGRESS, office.clock[0], "test")
    before = due(office, reference)
    assert "start_investigation" not in before
    sort(office, reference, "harassment")
    after = due(office, reference)
    assert set(after) > {"start_investigation", "feedback"}
    assert after["resolve"].sla == "grave"
    assert after["resolve"].pauses == before["resolve"].pauses != ""
    assert (after["resolve"].due_at - after["resolve"].started_at).days == 90 + 2
    moved = [data for verb, _, data in office.events(reference) if verb == "deadline.moved"]
    assert {one["clock"] for one in moved} >= {"resolve"}
    added = [data["clock"] for verb, _, data in office.events(reference) if verb == "deadline.added"]
    assert {"start_investigation", "feedback"} <= set(added)


def test_sorted_back_what_the_new_sla_does_not_promise_ends(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing.")
    sort(office, reference, "harassment")
    sort(office, reference, "payroll")
    assert office.clocks(reference)["start_investigation"] == "cancelled"


def test_an_unknown_category_moves_nothing(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing.")
    before = due(office, reference)
    with pytest.raises(Refused, match="no category"):
        sort(office, reference, "nonsense")
    assert due(office, reference) == before
