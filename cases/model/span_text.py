"""A span as one short line of text and back, exactly, so that a stored clock can be recalculated."""

import re
from datetime import timedelta

from cases.errors import Refused
from cases.model.calendars import Elapsed, Months, NextCutoff, Span, Working

_FORM = re.compile(
    r"elapsed (?P<elapsed>-?\d+)us"
    r"|working (?P<hours>\d+)us of (?P<of_hours>.+)"
    r"|working (?P<days>\d+) days of (?P<of_days>.+)"
    r"|(?P<months>-?\d+) months in (?P<zone>.+)"
    r"|next cutoff of (?P<cutoff>.+)",
    re.DOTALL,
)
_MICROSECOND = timedelta(microseconds=1)


def write_span(span: Span) -> str:
    """The text of a span, such as `working 2 days of office`; durations in microseconds."""
    match span:
        case Elapsed(duration):
            return f"elapsed {duration // _MICROSECOND}us"
        case Working(None, days, calendar):
            return f"working {days} days of {calendar}"
        case Working(hours, _, calendar):
            return f"working {(hours or timedelta()) // _MICROSECOND}us of {calendar}"
        case Months(count, zone):
            return f"{count} months in {zone}"
        case NextCutoff(calendar):
            return f"next cutoff of {calendar}"


def read_span(text: str) -> Span:
    """The span that `write_span` wrote. Raises Refused for anything else."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise Refused("a stored deadline has a span that cannot be read")
    if found["elapsed"]:
        return Elapsed(int(found["elapsed"]) * _MICROSECOND)
    if found["hours"]:
        return Working(int(found["hours"]) * _MICROSECOND, None, found["of_hours"])
    if found["days"]:
        return Working(None, int(found["days"]), found["of_days"])
    if found["months"]:
        return Months(int(found["months"]), found["zone"])
    return NextCutoff(found["cutoff"])
