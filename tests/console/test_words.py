"""Times and deadlines in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.store.dossier import StoredClock
from console import words

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_lengths(length: timedelta, said: str) -> None:
    assert words.span(length) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "today 10:30"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "today 00:30"),
        (datetime(2026, 11, 22, 9, tzinfo=UTC), "yesterday 10:00"),
        (datetime(2026, 11, 24, 16, 30, tzinfo=UTC), "tomorrow 17:30"),
        (datetime(2026, 11, 3, 9, tzinfo=UTC), "Tue 3 Nov 10:00"),
        (datetime(2027, 7, 1, 9, tzinfo=UTC), "Thu 1 Jul 2027 11:00"),
    ],
)
def test_moments_in_the_zone_of_the_rules(at: datetime, said: str) -> None:
    assert words.moment(at, NOW, BERLIN) == said


def test_a_day_alone_stays_the_day_it_was() -> None:
    day = datetime(2026, 11, 23, tzinfo=UTC)
    assert words.moment(day, NOW, ZoneInfo("America/New_York"), day_only=True) == "today"


@pytest.mark.parametrize(
    ("state", "due", "ended", "said", "press"),
    [
        ("running", timedelta(hours=3), None, "In 3 hours: today 13:30", "soon"),
        ("running", timedelta(days=3), None, "In 3 days: Thu 26 Nov 10:30", "calm"),
        ("running", -timedelta(hours=2), None, "2 hours late: today 08:30", "late"),
        ("missed", -timedelta(hours=2), None, "2 hours late: today 08:30", "late"),
        ("missed", -timedelta(hours=2), -timedelta(hours=1), "Done 1 hour late", "over"),
        ("met", timedelta(hours=2), timedelta(0), "Kept, today 10:30", "met"),
        ("cancelled", timedelta(hours=2), timedelta(0), "No longer applies", "over"),
        ("paused", timedelta(hours=2), None, "Paused; was due today 12:30", "calm"),
    ],
)
def test_deadlines(state: str, due: timedelta, ended: timedelta | None, said: str, press: str) -> None:
    clock = StoredClock("resolve", state, NOW + due, None if ended is None else NOW + ended)
    assert words.clock(clock, NOW, BERLIN) == (said, press)


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1 kB"), (15_321, "15.3 kB"), (2_000_000, "2 MB")]
)
def test_sizes(count: int, said: str) -> None:
    assert words.size(count) == said
