"""When each step of a case's ladder comes: shares of working time where the clock counts working time."""

from collections.abc import Iterable
from dataclasses import replace

from cases.model.clocks import Clock, rung_moment
from cases.model.decision import Deadline, Rung
from cases.model.span_text import read_span
from rules.kept_calendars import kept_calendars
from rules.ruleset import Ruleset


def timed(ruleset: Ruleset, ladder: Iterable[Rung], deadlines: Iterable[Deadline]) -> tuple[Rung, ...]:
    """The steps that watch one of the deadlines, each with its moment."""
    clocks = {one.kind: one for one in deadlines if one.starts}
    by_id = {one.id: one.calendar for one in kept_calendars(ruleset)}
    found = []
    for rung in ladder:
        deadline = clocks.get(rung.clock)
        if deadline is None or deadline.starts is None:
            continue
        calendar = by_id.get(deadline.calendar)
        clock = Clock(rung.clock, read_span(deadline.span), deadline.starts, deadline.due)
        found.append(replace(rung, at=rung_moment(clock, rung, {calendar.name: calendar} if calendar else {})))
    return tuple(found)
