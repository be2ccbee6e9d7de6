"""Reads the Date header: RFC 5322, its obsolete forms, ISO 8601, other languages' months, two-digit years."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from gateway.normalizer.problems import Problems

# Minutes east of Greenwich for names that RFC 5322 4.3 does not know but mailers write.
_ZONES = {"cet": 60, "mez": 60, "met": 60, "cest": 120, "mesz": 120, "mest": 120, "wet": 0, "west": 60, "bst": 60,
          "eet": 120, "eest": 180, "msk": 180, "msd": 240, "ist": 330, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
          "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720, "nzdt": 780, "brt": -180, "art": -180,
          "sast": 120, "akst": -540, "akdt": -480, "hst": -600, "ut": 0, "utc": 0, "gmt": 0, "z": 0}  # fmt: skip
_MONTHS = {
    "jan": "january januar janvier enero gennaio janeiro januari styczeń stycznia sty janv gen ene jän jänner",
    "feb": "february februar février febrero febbraio fevereiro februari luty lutego lut févr fév fev",
    "mar": "march märz mars marzo março maart marzec marca mrz mär maa mrt",
    "apr": "april avril abril aprile kwiecień kwietnia kwi avr abr",
    "may": "mai mayo maggio maio mei maj maja mag",
    "jun": "june juni juin junio giugno junho czerwiec czerwca cze giu",
    "jul": "july juli juillet julio luglio julho lipiec lipca lip juil lug",
    "aug": "august août agosto augustus augusti sierpień sierpnia sie aou aoû ago",
    "sep": "september septembre septiembre settembre setembro wrzesień września wrz sept set",
    "oct": "october oktober octobre octubre ottobre outubro październik października paź okt ott out",
    "nov": "november novembre noviembre novembro listopad listopada lis",
    "dec": "december dezember décembre diciembre dicembre dezembro desember grudzień grudnia gru dez déc dic des",
}
_MONTH_OF = {word: month for month, words in _MONTHS.items() for word in words.split()}
_NAMES = tuple(_MONTHS)
# What needs no repair (RFC 5322 3.3); anything else is put into this form first.
_PLAIN = re.compile(
    r"(?:[A-Za-z]{3}, ?)?\d\d? [A-Za-z]{3} \d{4} \d\d?:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC?|[ECMP][SD]T)(?: ?\([^()]*\))?$"
)
_AMERICAN = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(0?[1-9]|1[0-2])/(\d\d?)/(\d{4}|\d\d),? (\d\d?):(\d\d)(?::(\d\d))? ?([AP]M)\b", re.IGNORECASE
)
# `March 3, 2025 9:12:00 AM`
_AMERICAN_WORDS = re.compile(
    r"(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9})\.? (\d\d?),? (\d{4}),? (?:at )?(\d\d?):(\d\d)(?::(\d\d))?\s?([AP]M)\b",
    re.IGNORECASE,
)
_DAY_NAME = re.compile(r"^[^\W\d]{2,12}\.?,\s*")
_FRACTION = re.compile(r"(:\d\d)\.\d{1,9}\b")
_ZONE_BEFORE_YEAR = re.compile(r"(\d\d:\d\d) ([A-Z]{3,5}) (\d{4})$")
_NAME_AND_OFFSET = re.compile(r"(\d\d) [A-Z]{2,5} ([+-]\d{4})\b")
_DAY_ONLY = re.compile(r"\s*(?:[^\W\d]{2,10}\.?,?\s+)?\d{1,2}\s+[^\W\d]{3,12}\.?\s+\d{4}\s*$")
_NAMED_ZONE = re.compile(r"\s*\(?\b([A-Za-z]{1,5})\b\)?\s*$")
_COMMENT = re.compile(r"\([^()]*\)")
_LONG_YEAR = re.compile(r"\b19(1\d\d)\b")
_ISO = re.compile(r"\d{4}-\d\d?-\d\d?")
_LETTERS = re.compile(r"[^\W\d_]{3,}\.?")
_ZONE_COLON = re.compile(r"([+-]\d\d):(\d\d)$")
# parsedate_tz gives offset 0 for a zone it does not know, so what it knows is checked here (RFC 5322 4.3).
_HAS_ZONE = re.compile(r"[+-]\d{4}\b(?!:)|\b(?:GMT|UTC?|[ECMP][SD]T)\s*(?:\(|$)")
_OFFSET_NAME = re.compile(r"(?:GMT|UTC)\s*([+-]\d{1,2}):?(\d\d)?", re.IGNORECASE)


def read_date(value: str, problems: Problems, *, now: datetime) -> datetime | None:
    """The moment as a datetime with a time zone, or None when there is none to be had. Never raises.

    A missing zone is read as UTC. A date more than two days after `now` or before 1990 is kept and told.
    """
    text = value.strip()[:200]
    if not text:
        return None
    try:
        moment = _read(text, problems)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        moment = None
    if moment is None:
        problems.add("the date cannot be read")
        return None
    if moment - now > timedelta(days=2):
        problems.add("the date lies in the future")
    elif moment.year < 1990:
        problems.add("the date lies before mail as we know it")
    return moment


def _read(text: str, problems: Problems) -> datetime | None:
    if _ISO.match(text):
        return _aware(datetime.fromisoformat(text.replace("Z", "+00:00")), problems)
    text = " ".join(text.strip("\"' ").split())
    parsed = parsedate_tz(text)
    if parsed is None or not _PLAIN.match(text):
        text = _repaired(text)
        parsed = parsedate_tz(text)
    if parsed is None:
        return None
    return _from_tuple(parsed, text, problems)


def _repaired(text: str) -> str:
    """Foreign months, `GMT+2`, `+02:00`, comments and the years 19100 and later put into RFC 5322 form."""
    text = " ".join(_COMMENT.sub(" ", text).split())
    text = _AMERICAN_WORDS.sub(_from_american_words, _AMERICAN.sub(_from_american, text))
    text = _ZONE_BEFORE_YEAR.sub(r"\1 \3 \2", _NAME_AND_OFFSET.sub(r"\1 \2", _FRACTION.sub(r"\1", text)))
    text = _DAY_NAME.sub("", text).replace(",", " ")
    if _DAY_ONLY.match(text):
        text = f"{text.strip()} 00:00:00"
    text = _LONG_YEAR.sub(lambda match: str(1900 + int(match.group(1))), text)
    text = _OFFSET_NAME.sub(lambda match: f"{int(match.group(1)):+03d}{match.group(2) or '00'}", text)
    text = _ZONE_COLON.sub(r"\1\2", text.strip())
    text = _LETTERS.sub(lambda match: _MONTH_OF.get(match.group().lower().rstrip("."), match.group()), text)
    named = _NAMED_ZONE.search(text)
    if named and (minutes := _ZONES.get(named.group(1).lower())) is not None:
        sign = "-" if minutes < 0 else "+"
        text = f"{text[: named.start()]} {sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
    return re.sub(r"(\d)\s+(?:de|um|at|kl\.?|à)\s+", r"\1 ", text)


def _from_american(match: re.Match[str]) -> str:
    """`3/5/2001 9:40 PM` as `2001-03-05 21:40` in the words of RFC 5322."""
    month, day, year, hour, minute, second, half = match.groups()
    hours = int(hour) % 12 + (12 if half.upper() == "PM" else 0)
    full = int(year) + (2000 if len(year) == 2 else 0)
    return f"{int(day)} {_NAMES[int(month) - 1]} {full} {hours:02d}:{minute}:{second or '00'}"


def _from_american_words(match: re.Match[str]) -> str:
    """`March 3, 2025 9:40 PM` in the words of RFC 5322."""
    month, day, year, hour, minute, second, half = match.groups()
    hours = int(hour) % 12 + (12 if half.upper() == "PM" else 0)
    return f"{int(day)} {month} {year} {hours:02d}:{minute}:{second or '00'}"


def _from_tuple(parsed: tuple[int | None, ...], text: str, problems: Problems) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in parsed[:6])
    offset = parsed[9]
    if 100 <= year < 1000:  # RFC 5322 4.3: years since 1900
        year += 1900
    moment = datetime(year, month, day, hour % 24, minute, min(second, 59), tzinfo=UTC)
    if hour == 24:  # ISO 8601 allows it for the midnight that ends a day
        moment += timedelta(days=1)
    if offset is None or not _HAS_ZONE.search(text):
        problems.add("the date has no time zone; read as UTC")
        return moment
    if abs(offset) >= 86400:
        problems.add("the date has an impossible time zone; read as UTC")
        return moment
    return moment.replace(tzinfo=timezone(timedelta(seconds=offset)))


def _aware(moment: datetime, problems: Problems) -> datetime:
    if moment.tzinfo is None:
        problems.add("the date has no time zone; read as UTC")
        return moment.replace(tzinfo=UTC)
    return moment
