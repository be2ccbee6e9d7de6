"""Gives the usual mark to quotes that other programs mark otherwise, below `… wrote:`: `PK> `, `| `, `: `."""

import re

MOST_ATTRIBUTION = 200

_INITIALS = re.compile(r" {0,4}([A-Z][A-Za-z.-]{0,9})> ?")
_UNUSUAL = re.compile(r"^[ \t]{0,4}(?:[A-Z][A-Za-z.-]{0,9}>|[|:}](?: |$))", re.MULTILINE)
_GNUS = re.compile(r">>>>> \"(\w{1,12})\" == ")
_BAR = re.compile(r"[ \t]{0,3}([|:}])(?: |$)")
_WROTE = re.compile(
    r"\b(?:wrote|writes|(?<=> )said|schrieb(?:en)?|a écrit|écrit|escribió|ha scritto|escreveu|schreef|napisał\w?|pisze|skrev)\b"
    r".{0,100}[:：>]\s*$"
)


def with_usual_marks(lines: list[str]) -> list[str]:
    """The lines, with `> ` in place of the initials or the bar that the first line below an attribution begins with; of
    initials also where the mail begins so.

    Elsewhere they stay: people write `Q> ` before questions, and who said what before a dialogue.
    """
    if not _UNUSUAL.search("\n".join(lines)):
        return lines
    initials = {match.group(1) for line in lines if (match := _GNUS.match(line))}
    bar = ""
    if top := _INITIALS.match(next((line for line in lines if line.strip()), "")):
        initials.add(top.group(1))
    for number, line in enumerate(lines[:-1]):
        if not line.rstrip().endswith((":", "：", ">")) or not _WROTE.search(line[-MOST_ATTRIBUTION:]):
            continue
        first = lines[number + 1] or (lines[number + 2] if number + 2 < len(lines) else "")
        if match := _INITIALS.match(first):
            initials.add(match.group(1))
        elif not bar and (match := _BAR.match(first)):
            bar = match.group(1)
    if initials:
        lines = [_without_initials(line, initials) for line in lines]
    return [f"> {each.lstrip()[1:].lstrip()}" if _has_mark(each, bar) else each for each in lines] if bar else lines


def _without_initials(line: str, marks: set[str]) -> str:
    match = _INITIALS.match(line)
    return f"> {line[match.end() :]}" if match and match.group(1) in marks else line


def _has_mark(line: str, sign: str) -> bool:
    found = _BAR.match(line)
    return found is not None and found.group(1) == sign
