"""Reads the cells of a directory file: which encoding, which separator, which column is which; says what is wrong where."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from cases.errors import Refused

MOST_BYTES = 64 * 1024 * 1024
MOST_PROBLEMS = 50
"""Told at once; a file with more is wrong as a whole."""

COLUMNS = {
    "address": ("email", "e-mail", "mail", "email address", "mail address", "work email"),
    "name": ("full name", "display name", "employee", "employee name"),
    "aliases": ("alias", "other addresses", "email aliases"),
    "nicknames": ("nickname", "known as", "preferred name"),
    "manager": ("manager email", "manager address", "reports to", "supervisor"),
    "department": ("division",),
    "location": ("site", "office"),
    "country": ("country code",),
    "organisation": ("organization", "company", "employer", "legal entity"),
    "grade": ("level", "band"),
    "job_title": ("job title", "title", "position", "role"),
    "language": ("preferred language",),
}
"""What a column means, with the other headings that HR systems give it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line (counted from 1, the heading's is 1) and column; `column` is "" when it is the whole line."""

    line: int
    column: str
    words: str

    def __str__(self) -> str:
        return f"line {self.line}{f', {self.column}' if self.column else ''}: {self.words}"


@dataclass(frozen=True, slots=True)
class Line:
    """One person's cells, by column."""

    number: int
    cells: dict[str, str]


def read_lines(raw: bytes, problems: list[Problem]) -> list[Line]:
    """The lines of a CSV file with what is wrong in them put into `problems`.

    Raises `Refused` for what is no table at all: too large, in no known encoding, without a heading that has an address.
    """
    if len(raw) > MOST_BYTES:
        raise Refused(f"the file is larger than {MOST_BYTES // 1024 // 1024} MB")
    text = _decoded(raw)
    if not text.strip():
        raise Refused("the file is empty")
    heading = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=heading.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(_lines(rows, problems))
    except csv.Error as error:
        raise Refused(f"line {rows.line_num}: a quote is not closed, or stands where none belongs ({error})") from None


def _decoded(raw: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, else Windows-1252, as spreadsheets write."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _lines(rows: "Iterator[list[str]]", problems: list[Problem]) -> Iterator[Line]:
    heading: list[str] = []
    for row in rows:
        number = rows.line_num  # type: ignore[attr-defined]
        cells = [_clean(cell) for cell in row]
        if not any(cells):
            continue
        if not heading:
            heading = _heading(cells)
        elif len(cells) > len(heading):
            words = f"has {len(cells)} cells where the heading has {len(heading)}: a separator in a value needs quotes"
            problems.append(Problem(number, "", words))
        else:
            yield Line(number, {name: cell for name, cell in zip(heading, cells, strict=False) if name})


def _clean(cell: str) -> str:
    """One line, without control characters, in composed letters."""
    plain = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in cell)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _heading(cells: list[str]) -> list[str]:
    """What each column is; those that mean nothing here raise `Refused`, so that a typo does not lose a column in silence."""
    known = {other: name for name, others in COLUMNS.items() for other in (name, name.replace("_", " "), *others)}
    columns = [known.get(cell.casefold().replace("_", " "), "") for cell in cells]
    for cell, column in zip(cells, columns, strict=True):
        if cell and not column:
            near = get_close_matches(cell.casefold(), known, 1)
            hint = f"did you mean “{known[near[0]]}”?" if near else f"columns are {', '.join(COLUMNS)}"
            raise Refused(f"line 1: the column “{cell[:40]}” is not known; {hint} (leave out what is not needed)")
    twice = next((name for name in columns if name and columns.count(name) > 1), "")
    if twice:
        raise Refused(f"line 1: two columns are {twice}")
    if "address" not in columns:
        raise Refused(f"line 1: no column holds the address; columns are {', '.join(COLUMNS)}")
    return columns
