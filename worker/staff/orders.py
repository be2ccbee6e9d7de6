"""Reading #commands: lines at the top of an answer, before its text, that say what shall happen to the case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cases.errors import Refused


class Order(StrEnum):
    """What can be asked for by mail."""

    NOTE = "note"
    CLOSE = "close"
    ASSIGN = "assign"
    CATEGORY = "category"
    RISK = "risk"
    WAIT = "wait"
    REPORTER = "reporter"
    AWAY = "away"
    HELP = "help"


TAKES = {Order.CLOSE: "an outcome", Order.ASSIGN: "a name", Order.CATEGORY: "a category", Order.RISK: "a level",
         Order.REPORTER: "a mail address", Order.AWAY: "until and a day, as in #away until 2027-01-07"}  # fmt: skip
"""What must follow the word."""

COMMANDS = """#note  what follows stays among colleagues
#close OUTCOME  closes the case, after your text has gone out
#assign NAME  gives the case to a colleague, by name or address; #assign me takes it
#category NAME  sorts it anew
#risk LEVEL  says how serious it is; lower than before with why: #risk low it was a drill
#wait  you are waiting for the reporter
#reporter ADDRESS  says whose words these are, in a case that you forwarded
#away until 2027-01-07  you are away until that day
#help  sends this list"""

# Keyboards write # in full width too. A number or a space after it is no command: "#1", "# Heading".
_LINE = re.compile(r"[ \t\u00a0>*-]*[#＃]([^\W\d_][\w-]*)[ \t\u00a0]*[:：]?[ \t\u00a0]*(.*)")


@dataclass(frozen=True, slots=True)
class Orders:
    """What an answer asks for, and its text below. `unknown` are words that are no commands."""

    asked: tuple[tuple[Order, str], ...]
    unknown: tuple[str, ...]
    text: str = field(repr=False)

    def has(self, order: Order) -> bool:
        """Whether this is asked for."""
        return any(one is order for one, _ in self.asked)

    def problems(self) -> Iterator[str]:
        """What is wrong with how it was asked."""
        for word in self.unknown:
            yield f"“#{word[:30]}” is not a command"
        for order, argument in self.asked:
            if order in TAKES and not argument:
                yield f"#{order.value} needs {TAKES[order]}"


def read_orders(words: str) -> Orders:
    """The commands above the text: lines that begin with # and a letter, until the first other line."""
    lines = words.strip().split("\n")
    asked: list[tuple[Order, str]] = []
    unknown: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip("\u200b\ufeff \t\u00a0")
        found = _LINE.fullmatch(line)
        if found is None and line:
            break
        at += 1
        if found is None:
            continue
        name, argument = found[1].casefold(), found[2].strip()
        if name in set(Order):
            asked.append((Order(name), argument))
        else:
            unknown.append(found[1])
    return Orders(tuple(asked), tuple(unknown), "\n".join(lines[at:]).strip())


def read_day(argument: str) -> date:
    """The day in `until 2027-01-07` or `7.1.2027`; raises `Refused` for anything that could be two days."""
    words = re.sub(r"^(until|til|till|bis|jusqu'au|hasta)\b", "", argument.strip(), flags=re.IGNORECASE).strip(" .")
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (1, 2, 3)),
        (r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", (3, 2, 1)),
    ):
        if found := re.fullmatch(pattern, words):
            try:
                return date(*(int(found[place]) for place in order))
            except ValueError:
                break
    raise Refused(f"“{argument[:40]}” is no day that can be read: write it as in #away until 2027-01-07")
