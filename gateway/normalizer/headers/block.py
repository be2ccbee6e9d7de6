"""Splits a header block into fields, whatever its line ends, folding or missing blank line."""

import re

from gateway.normalizer.problems import Problems

MOST_FIELDS = 1000
MOST_FIELD_BYTES = 128 * 1024
MOST_BLOCK_BYTES = 4 * 1024 * 1024

# RFC 5322 2.2: a field name is printable ASCII but colon; real mail also puts a space before the colon.
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_MBOX_LINE = re.compile(rb">?From \S+ .*\d")


class Headers:
    """The fields of one block, names in lower case, values unfolded but still bytes."""

    __slots__ = ("_by_name", "fields")

    def __init__(self, fields: tuple[tuple[str, bytes], ...] = ()) -> None:
        self.fields = fields
        self._by_name: dict[str, list[bytes]] = {}
        for name, value in fields:
            self._by_name.setdefault(name, []).append(value)

    def all(self, name: str) -> list[bytes]:
        """Every value of this field, in order; `name` in lower case."""
        return self._by_name.get(name, [])

    def first(self, name: str) -> bytes:
        """The first value that is not blank, or b""."""
        return next((value for value in self._by_name.get(name, ()) if value.strip()), b"")

    def counts(self) -> dict[str, int]:
        """How often each field is there."""
        return {name: len(values) for name, values in self._by_name.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name


class _Collector:
    """Gathers fields line by line, within the limits above."""

    def __init__(self, problems: Problems) -> None:
        self.fields: list[tuple[str, bytes]] = []
        self._problems = problems
        self._lines: list[bytes] = []
        self._name = ""
        self._size = 0

    def start(self, line: bytes, match: re.Match[bytes]) -> None:
        self.finish()
        self._name = match.group(1).decode("ascii").lower()
        self._size = 0
        self._lines = []
        self._keep(line[match.end() :])

    def fold(self, line: bytes) -> None:
        if self._name:
            self._keep(line)

    def _keep(self, line: bytes) -> None:
        room = MOST_FIELD_BYTES - self._size
        if len(line) > room:
            self._problems.add(f"the header {self._name!r} is longer than {MOST_FIELD_BYTES // 1024} KB and was cut")
        if room > 0:
            self._lines.append(line[:room].strip(b" \t\r\n"))
            self._size += len(line) + 1

    @property
    def begun(self) -> bool:
        """Whether there is a field to which a line may belong."""
        return bool(self._name or self.fields)

    def finish(self) -> None:
        if self._name:
            self.fields.append((self._name, b" ".join(self._lines).strip() if len(self._lines) > 1 else self._lines[0]))
        self._name = ""


def _next_line(raw: bytes, at: int, end: int) -> tuple[bytes, int]:
    """The line at `at` without its line end, and where the next one starts."""
    newline = raw.find(b"\n", at, end)
    if newline < 0:
        return raw[at:end], end
    return raw[at:newline].rstrip(b"\r"), newline + 1


def _headers_go_on(raw: bytes, at: int, end: int) -> bool:
    """Whether a line that is no field is a slip inside the block: at least two fields follow within five lines."""
    seen = 0
    for _ in range(5):
        line, at = _next_line(raw, at, end)
        if not line.strip():
            break
        if _FIELD.match(line):
            seen += 1
    return seen >= 2


def read_block(raw: bytes, start: int, end: int, problems: Problems, *, outermost: bool = False) -> tuple[Headers, int]:
    """The header fields in `raw[start:end]`, and where the body begins. `outermost` skips blank and mbox lines above.

    Time and memory are linear in the block, which ends at a blank line, at a line that can be no header, or at the limit.
    """
    at = _skip_preface(raw, start, end) if outermost else start
    collector = _Collector(problems)
    block_end = min(end, at + MOST_BLOCK_BYTES)
    while at < end:
        if at >= block_end:
            problems.add("the header block is too long; the rest was read as text")
            break
        line, after = _next_line(raw, at, end)
        if not line:
            at = after
            break
        if line[0] in b" \t":
            if not line.strip() and not _continues(raw, after, end):
                at = after
                break
            collector.fold(line)
        elif match := _FIELD.match(line):
            collector.start(line, match)
        elif collector.begun and _headers_go_on(raw, after, end):
            problems.add("a broken line among the headers was joined to the one above it")
            collector.fold(line)
        else:
            problems.add("the blank line between headers and text is missing")
            break
        at = after
        if len(collector.fields) >= MOST_FIELDS:
            problems.add(f"more than {MOST_FIELDS} header fields; the rest was ignored")
            at = _past_block(raw, at, end)
            break
    collector.finish()
    return Headers(tuple(collector.fields)), at


def _past_block(raw: bytes, at: int, end: int) -> int:
    """Past the next blank line, or to the end."""
    found = [place + len(mark) for mark in (b"\n\n", b"\n\r\n") if (place := raw.find(mark, at, end)) >= 0]
    return min(found) if found else end


def _continues(raw: bytes, at: int, end: int) -> bool:
    """Whether the block goes on below a line of white space only (obsolete folding, RFC 5322 4.2)."""
    line, _ = _next_line(raw, at, end)
    return bool(_FIELD.match(line))


def _skip_preface(raw: bytes, at: int, end: int) -> int:
    """Past blank lines and the `From ` line of an mbox."""
    while at < end and raw[at] in b"\r\n":
        at += 1
    line, after = _next_line(raw, at, min(end, at + 1000))
    return after if _MBOX_LINE.match(line) else at
