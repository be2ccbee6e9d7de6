"""A ruleset's calendars as stored clocks refer to them: each with its variations, named by content."""

from cases.model.calendar_text import KeptCalendar, kept
from cases.model.calendars import Calendar, NextCutoff, Span, Working
from rules.ruleset import Ruleset


def kept_calendars(ruleset: Ruleset) -> tuple[KeptCalendar, ...]:
    """Every calendar and every variation of one, worked out once for a ruleset."""
    known: tuple[KeptCalendar, ...] | None = ruleset.memory.get("kept_calendars")
    if known is None:
        found = [kept(calendar) for calendar in ruleset.calendars.values()]
        for variations in ruleset.calendar_variations.values():
            for number, variation in enumerate(variations):
                place = "|".join((*variation.country, *variation.site, *variation.organisation)) or str(number)
                found += [kept(one, place) for _, one in variation.values if isinstance(one, Calendar)]
        known = ruleset.memory["kept_calendars"] = tuple(found)
        ruleset.memory["kept_calendar_ids"] = {id(one.calendar): one.id for one in found}
    return known


def id_for(ruleset: Ruleset, span: Span, calendar: Calendar | None) -> str:
    """The id of the calendar that a span counts in; "" for one that counts real time."""
    if calendar is None or not isinstance(span, Working | NextCutoff):
        return ""
    kept_calendars(ruleset)
    ids: dict[int, str] = ruleset.memory["kept_calendar_ids"]
    return ids.get(id(calendar)) or kept(calendar).id
