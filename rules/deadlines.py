"""Deadlines of a case and the escalation ladder that watches them: of each kind of clock the earliest counts."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from cases.model.calendars import Calendar, due
from cases.model.decision import Deadline, Rung, Where
from cases.model.span_text import write_span
from cases.model.words import Channel, ClockKind
from rules.assign import Assignment, Roster, where_of
from rules.effects import Effects
from rules.exclusion import Exclusions
from rules.facts import Facts
from rules.kept_calendars import id_for
from rules.ruleset import Category, Commitment, Ruleset

ACKNOWLEDGE = str(ClockKind.ACKNOWLEDGE)


def slas_of(effects: Effects, category: Category) -> tuple[str, ...]:
    """The category's SLA, then those that rules added."""
    return tuple(dict.fromkeys((category.sla, *effects.slas)))


def deadlines_of(facts: Facts, effects: Effects, category: Category, acknowledgement: str) -> tuple[Deadline, ...]:
    """Every clock to start. A reply starts none but those of rules that add an SLA: the case has its own already."""
    names = tuple(effects.slas) if facts.context.follow_up_of else slas_of(effects, category)
    return deadlines_from(facts.ruleset, names, where_of(facts, category.team), received(facts), bool(acknowledgement))


def deadlines_from(
    ruleset: Ruleset, slas: Iterable[str], where: Where, start: datetime, acknowledged: bool
) -> tuple[Deadline, ...]:
    """The clocks that these SLAs start there, each once with its earliest end, in the order in which they end.

    `acknowledged` tells whether an acknowledgement goes out at the start.
    """
    calendars = ruleset.calendars_in(where)
    earliest: dict[str, Deadline] = {}
    for name in slas:
        commitments = ruleset.commitments_in(name, where)
        for kind, commitment in commitments.items():
            starts = _starts(kind, commitments, start, calendars, acknowledged)
            span = commitment.promise.span
            calendar = calendars.get(getattr(span, "calendar", ""))
            found = Deadline(kind, due(span, starts, calendars), name, commitment.pause_while, starts,
                             write_span(span), id_for(ruleset, span, calendar))  # fmt: skip
            if kind not in earliest or found.due < earliest[kind].due:
                earliest[kind] = found
    return tuple(sorted(earliest.values(), key=lambda deadline: (deadline.due, deadline.kind)))


def received(facts: Facts) -> datetime:
    """From when deadlines count: receipt, however long it waited; of an anonymous report the day of it."""
    at = facts.context.received_at
    if at is None:
        return facts.now
    anonymous = facts.submission.channel is Channel.ANONYMOUS
    return at.replace(hour=0, minute=0, second=0, microsecond=0) if anonymous else at


def _starts(
    kind: str,
    commitments: Mapping[str, Commitment],
    now: datetime,
    calendars: Mapping[str, Calendar],
    acknowledged: bool,
) -> datetime:
    """When a clock begins to count: at receipt, or at the end of another clock.

    After the acknowledgement counts from now where one goes out at once, else from its deadline (Directive (EU)
    2019/1937, article 9(1)(f): from the acknowledgement or, without one, from the end of the seven days).
    """
    after = commitments[kind].promise.after
    if not after or (after == ACKNOWLEDGE and acknowledged):
        return now
    return due(commitments[after].promise.span, _starts(after, commitments, now, calendars, acknowledged), calendars)


def ladder_of(
    facts: Facts, effects: Effects, category: Category, exclusions: Exclusions, assignment: Assignment
) -> tuple[Rung, ...]:
    """Every step of the ladders of the case's SLAs, for each clock it watches, with people resolved and nobody excluded."""
    roster = Roster(facts, exclusions)
    roster.team, roster.owner = assignment.team, assignment.owner
    rungs: dict[Rung, None] = {}
    for name in slas_of(effects, category):
        kinds = list(dict(facts.ruleset.slas[name].commitments))
        watched = [kind for kind in kinds if kind != ACKNOWLEDGE] or kinds
        for step in facts.ruleset.escalation.get(name, ()):
            percent, offset = step.at
            notify = _all(roster, step.notify)
            escalate = _all(roster, step.escalate_to)
            for kind in (step.of,) if step.of else watched:
                rungs[Rung(kind, percent, int(offset.total_seconds()), notify, escalate,
                           _named(roster, step.notify), _named(roster, step.escalate_to))] = None  # fmt: skip
    return tuple(rungs)


def _named(roster: Roster, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names as they stand in the ruleset; the sender's manager, whom only this submission tells, by address."""
    return tuple(one for name in names for one in (roster.stand_for(name) if name == "senders_manager" else (name,)))


def _all(roster: Roster, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for name in names for address in roster.stand_for(name)))
