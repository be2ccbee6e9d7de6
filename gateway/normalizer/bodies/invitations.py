"""Sums up a calendar invitation (RFC 5545, RFC 5546) in a few readable lines."""

import re
from datetime import datetime

MOST_TEXT = 200_000

_LINE = re.compile(r"([A-Za-z-]{1,40})((?:;(?:[^\":;]|\"[^\"]*\")*)*):(.*)", re.DOTALL)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z?))?")
_CN = re.compile(r";CN=(\"[^\"]*\"|[^;:]*)", re.IGNORECASE)
_ZONE = re.compile(r";TZID=(\"[^\"]*\"|[^;:]*)", re.IGNORECASE)
_ESCAPES = re.compile(r"\\([\\;,nN])")
_METHODS = {"REQUEST": "Invitation", "CANCEL": "Cancelled", "REPLY": "Answer to an invitation", "COUNTER": "Proposed change",
            "PUBLISH": "Event", "ADD": "Invitation", "REFRESH": "Question about an event"}  # fmt: skip
_ANSWERS = re.compile(r";PARTSTAT=(ACCEPTED|DECLINED|TENTATIVE)", re.IGNORECASE)


def summarise(calendar: str) -> str:
    """Lines saying what, when, where and from whom, for the first event; "" when there is no event. Never raises."""
    found = _first_event(calendar[:MOST_TEXT])
    if not found:
        return ""
    method = found.get("METHOD", ("", ""))[1].strip().upper()
    answer = _ANSWERS.search(found.get("ATTENDEE", ("", ""))[0]) if method == "REPLY" else None
    title = _plain(found.get("SUMMARY", ("", ""))[1]) or "(no title)"
    lines = [f"{answer.group(1).capitalize() if answer else _METHODS.get(method, 'Event')}: {title}"]
    start, end = _when(found.get("DTSTART")), _when(found.get("DTEND"))
    if start:
        lines.append(f"When: {start}" + (f" to {end}" if end and end != start else ""))
    if "RRULE" in found:
        lines.append(f"Repeats: {_plain(found['RRULE'][1])}")
    if "LOCATION" in found and found["LOCATION"][1].strip():
        lines.append(f"Where: {_plain(found['LOCATION'][1])}")
    if "ORGANIZER" in found:
        lines.append(f"Organizer: {_person(found['ORGANIZER'])}")
    return "\n".join(lines)


def description(calendar: str) -> str:
    """The event's own description, for a mail that has no other text."""
    return _plain(_first_event(calendar[:MOST_TEXT]).get("DESCRIPTION", ("", ""))[1])


def _first_event(calendar: str) -> dict[str, tuple[str, str]]:
    """Name to (parameters, value) for the first VEVENT (or VTODO), with the calendar's METHOD."""
    unfolded = re.sub(r"\r?\n[ \t]", "", calendar)
    found: dict[str, tuple[str, str]] = {}
    inside = 0
    for line in unfolded.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name, parameters, value = match.group(1).upper(), match.group(2), match.group(3)
        if name == "BEGIN":
            inside += value.strip().upper() in {"VEVENT", "VTODO"} or inside > 0
        elif name == "END" and inside:
            inside -= 1
            if not inside:
                return found
        elif name == "METHOD" or inside == 1:
            found.setdefault(name, (parameters, value))
    return found if "SUMMARY" in found or "DTSTART" in found else {}


def _plain(value: str) -> str:
    """Escapes undone (RFC 5545 3.3.11)."""
    return _ESCAPES.sub(lambda match: "\n" if match.group(1) in "nN" else match.group(1), value).strip()


def _when(entry: tuple[str, str] | None) -> str:
    if entry is None or (match := _TIME.match(entry[1].strip())) is None:
        return ""
    year, month, day, hour, minute, utc = match.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001 - only printed
    except ValueError:
        return ""
    if hour is None:
        return moment.strftime("%Y-%m-%d")
    zone = _ZONE.search(entry[0])
    name = "UTC" if utc else zone.group(1).strip('"') if zone else ""
    return f"{moment:%Y-%m-%d %H:%M} {name}".strip()


def _person(entry: tuple[str, str]) -> str:
    name = _CN.search(entry[0])
    address = re.sub(r"^mailto:", "", entry[1].strip(), flags=re.IGNORECASE)
    label = name.group(1).strip('"') if name else ""
    return f"{label} <{address}>" if label and label != address else address
