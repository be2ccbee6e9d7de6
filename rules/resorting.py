"""What a case is promised when a person gives it another category: that category's deadlines and ladder."""

from datetime import datetime

from cases.model.decision import Deadline, Decision, Rung, Where
from rules.deadlines import ACKNOWLEDGE, deadlines_from
from rules.ladder_times import timed
from rules.ruleset import Ruleset

BY_SUBMISSION = "senders_manager"
"""Whom only the submission tells: a person who sorts anew names nobody by it."""


def promised_in(
    ruleset: Ruleset, category: str, was: str, decision: Decision | None, received_at: datetime
) -> tuple[tuple[Deadline, ...], tuple[Rung, ...]]:
    """Deadlines and ladder of a case that is of `category` from now on and was of `was`.

    They count from receipt, as if it had been sorted so at first. What rules added beyond the category's SLA stays; where the
    decision cannot be opened only the category counts.
    """
    found = ruleset.categories.get(ruleset.current_name(category))
    if found is None:
        return (), ()
    before = ruleset.categories.get(ruleset.current_name(was))
    added = {one.sla for one in decision.deadlines} if decision else set()
    names = (
        found.sla,
        *sorted(one for one in added - {before.sla if before else "", found.sla} if one in ruleset.slas),
    )
    where = decision.where if decision else Where()
    deadlines = deadlines_from(ruleset, names, where, received_at, bool(decision and decision.acknowledgement))
    return deadlines, timed(ruleset, _ladder(ruleset, names), deadlines)


def _ladder(ruleset: Ruleset, slas: tuple[str, ...]) -> tuple[Rung, ...]:
    """The steps by the names that the ruleset gives: who they are is asked when they come."""
    rungs: dict[Rung, None] = {}
    for name in slas:
        kinds = list(dict(ruleset.slas[name].commitments))
        watched = [kind for kind in kinds if kind != ACKNOWLEDGE] or kinds
        for step in ruleset.escalation.get(name, ()):
            percent, offset = step.at
            notify, escalate = (
                tuple(one for one in names if one != BY_SUBMISSION) for names in (step.notify, step.escalate_to)
            )
            for kind in (step.of,) if step.of else watched:
                rung = Rung(kind, percent, int(offset.total_seconds()), (), (), notify, escalate)
                rungs[rung] = None
    return tuple(rungs)
