"""Times as people write them: "24 hours", "2 working days of office", "3 months after acknowledge"."""

import re
from dataclasses import dataclass
from datetime import timedelta

from cases.errors import Refused
from cases.model.calendars import Elapsed, Months, NextCutoff, Span, Working
from rules.language.problems import did_you_mean
from rules.language.reader import Reader

_UNITS = {
    "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1),
}  # fmt: skip
_SPAN = re.compile(
    r"(?P<count>\d{1,5}) +(?P<working>working +)?(?P<unit>minute|hour|day|week|month|year)s?"
    r"( +of +(?P<calendar>[\w-]+))?( +after +(?P<after>\w+))?"
)
_CUTOFF = re.compile(r"next cutoff of +(?P<calendar>[\w-]+)")
_RUNG = re.compile(r"(?P<percent>\d{1,3}) ?%( *\+ *(?P<offset>.+))?")

LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Promise:
    """A span of an SLA, from receipt or from the end of another clock (`after`)."""

    span: Span
    after: str = ""
    written: str = ""


def read_promise(text: str, reader: Reader) -> Promise:
    """The span of an SLA as written. Raises Refused; an unknown calendar is refused too."""
    words = " ".join(text.split())
    cutoff = _CUTOFF.fullmatch(words)
    if cutoff:
        return Promise(NextCutoff(_calendar(cutoff["calendar"], reader)), written=words)
    found = _SPAN.fullmatch(words)
    if not found:
        raise Refused(f'"{text}" is no time; write "24 hours", "2 working days of office" or "next cutoff of payroll"')
    return Promise(_span(found, reader), found["after"] or "", words)


def _span(found: re.Match[str], reader: Reader) -> Span:
    count, unit, calendar = int(found["count"]), found["unit"], found["calendar"]
    if count == 0:
        raise Refused("a time of 0 can never be met")
    if found["working"]:
        if unit not in {"hour", "day", "minute"} or not calendar:
            raise Refused('working time is written "4 working hours of CALENDAR" or "2 working days of CALENDAR"')
        name = _calendar(calendar, reader)
        return Working(None, count, name) if unit == "day" else Working(count * _UNITS[unit], None, name)
    if calendar:
        raise Refused(f'"of {calendar}" goes with working days or hours: "{count} working {unit}s of {calendar}"')
    if unit in {"month", "year"}:
        return Months(count * (12 if unit == "year" else 1), reader.zone)
    return Elapsed(read_duration(f"{count} {unit}s"))


def _calendar(name: str, reader: Reader) -> str:
    known = reader.names.get("calendars", {})
    reader.used["calendars"].add(name)
    if name not in known:
        raise Refused(f'unknown calendar "{name}"; {did_you_mean(name, known) or "name it under calendars:"}')
    return name


def read_duration(text: str) -> timedelta:
    """Plain time: minutes, hours, days, weeks; months are 30 days and years 365. Raises Refused."""
    found = _SPAN.fullmatch(" ".join(text.split()))
    if not found or found["working"] or found["calendar"] or found["after"]:
        raise Refused(f'"{text}" is no time; write it like "90 days" or "4 hours"')
    days = {"month": 30, "year": 365}.get(found["unit"])
    length = int(found["count"]) * (timedelta(days=days) if days else _UNITS[found["unit"]])
    if length > LONGEST and found["unit"] not in {"year", "month"}:
        raise Refused(f'"{text}" is longer than ten years')
    return length


def read_rung(text: str) -> tuple[float, timedelta]:
    """When a step of a ladder comes: share of the clock in percent, plus an offset. Raises Refused."""
    found = _RUNG.fullmatch(" ".join(text.split()))
    if not found or not 0 < int(found["percent"]) <= 500:
        raise Refused(f'"{text}" is no point in time of a clock; write "75%" or "100% + 4 hours"')
    return float(found["percent"]), read_duration(found["offset"]) if found["offset"] else timedelta()
