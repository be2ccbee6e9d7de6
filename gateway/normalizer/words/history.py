"""Finds where a mail stops being this person's words and repeats earlier ones."""

import re
from dataclasses import dataclass
from enum import Enum

from gateway.normalizer.words import history_phrases as phrases
from gateway.normalizer.words.notes import name_above, stacked, table_length, written_by_notes

MOST_BLOCK_LINES = 30
MOST_LINE = 1000
MOST_LABEL = 60

_QUOTED = re.compile(r"[ \t]{0,3}(?:>|＞|&gt;)")
_ATTRIBUTION_ENDS = (":", "：", "»", ">")
_RULE = re.compile(r"[ \t]*[-_=*~—–─]{3,}[ \t]*$")
_DATE_VALUE = re.compile(r"^\W*\d{1,4}[./ -]\w{1,12}[./ -]?\d{0,4}\W*$")


class Kind(Enum):
    """How the earlier words are introduced."""

    REPLY = "reply"
    FORWARD = "forward"
    HEADERS = "headers"
    ATTRIBUTION = "attribution"


@dataclass(frozen=True, slots=True)
class Mark:
    """An introduction: its kind, how many lines it takes, and whether earlier words follow it even without `>`."""

    kind: Kind
    length: int
    strong: bool
    start: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Header labels found together: the values by kind (`from`, `date`, `to`, `cc`, `subject`), and the lines taken."""

    values: dict[str, str]
    length: int


def is_quoted(line: str) -> bool:
    """Whether the line carries a quote mark in front. `>From` is what mailboxes make of a line that begins with
    From.
    """
    if _QUOTED.match(line) is None:
        return False
    return not (line.startswith(">From ") or (line.startswith((">>>", "> ")) and phrases.NO_QUOTE.match(line)))


def mark_at(lines: list[str], at: int, *, is_reply: bool) -> Mark | None:
    """The introduction that begins (or, for a wrapped attribution, ends) at line `at`, or None.

    `is_reply` says that the mail itself claims to answer another; then less is asked of an attribution.
    """
    line = lines[at][:MOST_LINE]
    stripped = line.strip()
    if len(stripped) < 5 and (found := stacked(lines, at)):
        return Mark(Kind.HEADERS, found[1], strong=True, start=found[0])
    if len(stripped) < 3:
        return None
    if mark := _separator(lines, at, stripped):
        return mark
    if line[-1:].isspace() and (length := table_length(lines, at)):
        return Mark(Kind.HEADERS, length, strong=True, start=at)
    if ":" in line[:40] or "：" in line[:40]:
        if (start := _name_above(lines, at)) is not None:
            values, length = read_labels(lines, at)
            if {"to", "subject"} <= values.keys() and written_by_notes(values):
                return Mark(Kind.HEADERS, at - start + length, strong=True, start=start)
        elif block := header_block(lines, at, is_reply=is_reply):
            return Mark(Kind.HEADERS, block.length, strong=True, start=at)
    return _attribution(lines, at, is_reply=is_reply)


def _name_above(lines: list[str], at: int) -> int | None:
    """Where the name and date begin that Lotus Notes writes above `To`, `cc` and `Subject`, or None."""
    label = label_of(lines[at])
    return name_above(lines, at) if label is not None and label[0] in {"to", "cc"} else None


def _separator(lines: list[str], at: int, stripped: str) -> Mark | None:
    first, last = stripped[0], stripped[-1]
    if first == last == "-" and phrases.DASHED_ATTRIBUTION.match(stripped) and phrases.MAIL_ADDRESS.search(stripped):
        return Mark(Kind.REPLY, 1, strong=True, start=at)
    if first == "-" and last != "-" and at + 1 < len(lines):
        joined = f"{stripped} {lines[at + 1].strip()}"
        if phrases.FORWARDED_BY.match(joined):
            return Mark(Kind.FORWARD, 2, strong=True, start=at)
    if first == ">" and phrases.GROUPWISE.match(stripped):
        return Mark(Kind.REPLY, 1, strong=True, start=at)
    if not first.isalnum() or last in "-_=*:：" or first in "以転下开開":
        if phrases.FORWARD_SEPARATOR.match(stripped) or phrases.FORWARD_SENTENCE.match(stripped):
            return Mark(Kind.FORWARD, 1, strong=True, start=at)
        if phrases.REPLY_SEPARATOR.match(stripped) or phrases.REPLY_ABOVE.match(stripped):
            return Mark(Kind.REPLY, 1 + headers_below(lines, at), strong=True, start=at)
    if _RULE.match(stripped) and (length := headers_below(lines, at)):
        return Mark(Kind.HEADERS, 1 + length, strong=True, start=at)
    return None


def headers_below(lines: list[str], at: int) -> int:
    """How many lines the block of headers takes that stands right below a rule (or mark) at line `at`; 0 without one."""
    below = next_written(lines, at + 1)
    if below - at > 3 or below >= len(lines) or (block := header_block(lines, below, after_rule=True)) is None:
        return 0
    return below - at - 1 + block.length


def next_written(lines: list[str], at: int) -> int:
    """The first line from `at` on that is not blank; the number of lines when there is none."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def label_of(line: str) -> tuple[str, str] | None:
    """The kind and value of a header label (`Von: Anna`), or None."""
    if ":" not in line[:MOST_LABEL] and "：" not in line[:MOST_LABEL]:
        return None
    match = phrases.LABEL.match(line[:MOST_LINE])
    if match is None:
        return None
    kind = phrases.KIND_OF_LABEL.get(match.group(1).strip().casefold())
    return (kind, match.group(2).strip().strip("*").strip()) if kind else None


def header_block(lines: list[str], at: int, *, is_reply: bool = True, after_rule: bool = False) -> Block | None:
    """The block of header labels that begins at `at`, if it is one that a client wrote.

    Three of from, date, to and subject are needed (two below a rule), with an address or, where the mail `is_reply` or the
    labels are a client's own, a time of day; so a person's `From: Monday` / `To: Friday` stays theirs. So do addresses
    that a line right above announces with a colon, unless a time of day is stated, as clients do.
    """
    if label_of(lines[at]) is None:
        return None
    values, length = read_labels(lines, at)
    main = values.keys() & {"from", "date", "to", "subject"}
    if "from" not in main or len(main) < (2 if after_rule else 3) or _DATE_VALUE.match(values["from"]):
        return None
    date = values.get("date", "") or values["from"]
    block = lines[at : at + length]
    if "@" in " ".join(values.values()):
        announced = at > 0 and not after_rule and lines[at - 1].rstrip().endswith((":", "："))
        found = not announced or phrases.TIME_OF_DAY.search(date) is not None
    elif after_rule:
        found = "date" in values or phrases.DATE.search(date) is not None
    else:
        clients = is_reply or any(phrases.SENT_LABEL.match(line) for line in block)
        found = clients and phrases.TIME_OF_DAY.search(date) is not None
    return Block(values, length) if found else None


def read_labels(lines: list[str], at: int) -> tuple[dict[str, str], int]:
    """The values of the labels from `at` on, and how many lines they take with their wrapped values."""
    values: dict[str, str] = {}
    last = at
    kind = ""
    loose = 0
    for number in range(at, min(len(lines), at + MOST_BLOCK_LINES)):
        line = lines[number]
        if found := label_of(line):
            if found[0] in values and found[0] in {"from", "subject"}:
                break
            kind, value = found
            values.setdefault(kind, value)
            last, loose = number, 0
        elif not line.strip():
            loose += 1
            following = next_written(lines, number)
            if following - number > 2 or following >= len(lines) or label_of(lines[following]) is None:
                break
        elif (
            kind in {"to", "cc", "subject", "other", "from", "date"}
            and loose < 4
            and _is_wrapped(lines, number, values.get(kind, ""))
        ):
            values[kind] = f"{values.get(kind, '')} {line.strip()}".strip()
            last, loose = number, loose + 1
        else:
            break
    return values, last - at + 1


def _is_wrapped(lines: list[str], number: int, value: str) -> bool:
    """Whether this line carries on the value above: empty before, an address list, or more labels still to come."""
    line = lines[number]
    if not value or value.endswith((",", ";")) or line.startswith((" ", "\t", "<")):
        return True
    following = lines[number + 1 : number + 4]
    return any(label_of(each) is not None for each in following if each.strip())


def _attribution(lines: list[str], at: int, *, is_reply: bool) -> Mark | None:
    """`On Monday, Anna wrote:`, on one to four lines, the last of which is `at`."""
    last = lines[at].rstrip()
    following = next_written(lines, at + 1)
    quotes_follow = following < len(lines) and is_quoted(lines[following])
    if last[-1:] not in _ATTRIBUTION_ENDS and not (
        quotes_follow
        and (phrases.WROTE.search(last[-30:]) or phrases.YOUR_MESSAGE.match(last) or last.startswith(("news:", "<")))
    ):
        return None
    joined = ""
    for start in range(at, max(-1, at - 4), -1):
        if not lines[start].strip() or is_quoted(lines[start]):
            break
        joined = f"{lines[start].strip()} {joined}".strip()
        if len(joined) > 500:
            break
        if _speaks(joined, quotes_follow=quotes_follow):
            first = _first_line(lines, start)
            joined = " ".join(line.strip() for line in lines[first : at + 1])
            start = first  # noqa: PLW2901
            return Mark(Kind.ATTRIBUTION, at - start + 1, strong=_is_strong(joined, is_reply=is_reply), start=start)
    return None


def _speaks(joined: str, *, quotes_follow: bool) -> bool:
    if phrases.DATE_NAME_ADDRESS.search(joined) or phrases.QUOTING.match(joined):
        return True
    dated = (phrases.DATE_FIRST, phrases.NAMED_AND_DATED, phrases.YOUR_MESSAGE)
    if quotes_follow and any(each.match(joined) for each in dated):
        return True
    if not joined.endswith((":", "：")) and not quotes_follow:
        return False
    if not phrases.WROTE.search(joined):
        return False
    if phrases.MAIL_ADDRESS.search(joined) or phrases.DATE.search(joined):
        return True
    return quotes_follow and phrases.NAME_WROTE.match(joined) is not None


def _first_line(lines: list[str], start: int) -> int:
    """Up to three lines up when the attribution was wrapped before its name, or before the address."""
    above = lines[start - 1].strip() if start else ""
    if above and phrases.ADDRESS_FIRST.match(lines[start]) and not is_quoted(above) and len(above) < MOST_LABEL * 2:
        first_of_paragraph = start == 1 or not lines[start - 2].strip()
        if above.endswith("<") or (first_of_paragraph and phrases.NAME_ALONE.match(above)):
            return _first_line(lines, start - 1)
    if phrases.OPENING.match(lines[start]) and phrases.DATE.search(lines[start]):
        return start
    for number in range(start - 1, max(-1, start - 4), -1):
        above = lines[number].strip()
        if not above or len(above) > 200 or is_quoted(lines[number]):
            break
        if phrases.OPENING.match(above) and phrases.DATE.search(above):
            return number
    return start


def _is_strong(joined: str, *, is_reply: bool) -> bool:
    """Whether what follows is earlier text even without quote marks."""
    if phrases.MAIL_ADDRESS.search(joined) and phrases.DATE.search(joined):
        return True
    dated = phrases.DATE.search(joined) is not None and phrases.TIME.search(joined) is not None
    return is_reply and dated and not phrases.TOLD.search(joined)
