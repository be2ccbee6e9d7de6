"""Taking a directory over: all or nothing, counted in the trail, and what the rules see of it afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cases.directory.importing import take_over
from cases.directory.rates import per_hundred
from cases.errors import Refused
from cases.model.context import Person
from cases.store import tables
from cases.store.directory import DirectoryKeeper, last_import, load
from cases.store.engine import reading, writing

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANNA, BO, CY = (Person(f"{name}@x.example", name.title(), department="Sales") for name in ("anna", "bo", "cy"))


def take(record, *people, **options):  # type: ignore[no-untyped-def]
    with writing(record) as connection:
        return take_over(connection, people, by="shell", now=options.pop("now", NOW), **options)


def test_added_changed_left_and_back_again(opened) -> None:
    _, record = opened
    take(record, ANNA, BO)
    moved = Person("bo@x.example", "Bo", department="Legal")
    changes = take(record, moved, CY)
    assert [(one.address for one in group) and [p.address for p in group] for group in (changes.added, changes.changed)] == [
        ["cy@x.example"], ["bo@x.example"],
    ]  # fmt: skip
    assert [one.address for one in changes.left] == ["anna@x.example"]
    with reading(record) as connection:
        known = load(connection)
        assert known.find("anna@x.example") is None
        assert known.gone == {"anna@x.example"}
        assert known.find("BO@x.example") == moved
        events = connection.execute(select(tables.event.c.verb, tables.event.c.data)).all()
    assert events[-1].verb == "directory.imported"
    assert events[-1].data == '{"added":1,"changed":1,"left":1,"people":2}'
    take(record, ANNA, moved, CY)
    with reading(record) as connection:
        assert load(connection).find("anna@x.example") == ANNA


def test_a_new_main_address_is_no_leaver(opened) -> None:
    _, record = opened
    take(record, ANNA)
    changes = take(record, Person("anna.b@x.example", "Anna", aliases=("anna@x.example",)))
    assert changes.left == ()
    with reading(record) as connection:
        known = load(connection)
    assert known.gone == frozenset()
    assert [person.address for person in known.people()] == ["anna.b@x.example"]


def test_a_file_cut_short_is_refused_unless_meant(opened) -> None:
    _, record = opened
    everyone = [Person(f"p{number}@x.example") for number in range(20)]
    take(record, *everyone)
    with pytest.raises(Refused, match="14 of 20 people are not in the file"):
        take(record, *everyone[:6])
    with reading(record) as connection:
        assert len(load(connection).people()) == 20
    assert len(take(record, *everyone[:6], many_leavers=True).left) == 14


def test_the_keeper_reads_again_only_after_an_import(opened) -> None:
    _, record = opened
    take(record, ANNA)
    keeper = DirectoryKeeper()
    with reading(record) as connection:
        first = keeper.look(connection, [], NOW).directory
        assert keeper.look(connection, [], NOW).directory is first
    take(record, ANNA, BO, now=NOW + timedelta(days=1))
    with reading(record) as connection:
        assert keeper.look(connection, [], NOW).directory.find("bo@x.example") == BO
        newest = last_import(connection)
    assert newest is not None
    assert (newest.at, newest.people) == (NOW + timedelta(days=1), 2)


def test_rates_hide_the_few() -> None:
    people = [Person(f"p{number}@x.example", department="Sales") for number in range(50)] + [Person("one@x.example")]

    class Rows:
        def execute(self, _query):  # type: ignore[no-untyped-def]
            from cases.keys.hashing import sender_hash

            return [(sender_hash(b"k" * 32, f"p{number}@x.example"), 2) for number in range(3)] + [
                (sender_hash(b"k" * 32, "one@x.example"), 9)
            ]

    rates = per_hundred(Rows(), people, b"k" * 32, "department", NOW, NOW)  # type: ignore[arg-type]
    assert [(one.group, one.people, one.cases, one.per_hundred) for one in rates] == [
        ("Sales", 50, 6, 12.0), ("", 1, None, None),
    ]  # fmt: skip
