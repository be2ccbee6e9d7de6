"""Takes a directory file over: who is new, who changed, who left; all of it in one transaction, counted in the trail."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.model.context import Person
from cases.store.directory import ATTRIBUTES, person_of
from cases.store.engine import one_at_a_time
from cases.store.tables import directory_import, employee

MANY = 0.2
"""The share of people who leave at once that is taken for a file cut short."""
FEW = 5
"""So many may leave whatever their share is."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a file would change: people added (or back), changed, gone, and listed under another main address now."""

    added: tuple[Person, ...]
    changed: tuple[Person, ...]
    left: tuple[Person, ...]
    moved: tuple[Person, ...]
    people: int


def compare(connection: Connection, people: tuple[Person, ...]) -> Changes:
    """What importing these people would change. Whose address is now an alias of somebody has not left."""
    rows = connection.execute(select(employee)).all()
    before = {row.address: person_of(row) for row in rows if row.left_at is None}
    after = {person.address for person in people}
    aliases = {alias for person in people for alias in person.aliases}
    missing = [person for address, person in before.items() if address not in after]
    return Changes(
        added=tuple(person for person in people if person.address not in before),
        changed=tuple(one for one in people if one.address in before and not _same(one, before[one.address])),
        left=tuple(person for person in missing if person.address not in aliases),
        moved=tuple(person for person in missing if person.address in aliases),
        people=len(people),
    )


def take_over(
    connection: Connection, people: tuple[Person, ...], *, by: str, now: datetime, many_leavers: bool = False
) -> Changes:
    """Make the directory what the file says; whoever is missing from it has left. Returns what changed.

    Raises `Refused` when so many would have left that the file is more likely cut short, unless `many_leavers`.
    """
    one_at_a_time(connection, "directory")
    changes = compare(connection, people)
    had = changes.people - len(changes.added) + len(changes.left) + len(changes.moved)
    if len(changes.left) > max(FEW, had * MANY) and not many_leavers:
        raise Refused(
            f"{len(changes.left)} of {had} people are not in the file and would be marked as having left: if that is so, "
            "import it with --many-leavers"
        )
    known = set(connection.execute(select(employee.c.address)).scalars())
    _insert(connection, [one for one in changes.added if one.address not in known])
    _update(connection, [*changes.changed, *(one for one in changes.added if one.address in known)])
    if changes.left or changes.moved:
        gone = update(employee).where(employee.c.address == bindparam("who")).values(left_at=now)
        connection.execute(gone, [{"who": person.address} for person in (*changes.left, *changes.moved)])
    number = connection.execute(select(func.coalesce(func.max(directory_import.c.number), 0))).scalar_one() + 1
    counts = {"people": changes.people, "added": len(changes.added), "changed": len(changes.changed)}
    counts["left"] = len(changes.left)
    connection.execute(insert(directory_import).values(number=number, at=now, by=by, **counts))
    append(connection, [NewEvent(DEPLOYMENT, "directory.imported", by, now, dict(counts))])
    return changes


def _same(one: Person, other: Person) -> bool:
    """Whether nothing about a person differs, whatever the order of their aliases."""
    return _sorted(one) == _sorted(other)


def _sorted(person: Person) -> Person:
    return replace(person, aliases=tuple(sorted(person.aliases)), nicknames=tuple(sorted(person.nicknames)))


def _insert(connection: Connection, people: list[Person]) -> None:
    if people:
        connection.execute(insert(employee), [{"address": one.address, **_values(one)} for one in people])


def _update(connection: Connection, people: list[Person]) -> None:
    if people:
        names: dict[str, Any] = {name: bindparam(name) for name in _values(people[0])}
        change = update(employee).where(employee.c.address == bindparam("who")).values(names)
        connection.execute(change, [{"who": one.address, **_values(one)} for one in people])


def _values(person: Person) -> dict[str, Any]:
    named = {name: getattr(person, name) for name in ATTRIBUTES}
    joined = {"aliases": "\n".join(person.aliases), "nicknames": "\n".join(person.nicknames)}
    return {**named, **joined, "left_at": None}
