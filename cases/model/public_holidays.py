"""Public holidays by country and region, or from an iCalendar file, as local dates."""

import difflib
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from cases.errors import Refused

Event = Any
"""An icalendar VEVENT: its properties come in two dozen types, checked here as they are read."""

LONGEST_HOLIDAY = 400
"""Days one entry may last; a longer one is a mistake."""

LARGEST_FILE = 2_000_000
"""Characters of an .ics file; a century of holidays has a tenth of that."""


def holidays_for(code: str, years: Iterable[int]) -> frozenset[date]:
    """Public holidays of a country or region (ISO 3166: "FR", "GB-ENG", "DE-BY") in these years, substitutes included.

    The `holidays` library is imported on the first call; it takes a while. Raises Refused for a code it does not know.
    """
    import holidays

    country, _, region = code.strip().upper().partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        raise Refused(f'no holidays are known for "{code}"{_suggestion(country, known)}')
    if region and region not in known[country]:
        raise Refused(f'no holidays are known for "{code}"{_suggestion(region, known[country], country + "-")}')
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=sorted(set(years))))


def country_called(name: str) -> str:
    """The two letters (ISO 3166-1) of the country with this English name, one near it, or three letters; "" for none."""
    from holidays.registry import COUNTRIES

    known = {key: found[1] for key, found in COUNTRIES.items()}
    known |= {found[2].casefold(): found[1] for found in COUNTRIES.values()}
    near = difflib.get_close_matches("_".join(name.casefold().split()), known, n=1, cutoff=0.8)
    return str(known[near[0]]) if near else ""


def _suggestion(wrong: str, known: Iterable[str], prefix: str = "") -> str:
    near = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.5)
    return f'; did you mean "{prefix}{near[0]}"?' if near else "; write a country or region like FR, GB-ENG or DE-BY"


def holidays_from_ics(text: str, years: Iterable[int]) -> frozenset[date]:
    """The dates of all-day events of an iCalendar file (RFC 5545) that fall in these years.

    All-day is a DATE, or a time from midnight to midnight as some programs write it; anything shorter is no day off.
    Repeated, excepted and cancelled events count as the RFC says. Raises Refused for text that is no calendar.
    """
    from icalendar import Calendar

    wanted = frozenset(years)
    if len(text) > LARGEST_FILE:
        raise Refused("the calendar file is too large to be a list of holidays")
    try:
        events: list[Event] = list(Calendar.from_ical(text).walk("VEVENT"))
        replaced = {
            (str(event.get("UID")), _day(event["RECURRENCE-ID"].dt)) for event in events if "RECURRENCE-ID" in event
        }
        return frozenset(day for event in events for day in _days_off(event, replaced, wanted) if day.year in wanted)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise Refused(f"this is no calendar file that can be read: {type(error).__name__}") from error


def _days_off(event: Event, replaced: set[tuple[str, date]], years: frozenset[int]) -> Iterator[date]:
    start = event["DTSTART"].dt
    length = _whole_days(event, start)
    if not length or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    first, uid = _day(start), str(event.get("UID"))
    begins = {first} | _listed(event, "RDATE") | set(_repeats(event, first, years))
    begins -= _listed(event, "EXDATE")
    if "RECURRENCE-ID" not in event:
        begins -= {day for owner, day in replaced if owner == uid}
    for begin in begins:
        yield from (begin + timedelta(days=step) for step in range(length))


def _whole_days(event: Event, start: date) -> int:
    """How many whole days the event takes; 0 when it is not all day."""
    end: date
    if "DTEND" in event:
        end = event["DTEND"].dt
    elif "DURATION" in event:
        end = start + event["DURATION"].dt
    else:
        return 0 if isinstance(start, datetime) else 1
    for edge in (start, end):
        if isinstance(edge, datetime) and edge.time() != time():
            return 0
    days = (_day(end) - _day(start)).days
    if days > LONGEST_HOLIDAY:
        raise Refused(f"the calendar file has a holiday of {days} days")
    return max(days, 0 if isinstance(start, datetime) else 1)


def _repeats(event: Event, first: date, years: frozenset[int]) -> Iterator[date]:
    """The dates an RRULE gives within the years."""
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    rules: Any = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if str(rule.get("FREQ", [""])[0]).upper() not in {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}:
            raise Refused("the calendar file has a holiday that repeats within a day")
        if not _fits_some_day(rule):
            continue  # looking for the 30th of February until the end of time takes seconds
        last = date(max(years, default=first.year), 12, 31)
        if "COUNT" not in rule:
            # Dates, because an UNTIL with a zone would not compare with them; never later than anyone asked.
            rule["UNTIL"] = [datetime.combine(min([last, *map(_day, rule.get("UNTIL", []))]), time())]
        for found in rrulestr(rule.to_ical().decode(), dtstart=datetime.combine(first, time())):
            if found.date() > last:
                break
            yield found.date()


def _fits_some_day(rule: Any) -> bool:
    """Whether any of the rule's months has any of its days, in a leap year at least."""
    months, days = rule.get("BYMONTH") or range(1, 13), rule.get("BYMONTHDAY", [])
    longest = max((monthrange(2000, int(month))[1] for month in months if 1 <= int(month) <= 12), default=31)
    return not days or any(abs(int(day)) <= longest for day in days)


def _listed(event: Event, name: str) -> set[date]:
    """The dates of an RDATE or EXDATE property, which may be absent, one, or several."""
    lists: Any = event.get(name, [])
    return {_day(entry.dt) for dates in (lists if isinstance(lists, list) else [lists]) for entry in dates.dts}


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
