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
    by_id = {one.id: one.calendar for one in kept_calendars(ruleset)}
    watched = {}
    for one in deadlines:
        if one.starts is not None:
            calendar = by_id.get(one.calendar)
            clock = Clock(one.kind, read_span(one.span), one.starts, one.due)
            watched[one.kind] = (clock, {calendar.name: calendar} if calendar else {})
    found = ((rung, *watched[rung.clock]) for rung in ladder if rung.clock in watched)
    return tuple(replace(rung, at=rung_moment(clock, rung, calendars)) for rung, clock, calendars in found)
