"""Training records: a course that somebody took, until it runs out; what the ruleset asks for closes cases to the untrained."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from cases.access.policy import PROVIDER
from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.model.house import House
from cases.model.words import Access
from cases.store.key_tables import training as table
from cases.store.people import Person
from cases.store.rows import new_id
from cases.store.sight import Viewer

LONGEST_COURSE = 200


@dataclass(frozen=True, slots=True)
class Training:
    """One course that a person took, and until when it counts."""

    person_id: str
    course: str
    completed_at: datetime
    expires_at: datetime


def record(
    connection: Connection,
    person: Person,
    course: str,
    *,
    completed: datetime,
    expires: datetime,
    by: str,
    now: datetime,
) -> None:
    """Write a training down. Raises `Refused` for no course, one that ends before it began, or one that is not over yet."""
    name = " ".join(course.split())
    if not name or len(name) > LONGEST_COURSE:
        raise Refused("name the course, in at most 200 characters")
    if completed > now:
        raise Refused("a training counts from the day it was completed; that day is still to come")
    if expires <= completed:
        raise Refused("a training that runs out before it was completed opens nothing")
    if by == person.address:
        raise Refused("somebody else records your training")
    values = {"course": name, "completed_at": completed, "expires_at": expires, "recorded_by": by}
    connection.execute(insert(table).values(id=new_id(), person_id=person.id, **values))
    append(connection, [NewEvent(DEPLOYMENT, "training.recorded", by, now, {"person": person.id})])


def of_everyone(connection: Connection) -> dict[str, list[Training]]:
    """The trainings of each person, by id, those that run out last first."""
    found: dict[str, list[Training]] = {}
    for row in connection.execute(select(table).order_by(table.c.expires_at.desc())):
        found.setdefault(row.person_id, []).append(
            Training(row.person_id, row.course, row.completed_at, row.expires_at)
        )
    return found


def closed_to(connection: Connection, person_id: str, wanted: Mapping[Access, str], now: datetime) -> frozenset[Access]:
    """The levels of access whose course (`wanted`) this person has no valid record of."""
    if not wanted:
        return frozenset()
    valid = (table.c.person_id == person_id, table.c.completed_at <= now, table.c.expires_at > now)
    courses = {one.casefold() for one in connection.execute(select(table.c.course).where(*valid)).scalars()}
    return frozenset(level for level, course in wanted.items() if course.casefold() not in courses)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A course that somebody needs and has no valid record of, and what is closed to them meanwhile.

    `ended_at` is None where they never took it.
    """

    course: str
    closed: tuple[Access, ...]
    ended_at: datetime | None


def lapses(connection: Connection, person_id: str, wanted: Mapping[Access, str], now: datetime) -> list[Lapse]:
    """What somebody lacks, for the line that tells them so."""
    missing = closed_to(connection, person_id, wanted, now)
    rows = connection.execute(
        select(table.c.course, table.c.expires_at).where(table.c.person_id == person_id, table.c.completed_at <= now)
    ).all()
    ended: dict[str, datetime] = {}
    for row in rows:
        name = row.course.casefold()
        ended[name] = max(row.expires_at, ended.get(name, row.expires_at))
    by_course: dict[str, list[Access]] = {}
    for level in sorted(missing, key=lambda one: one.strictness):
        by_course.setdefault(wanted[level], []).append(level)
    return [Lapse(course, tuple(levels), ended.get(course.casefold())) for course, levels in by_course.items()]


def viewer_of(connection: Connection, person: Person, house: House, now: datetime) -> Viewer:
    """Somebody who looks, with the teams and trainings they have now.

    Who is in a team of another organisation sees what a provider sees, whatever other role they were given.
    """
    seen_as = replace(person, roles=(PROVIDER,)) if person.address in house.outside else person
    return Viewer(seen_as, house.teams, closed_to(connection, person.id, house.courses, now))
