"""Reads the calendars section into working calendars, each with its variations by country, site or organisation."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from cases.errors import Refused
from cases.model.calendars import Calendar, holidays_for
from cases.model.hours import read_week
from cases.model.public_holidays import holidays_from_ics
from rules.language.reader import Reader
from rules.language.sections import CALENDAR
from rules.language.tree import Node
from rules.ruleset import Variation

YEARS = range(2020, 2051)
"""Years whose holidays are known to a ruleset: fixed, so that the same text gives the same deadlines for ever."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@lru_cache(maxsize=64)
def _holidays(code: str) -> frozenset[date]:
    return holidays_for(code, YEARS)


@lru_cache(maxsize=16)
def _from_ics(text: str) -> frozenset[date]:
    return holidays_from_ics(text, YEARS)


def read_calendars(
    section: Node | None, reader: Reader
) -> tuple[Mapping[str, Calendar], Mapping[str, tuple[Variation, ...]]]:
    """Calendars by name, and for each its variations as (where, calendar)."""
    raw: dict[str, dict[str, Any]] = {}
    nodes: dict[str, Node] = {}
    for key, value in section.pairs if section else ():
        reader.where = f"calendar {key.value}"
        read = CALENDAR.read(value, reader)
        if read is not None:
            raw[str(key.value)], nodes[str(key.value)] = read, value
    calendars: dict[str, Calendar] = {}
    variations: dict[str, tuple[Variation, ...]] = {}
    for name, values in raw.items():
        reader.where = f"calendar {name}"
        whole = _inherited(name, raw, reader, nodes[name])
        built = _build(name, whole, reader, nodes[name])
        if built is not None:
            calendars[name] = built
        varied = []
        for variation in values.get("vary", ()):
            other = _build(name, whole | dict(variation.values), reader, nodes[name])
            if other is not None:
                varied.append(Variation(variation.country, variation.site, variation.organisation, (("", other),)))
        variations[name] = tuple(varied)
    reader.where = ""
    return calendars, variations


def _inherited(name: str, raw: dict[str, dict[str, Any]], reader: Reader, node: Node) -> dict[str, Any]:
    """What is said of this calendar and, where it says nothing, of those it names."""
    values: dict[str, Any] = {}
    seen: list[str] = []
    current: str | None = name
    while current is not None and current in raw:
        if current in seen:
            reader.error(node, f"the calendars {' → '.join([*seen, current])} name one another in a circle")
            break
        seen.append(current)
        values = {key: value for key, value in raw[current].items() if key != "vary"} | values
        current = raw[current].get("calendar")
    return values


def _days_off(entry: str) -> frozenset[date]:
    """The days that one entry of `holidays:` names: a date, the text of an iCalendar file, or a country or region.

    A file's name is refused: another file of the same name would change deadlines of a version that is in force.
    """
    if _DATE.fullmatch(entry):
        return frozenset({date.fromisoformat(entry)})
    if entry.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return _from_ics(entry)
    if entry.lower().endswith(".ics"):
        raise Refused(
            f"holidays are kept in the ruleset: `heed rules dates {entry}` prints those of the file as a line to paste"
        )
    return _holidays(entry)


def _build(name: str, values: dict[str, Any], reader: Reader, node: Node) -> Calendar | None:
    try:
        days: set[date] = set()
        for entry in values.get("holidays", ()):
            days |= _days_off(entry)
        hours = read_week(dict(values.get("hours", ())))
        return Calendar(name, values.get("zone", reader.zone), hours, frozenset(days), values.get("cutoffs"))
    except (Refused, ValueError) as wrong:
        key = "zone" if "time zone" in str(wrong) else "holidays" if "holiday" in str(wrong) else "hours"
        reader.error(node.get(key) or node, str(wrong))
        return None
