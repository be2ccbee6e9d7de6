"""Any removed, changed, added or reordered event is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.audit.chain import GENESIS, Event, first_bad_event, first_bad_head, next_event, next_head

START = datetime(2026, 1, 1, tzinfo=UTC)


def chain(length: int) -> list[Event]:
    events: list[Event] = []
    for number in range(1, length + 1):
        previous = events[-1].hash if events else GENESIS
        at = START + timedelta(seconds=number)
        events.append(next_event("c1", number, previous, verb="case.read", actor="a", at=at, data={"n": number}))
    return events


def head_of(events: list[Event]) -> tuple[int, str]:
    return events[-1].seq, events[-1].hash


@given(st.integers(1, 30))
def test_an_untouched_chain_is_whole(length: int) -> None:
    events = chain(length)
    assert first_bad_event(events, head_of(events)) is None


@given(st.data(), st.integers(2, 20))
def test_tampering_is_found(data: st.DataObject, length: int) -> None:
    events = chain(length)
    expected = head_of(events)
    place = data.draw(st.integers(0, length - 1))
    kind = data.draw(st.sampled_from(["change", "remove", "insert", "swap", "truncate"]))
    tampered = list(events)
    if kind == "change":
        field, value = data.draw(
            st.sampled_from(
                [("verb", "case.closed"), ("actor", "b"), ("data", "{}"), ("at", START), ("hash", "f" * 64)]
            )
        )
        tampered[place] = replace(tampered[place], **{field: value})
    elif kind == "remove":
        del tampered[place]
    elif kind == "insert":
        tampered.insert(place, replace(events[place], actor="intruder"))
    elif kind == "swap":
        other = (place + 1) % length
        tampered[place], tampered[other] = tampered[other], tampered[place]
    else:
        tampered = tampered[:-1]
    assert first_bad_event(tampered, expected) is not None


def test_a_rewritten_stream_is_betrayed_by_its_head() -> None:
    events, forged = chain(3), chain(2)
    assert first_bad_event(forged, head_of(events)) is not None


def test_heads_are_chained_too() -> None:
    one = next_head(GENESIS, 1, START, [("c1", 1, "a" * 64)])
    two = next_head(one.hash, 2, START, [("c1", 2, "b" * 64)])
    assert first_bad_head([one, two]) is None
    assert first_bad_head([two]) is not None
    assert first_bad_head([replace(one, entries="[]"), two]) is not None
    assert first_bad_head([one, replace(two, at=START + timedelta(1))]) is not None
