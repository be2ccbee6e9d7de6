"""The directory: everyone who works here, as last imported; kept in memory until something about it changes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, String, cast, func, literal, select, union_all

from cases.model.context import Person
from cases.model.directory import PeopleDirectory
from cases.store import people
from cases.store.tables import absence, directory_import, employee, person

ATTRIBUTES = ("name", "manager", "department", "location", "country", "organisation", "grade", "job_title", "language")


@dataclass(frozen=True, slots=True)
class World:
    """Who there is, as one batch sees it: the directory, who is away, who has left, who works with cases."""

    directory: PeopleDirectory = field(repr=False)
    absent: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()


class DirectoryKeeper:
    """The directory in memory: one small query tells whether it is still the last import, with who is away and who left."""

    def __init__(self) -> None:
        self._version: object = None
        self._directory = PeopleDirectory(())

    def look(self, connection: Connection, staff: list[people.Person], now: datetime) -> World:
        """The world as it is now. `staff` are the active people who work with cases."""
        found: dict[str, set[str]] = {"import": set(), "absent": set(), "gone": set()}
        for kind, value in connection.execute(_changing(now)):
            found[kind].add(value)
        version = (found["import"], tuple((one.address, one.name, one.reports_to) for one in staff))
        if version != self._version:
            self._directory, self._version = _read(connection, staff), version
        here = frozenset(one.address for one in staff)
        gone = (self._directory.gone | found["gone"]) - here
        return World(self._directory, frozenset(found["absent"]), gone, here)


@dataclass(frozen=True, slots=True)
class Import:
    """One import of the directory: when, by whom, how many people."""

    at: datetime
    by: str
    people: int


def last_import(connection: Connection) -> Import | None:
    """The newest import; None before the first."""
    table = directory_import
    row = connection.execute(
        select(table.c.at, table.c.by, table.c.people).order_by(table.c.number.desc()).limit(1)
    ).first()
    return Import(*row) if row else None


def load(connection: Connection) -> PeopleDirectory:
    """The directory as imported."""
    return _read(connection, [])


def _changing(now: datetime) -> Any:
    """What must be asked every time, as one statement of (what, value) rows."""
    last = cast(func.coalesce(func.max(directory_import.c.number), 0), String)
    away = (absence.c.starts_at <= now, absence.c.ends_at > now)
    return union_all(
        select(literal("import"), last),
        select(literal("absent"), absence.c.person).where(*away),
        select(literal("gone"), person.c.address).where(person.c.active.is_(False)),
    )


def _read(connection: Connection, staff: list[people.Person]) -> PeopleDirectory:
    """Everyone who has not left, by address; staff whom the directory lacks are known by what their own entry says."""
    rows = connection.execute(select(employee).order_by(employee.c.address)).all()
    here = [person_of(row) for row in rows if row.left_at is None]
    left = {address for row in rows if row.left_at is not None for address in (row.address, *row.aliases.split("\n"))}
    known = {address for one in here for address in (one.address, *one.aliases)}
    others = [Person(one.address, one.name, one.reports_to) for one in staff if one.address not in known]
    return PeopleDirectory((*here, *others), left - known - {""})


def person_of(row: Row[Any]) -> Person:
    """A row of the directory as a person."""
    named = {name: getattr(row, name) for name in ATTRIBUTES}
    return Person(address=row.address, aliases=_lines(row.aliases), nicknames=_lines(row.nicknames), **named)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()
