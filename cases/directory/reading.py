"""Turns a directory file into people, with everything that is wrong in it, line by line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.directory.table import Line, Problem, read_lines
from cases.errors import Refused
from cases.model.context import Person
from cases.model.directory import PeopleDirectory

_ADDRESS = re.compile(r"[^@\s,;<>\"|]+@[^@\s,;<>\"|]+\.[^@\s,;<>\"|]+")
LONGEST = {"address": 320, "manager": 320}
LONGEST_VALUE = 200
PLAIN = ("name", "department", "location", "country", "organisation", "grade", "job_title")


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """Who is in a file, what is wrong with it, and what is odd but no reason to refuse it."""

    people: tuple[Person, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_people(raw: bytes) -> PeopleFile:
    """The people of a CSV file. Raises `Refused` for what is no table of people at all."""
    problems: list[Problem] = []
    lines = read_lines(raw, problems)
    found = [(line, person) for line in lines if (person := _person(line, problems))]
    problems += _twice(found)
    directory = PeopleDirectory(person for _, person in found)
    problems += _circles(found, directory)
    if not found and not problems:
        raise Refused("there is nobody in the file")
    ordered = sorted(problems, key=lambda one: one.line)
    return PeopleFile(tuple(person for _, person in found), tuple(ordered), tuple(_odd(found, directory)))


def _person(line: Line, problems: list[Problem]) -> Person | None:
    """The person of a line; None when there is no telling who it is."""
    before = len(problems)
    cells = line.cells
    for name, cell in cells.items():
        most = LONGEST.get(name, 2000 if name in {"aliases", "nicknames"} else LONGEST_VALUE)
        if len(cell) > most:
            problems.append(Problem(line.number, name, f"is longer than {most} characters"))
    address = _address(line, "address", cells.get("address", ""), problems)
    aliases = [_address(line, "aliases", one, problems) for one in _several(cells.get("aliases", ""))]
    manager = cells.get("manager", "")
    manager = _address(line, "manager", manager, problems) if manager else ""
    if not cells.get("address"):
        problems.append(Problem(line.number, "address", "is empty"))
    if manager and manager in {address, *aliases}:
        problems.append(Problem(line.number, "manager", "is the person's own address"))
    if len(problems) > before:
        return None
    return Person(
        address=address,
        aliases=tuple(dict.fromkeys(one for one in aliases if one != address)),
        nicknames=tuple(dict.fromkeys(_several(cells.get("nicknames", "")))),
        manager=manager,
        language=_language(line, problems),
        **{name: cells.get(name, "") for name in PLAIN},
    )


def _several(cell: str) -> list[str]:
    """The values of a cell that holds several, between semicolons, commas or bars."""
    return [value.strip() for value in re.split(r"[;,|]", cell) if value.strip()]


def _address(line: Line, column: str, value: str, problems: list[Problem]) -> str:
    if value and not _ADDRESS.fullmatch(value):
        problems.append(Problem(line.number, column, f"“{value[:60]}” is no mail address"))
    return value.casefold()


def _language(line: Line, problems: list[Problem]) -> str:
    """Two letters (ISO 639-1), of a tag like de-CH too."""
    value = line.cells.get("language", "").casefold()
    code = re.split(r"[-_]", value)[0]
    if value and not re.fullmatch(r"[a-z]{2}", code):
        problems.append(Problem(line.number, "language", f"“{value[:20]}” is no language code; write it like en or de"))
    return code


Found = list[tuple[Line, Person]]


def _twice(found: Found) -> Iterator[Problem]:
    """An address is one person's."""
    seen: dict[str, int] = {}
    for line, person in found:
        for address, column in ((person.address, "address"), *((alias, "aliases") for alias in person.aliases)):
            if address in seen:
                yield Problem(line.number, column, f"{address} stands in line {seen[address]} already")
            seen.setdefault(address, line.number)


def _circles(found: Found, directory: PeopleDirectory) -> Iterator[Problem]:
    """Nobody is their own superior: conflicts of interest are told by these lines."""
    told: set[str] = set()
    for line, person in found:
        chain = directory.chain_of(person)
        if person.address in chain and person.address not in told:
            told.update(chain)
            circle = " → ".join((person.address, *chain[: chain.index(person.address) + 1]))
            yield Problem(line.number, "manager", f"the reporting line runs in a circle: {circle}")


def _odd(found: Found, directory: PeopleDirectory) -> Iterable[Problem]:
    for line, person in found:
        if person.manager and directory.find(person.manager) is None:
            yield Problem(line.number, "manager", f"{person.manager} is not in the file")
        if not person.name:
            yield Problem(line.number, "name", "is empty: nobody can be recognised by it")
