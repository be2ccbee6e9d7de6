"""Finds the headers that Lotus Notes writes above earlier mail: a name, a date, then labels; or a table without colons."""

import re

MOST_TABLE_LINES = 16
MOST_TABLE_WIDTH = 200

_MOMENT = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? +\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AP]M)?(?: [A-Z]{3,4})?"
_MOMENT_ALONE = re.compile(rf"\s*{_MOMENT}\s*$", re.IGNORECASE)
_NAME_THEN_MOMENT = re.compile(rf"\s*\S.{{1,120}}\s(?:on\s+)?{_MOMENT}\s*$", re.IGNORECASE)
_NAME = re.compile(r"\s*[\"'<]?[^\W\d_][^:;!?]{1,100}$")
_BESIDE = re.compile(r"\s*(?:sent by:|please respond to|gesendet von:|bitte antwort an|to:|an:)", re.IGNORECASE)
_TO_ALONE = frozenset(["To", "An", "A", "À", "Para", "Aan", "Do", "Till", "Til", "宛先", "收件人"])
_SUBJECT_ALONE = frozenset([
    "Subject", "Thema", "Betreff", "Objet", "Asunto", "Oggetto", "Assunto", "Onderwerp", "Temat", "Ämne", "Emne", "件名", "主题"
])  # fmt: skip
MOST_STACKED_LINES = 20
_TABLE = (re.compile(r"\s{15,}To\s*$"), re.compile(r"\scc\s*$"), re.compile(r"\s{15,}(?:Subject|Fax to)\s*$"))


def name_above(lines: list[str], labels: int) -> int | None:
    """Where the name and date begin that stand directly above the labels at line `labels`; None when there are none."""
    at = labels - 1
    while at >= max(0, labels - 2) and not lines[at].strip():
        at -= 1
    for number in range(at, max(-1, at - 4), -1):
        line = lines[number]
        if not line.strip():
            return None
        if _MOMENT_ALONE.match(line):
            above = next(
                (each for each in range(number - 1, max(-1, number - 3), -1) if _NAME.match(lines[each])), None
            )
            return number if above is None else above
        if _NAME_THEN_MOMENT.match(line):
            return number
        if not _BESIDE.match(line):
            return None
    return None


def stacked(lines: list[str], at: int) -> tuple[int, int] | None:
    """Where the headers begin, and how many lines they take, whose labels stand alone, each above its value: `To` at line
    `at`, `Subject` below it, a name and a date above. None when these are none.
    """
    if lines[at].strip() not in _TO_ALONE or (start := name_above(lines, at)) is None:
        return None
    for number in range(at + 2, min(len(lines), at + MOST_STACKED_LINES)):
        if lines[number].strip() in _SUBJECT_ALONE:
            return start, min(number + 2, len(lines)) - start
    return None


def written_by_notes(values: dict[str, str]) -> bool:
    """Whether labels below a name and a date are those of Notes, which always writes `cc`, and addresses with @ or /.

    Without, they may be what a person wrote: `To: Peter`, `Subject: Overtime`.
    """
    return "cc" in values or "@" in values["to"] or "/" in values["to"]


def table_length(lines: list[str], at: int) -> int:
    """How many lines the table takes whose first line is `at` (names left; To, cc, Subject right); 0 when it is none."""
    if not lines[at].startswith("        "):
        return 0
    wanted = list(_TABLE)
    for number in range(at, min(len(lines), at + MOST_TABLE_LINES)):
        line = lines[number]
        if len(line) > MOST_TABLE_WIDTH or (line.strip() and not line.startswith("   ")):
            return 0
        if wanted and wanted[0].search(line):
            wanted.pop(0)
        elif not wanted and not line.strip():
            return number - at
    return 0
