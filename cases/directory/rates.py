"""Cases per hundred employees, by department or site: of open cases alone, and never of a few."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from cases.keys.hashing import sender_hash
from cases.model.context import Person
from cases.model.words import Access
from cases.store.tables import case

GROUPS = ("department", "location", "country", "organisation")
LEAST = 5
"""Fewer people or cases than these are not shown: who they are could be guessed."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One group's cases in a period; `per_hundred` and `cases` are None where they would be too few to show."""

    group: str
    people: int
    cases: int | None
    per_hundred: float | None


def headcount(people: Iterable[Person], by: str) -> dict[str, int]:
    """How many people each group has; "" are those of whom it is not known."""
    if by not in GROUPS:
        raise ValueError(f"rates are by {', '.join(GROUPS)}")
    return dict(Counter(str(getattr(person, by)) for person in people))


def per_hundred(
    connection: Connection, people: Iterable[Person], index_key: bytes, by: str, since: datetime, until: datetime
) -> list[Rate]:
    """Cases received from `since` until before `until`, per hundred people of each group, the largest group first.

    The record knows senders by keyed hash only, so each employee's addresses are hashed to find them. Restricted and sealed
    cases are left out: they are counted for the whole organisation only, where the caller does that.
    """
    everyone = tuple(people)
    columns = (case.c.sender_hash, func.count())
    period = (case.c.received_at >= since, case.c.received_at < until)
    query = select(*columns).where(*period, case.c.access == Access.MANAGED.value, case.c.sender_hash != "")
    found = {row[0]: int(row[1]) for row in connection.execute(query.group_by(case.c.sender_hash))}
    counted: dict[str, int] = defaultdict(int)
    for person in everyone if found else ():
        for address in {person.address, *person.aliases}:
            counted[str(getattr(person, by))] += found.get(sender_hash(index_key, address), 0)
    sizes = headcount(everyone, by)
    return [
        _rate(group, size, counted[group]) for group, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0]))
    ]


def _rate(group: str, people: int, cases: int) -> Rate:
    if people < LEAST or cases < LEAST:
        return Rate(group, people, None, None)
    return Rate(group, people, cases, round(100 * cases / people, 2))
