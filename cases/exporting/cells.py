"""Cells of a table that a spreadsheet opens: what would be a formula there is words."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that spreadsheets take for something to work out (OWASP, CSV injection)."""


def cell(value: object) -> str:
    """The value as a cell: one that would be a formula begins with an apostrophe, which spreadsheets do not show."""
    text = str(value)
    first = text.lstrip(" \u00a0\ufeff")[:1]
    return f"'{text}" if text[:1] in FORMULAS or first in FORMULAS else text


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file (RFC 4180) in UTF-8 with the mark by which spreadsheets know that."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([cell(one) for one in heading])
    writer.writerows([cell(one) for one in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()
