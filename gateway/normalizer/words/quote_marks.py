"""Gives the usual mark to quotes that other programs mark otherwise: `PK> `, or `| ` and `: ` below `… wrote:`."""

import re
from collections import Counter

_INITIALS = re.compile(r" {0,4}([A-Z][A-Za-z.-]{0,9})> ?")
_UNUSUAL = re.compile(r"^[ \t]{0,4}(?:[A-Z][A-Za-z.-]{0,9}>|[|:}](?: |$))", re.MULTILINE)
_GNUS = re.compile(r">>>>> \"(\w{1,12})\" == ")
_BAR = re.compile(r"[ \t]{0,3}([|:}])(?: |$)")
_WROTE = re.compile(r"\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|napisał|skrev) ?:\s*$")


def with_usual_marks(lines: list[str]) -> list[str]:
    """The lines, with `> ` in place of initials that mark at least two of them, and of bars below an attribution."""
    text = "\n".join(lines)
    if not _UNUSUAL.search(text):
        return lines
    names = Counter(match.group(1) for line in lines if (match := _INITIALS.match(line)))
    marks = {name for name, count in names.items() if count > 1}
    marks.update(match.group(1) for line in lines if (match := _GNUS.match(line)))
    if marks:
        lines = [_without_initials(line, marks) for line in lines]
    for number, line in enumerate(lines[:-1]):
        if line.rstrip().endswith(":") and _WROTE.search(line):
            first = lines[number + 1] or (lines[number + 2] if number + 2 < len(lines) else "")
            if mark := _BAR.match(first):
                sign = mark.group(1)
                return [f"> {each.lstrip()[1:].lstrip()}" if _has_mark(each, sign) else each for each in lines]
    return lines


def _without_initials(line: str, marks: set[str]) -> str:
    match = _INITIALS.match(line)
    return f"> {line[match.end() :]}" if match and match.group(1) in marks else line


def _has_mark(line: str, sign: str) -> bool:
    found = _BAR.match(line)
    return found is not None and found.group(1) == sign
