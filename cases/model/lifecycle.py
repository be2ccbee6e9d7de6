"""The life of a case as one state machine: which status may follow which, and with what outcomes a case may close."""

from enum import StrEnum

from cases.errors import Refused
from cases.model.words import Status

_ENDINGS = frozenset({Status.RESOLVED, Status.CLOSED, Status.MERGED, Status.WITHDRAWN})
_AT_WORK = frozenset(
    {
        Status.IN_PROGRESS,
        Status.INVESTIGATING,
        Status.WAITING_FOR_EMPLOYEE,
        Status.WAITING_FOR_THIRD_PARTY,
    }
)
_NEXT = _AT_WORK | _ENDINGS

MOVES: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.TRIAGED, Status.ASSIGNED, Status.MERGED, Status.WITHDRAWN}),
    Status.TRIAGED: _NEXT | {Status.ASSIGNED},
    Status.ASSIGNED: _NEXT,
    **{status: _NEXT - {status} for status in _AT_WORK},
    Status.RESOLVED: frozenset({Status.CLOSED, Status.REOPENED}),
    Status.CLOSED: frozenset({Status.REOPENED}),
    Status.REOPENED: _NEXT | {Status.ASSIGNED},
    Status.MERGED: frozenset(),
    Status.WITHDRAWN: frozenset({Status.REOPENED}),
}
"""Every legal move. A merged case lives on in another and moves no more."""

AT_WORK = tuple(status for status in Status if status in _AT_WORK)
"""What whoever works on a case may set by hand, in the order of a case's life."""
ENDED = frozenset({Status.CLOSED, Status.MERGED, Status.WITHDRAWN})
"""Nobody owes anybody anything any more."""
OPEN = tuple(status.value for status in Status if status not in ENDED)
"""What the record calls the statuses of a case that has not ended."""
FRESH = frozenset({Status.RECEIVED, Status.TRIAGED, Status.ASSIGNED, Status.REOPENED})
"""Nobody has begun; the first answer begins."""


class Outcome(StrEnum):
    """How a case ended. The second four are findings of an investigation."""

    ANSWERED = "answered"
    DONE = "done"
    DECLINED = "declined"
    NO_ACTION = "no_action"
    SUBSTANTIATED = "substantiated"
    PARTLY_SUBSTANTIATED = "partly_substantiated"
    NOT_SUBSTANTIATED = "not_substantiated"
    INCONCLUSIVE = "inconclusive"
    DUPLICATE = "duplicate"
    SPAM = "spam"


def may_move(now: Status, to: Status) -> bool:
    """Whether a case in status `now` may be set to `to`."""
    return to in MOVES[now]


def moved(now: Status, to: Status) -> Status:
    """The status after the move. Raises `Refused` for one that is not in `MOVES`: the one place that says no."""
    if not may_move(now, to):
        raise Refused(f"a case that is {in_words(now)} cannot become {in_words(to)}")
    return to


def in_words(status: Status | Outcome) -> str:
    """A status or outcome as people say it."""
    return status.value.replace("_", " ")
