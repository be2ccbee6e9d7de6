"""The life of a case: every pair of statuses, legal or refused, and what every move leads to."""

from itertools import product

import pytest

from cases.errors import Refused
from cases.joining import WAKES
from cases.model.lifecycle import AT_WORK, ENDED, FRESH, MOVES, in_words, may_move, moved
from cases.model.words import Status

LEGAL = {
    "received": "triaged assigned merged withdrawn",
    "triaged": "assigned in_progress investigating waiting_for_employee waiting_for_third_party resolved closed merged withdrawn",
    "assigned": "in_progress investigating waiting_for_employee waiting_for_third_party resolved closed merged withdrawn",
    "in_progress": "investigating waiting_for_employee waiting_for_third_party resolved closed merged withdrawn",
    "investigating": "in_progress waiting_for_employee waiting_for_third_party resolved closed merged withdrawn",
    "waiting_for_employee": "in_progress investigating waiting_for_third_party resolved closed merged withdrawn",
    "waiting_for_third_party": "in_progress investigating waiting_for_employee resolved closed merged withdrawn",
    "resolved": "closed reopened",
    "closed": "reopened",
    "reopened": (
        "assigned in_progress investigating waiting_for_employee waiting_for_third_party resolved closed merged withdrawn"
    ),
    "merged": "",
    "withdrawn": "reopened",
}


def test_the_table_names_every_status() -> None:
    assert set(MOVES) == set(Status)
    assert {Status(name) for name in LEGAL} == set(Status)


@pytest.mark.parametrize(("now", "to"), list(product(Status, Status)))
def test_every_pair(now: Status, to: Status) -> None:
    legal = to.value in LEGAL[now.value].split()
    assert may_move(now, to) is legal
    if legal:
        assert moved(now, to) is to
    else:
        with pytest.raises(Refused, match=in_words(to)):
            moved(now, to)


def test_every_open_case_can_end_and_every_ended_one_but_merged_can_come_back() -> None:
    for status in set(Status) - ENDED - {Status.RECEIVED, Status.RESOLVED}:
        assert may_move(status, Status.CLOSED)
    for status in ENDED - {Status.MERGED}:
        assert may_move(status, Status.REOPENED)


def test_what_a_reporters_words_do_is_legal() -> None:
    for now, to in WAKES.items():
        assert may_move(Status(now), Status(to))


def test_work_begins_from_every_fresh_status_but_the_very_first() -> None:
    for status in FRESH - {Status.RECEIVED}:
        assert all(may_move(status, to) for to in AT_WORK)
