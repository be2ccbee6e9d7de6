"""When a calendar works, as sorted whole microseconds since 1970 (UTC), so that every question is a binary search.

An instant is working time when the clock on the wall there shows a time inside a shift of that date. A shift's part
that a change to summer time skips therefore never happens, and a part that the change back repeats happens twice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
MINUTE = 60_000_000
DAY = 1440 * MINUTE

Interval = tuple[int, int]
"""Half open, [start, end), in microseconds."""


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970 (UTC) of an aware datetime, exact."""
    return (moment - EPOCH) // MICROSECOND


def from_microseconds(moment: int) -> datetime:
    """The UTC datetime of `to_microseconds`."""
    return EPOCH + timedelta(microseconds=moment)


@dataclass(frozen=True, slots=True)
class Timeline:
    """All working time of the local years `first_year` to `last_year`.

    Interval i is [starts[i], ends[i]); `totals[i]` is all working time up to its end. `days` are the ordinals of the
    local dates with working time, `day_ends` the last working instant of each. All are sorted.
    """

    first_year: int
    last_year: int
    starts: Sequence[int]
    ends: Sequence[int]
    totals: Sequence[int]
    days: Sequence[int]
    day_ends: Sequence[int]

    def worked(self, moment: int) -> int:
        """Working microseconds from the timeline's beginning to `moment`."""
        after = bisect_right(self.starts, moment)
        if not after:
            return 0
        return self.totals[after - 1] - max(self.ends[after - 1] - moment, 0)

    def reach(self, worked: int) -> int | None:
        """The earliest moment at which `worked` microseconds (over 0) have been worked; None beyond the last year."""
        index = bisect_left(self.totals, worked)
        if index == len(self.totals):
            return None
        return self.ends[index] - (self.totals[index] - worked)

    def day_after(self, ordinal: int, count: int) -> int | None:
        """The end of the `count`-th working day (1 or more) after the date `ordinal`; None beyond the last year."""
        index = bisect_right(self.days, ordinal) + count - 1
        return self.day_ends[index] if index < len(self.days) else None

    def working_day(self, ordinal: int, *, backwards: bool) -> int | None:
        """The nearest working date at or before (else at or after) `ordinal`; None outside the years."""
        index = bisect_right(self.days, ordinal) - 1 if backwards else bisect_left(self.days, ordinal)
        return self.days[index] if 0 <= index < len(self.days) else None

    def end_of_day(self, ordinal: int) -> int | None:
        """The last working instant of the date `ordinal`, None when nobody works on it."""
        index = bisect_left(self.days, ordinal)
        return self.day_ends[index] if index < len(self.days) and self.days[index] == ordinal else None


def build_timeline(
    zone: tzinfo, week: Sequence[Sequence[Interval]], closed: frozenset[int], first_year: int, last_year: int
) -> Timeline:
    """The timeline of weekly shifts (Monday first, minutes of the local day) without the `closed` ordinals."""
    first = datetime(first_year, 1, 1, tzinfo=UTC).toordinal()
    last = datetime(last_year, 12, 31, tzinfo=UTC).toordinal()
    local = [
        (midnight + start * MINUTE, midnight + end * MINUTE)
        for ordinal in range(first, last + 1)
        if ordinal not in closed
        for midnight in ((ordinal - EPOCH_ORDINAL) * DAY,)
        for start, end in week[(ordinal - 1) % 7]
    ]
    starts: list[int] = []
    ends: list[int] = []
    last_instants: dict[int, int] = {}
    for start, end, offset in _pieces(zone, first - 2, last + 2):
        for opened, shut in _clipped(local, start + offset, end + offset):
            starts.append(opened - offset)
            ends.append(shut - offset)
            last_instants[EPOCH_ORDINAL + opened // DAY] = shut - offset
    totals = accumulate(end - start for start, end in zip(starts, ends, strict=True))
    days = sorted(last_instants)
    return Timeline(first_year, last_year, starts, ends, list(totals), days, [last_instants[day] for day in days])


def _clipped(local: Sequence[Interval], low: int, high: int) -> Iterator[Interval]:
    """The parts of the sorted intervals `local` that lie in [low, high)."""
    for index in range(bisect_right(local, low, key=lambda interval: interval[1]), len(local)):
        start, end = local[index]
        if start >= high:
            return
        yield max(start, low), min(end, high)


def _pieces(zone: tzinfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Stretches of UTC time with one offset from UTC: (start, end, offset), covering the UTC dates first to last.

    zoneinfo does not publish its transitions, so each day is probed and the day of a change bisected to the second.
    """
    begin = (first - EPOCH_ORDINAL) * DAY
    offset = _offset(zone, begin)
    for ordinal in range(first, last + 1):
        start = (ordinal - EPOCH_ORDINAL) * DAY
        later = _offset(zone, start + DAY)
        if later != offset:
            change = _change(zone, start, start + DAY)
            yield begin, change, offset
            begin, offset = change, later
    yield begin, (last + 1 - EPOCH_ORDINAL) * DAY, offset


def _change(zone: tzinfo, low: int, high: int) -> int:
    """The second in (low, high] at which the offset changes from what it is at `low`."""
    before, second = _offset(zone, low), 1_000_000
    while high - low > second:
        middle = (low + high) // 2 // second * second
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: tzinfo, moment: int) -> int:
    """The zone's offset from UTC at a UTC moment."""
    offset = from_microseconds(moment).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // MICROSECOND
