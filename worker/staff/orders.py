"""Reading #commands: lines at the top of an answer, before its text, that say what shall happen to the case."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from unicodedata import combining, normalize

from cases.errors import Refused
from cases.model.wording import Phrase, phrase
from worker.mail.phrases import called, in_each


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


TAKES = frozenset({Order.CLOSE, Order.ASSIGN, Order.CATEGORY, Order.RISK, Order.REPORTER, Order.AWAY})
"""What is no command without a word after it."""
COMMANDS = tuple(("commands", Phrase(f"command.{order.value}")) for order in Order)
"""The list of them, for `notice_commands`."""

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

    def problems(self) -> Iterator[Phrase]:
        """What is wrong with how it was asked."""
        for word in self.unknown:
            yield phrase("problem.unknown", word=word[:30])
        for order, argument in self.asked:
            if order in TAKES and not argument:
                yield Phrase(f"problem.{order.value}")


def read_orders(words: str) -> Orders:
    """The commands above the text: lines that begin with # and a letter, until the first other line."""
    lines = words.strip().split("\n")
    asked: list[tuple[Order, str]] = []
    unknown: list[str] = []
    at = 0
    while at < len(lines):
        line = normalize("NFC", lines[at]).strip("\u200b\ufeff \t\u00a0")
        found = _LINE.fullmatch(line)
        if found is None and line:
            break
        at += 1
        if found is None:
            continue
        order, argument = _words().get(folded(found[1])), found[2].strip()
        if order is not None:
            asked.append((order, argument))
        else:
            unknown.append(found[1])
    return Orders(tuple(asked), tuple(unknown), "\n".join(lines[at:]).strip())


@cache
def _words() -> dict[str, Order]:
    """What stands for each command, in any language that mails are written in."""
    return {folded(word): order for order in Order for word in (order.value, *in_each(f"order.{order.value}"))}


def folded(word: str) -> str:
    """A word as it is compared: without case and accents, which phones put in and leave out."""
    return "".join(one for one in normalize("NFKD", word.casefold()) if not combining(one))


def meant(kind: str, word: str, names: Iterable[str]) -> str:
    """Which of these names a colleague means who writes it in any language; the word itself where it is none."""
    wanted = " ".join(folded(word).replace("_", " ").replace("-", " ").split())
    for name in names:
        if wanted in {folded(one) for one in (name.replace("_", " "), *called(kind, name))}:
            return name
    return word


def read_day(argument: str) -> date:
    """The day in `until 2027-01-07` or `7.1.2027`; raises `Refused` for anything that could be two days."""
    words = re.sub(r"^(until|til|till|bis|jusqu['’]au|hasta)\b", "", argument.strip(), flags=re.IGNORECASE).strip(" .")
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
