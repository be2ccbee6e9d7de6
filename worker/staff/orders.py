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
from worker.staff.answer import above_notice


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

# Keyboards write # in full width too, clients put quotation marks and asterisks around. A number after it is no command,
# nor a word that is none of ours after a space or two signs: "#1", "# Heading".
_LINE = re.compile(r"[\s>*_\"'“”„‘’«»-]*([#＃]+[ \t\u00a0]*)([^\W\d_][\w-]*)[ \t\u00a0]*[:：]?[ \t\u00a0]*(.*)")
_AROUND = " \t\u00a0*_\"'“”„‘’«»"


@dataclass(frozen=True, slots=True)
class Orders:
    """What an answer asks for, and its text below. `unknown` are words that are no commands, `below` commands within the text:
    who wrote them did not mean them for the reporter.
    """

    asked: tuple[tuple[Order, str], ...]
    unknown: tuple[str, ...]
    text: str = field(repr=False)
    below: tuple[str, ...] = ()

    def has(self, order: Order) -> bool:
        """Whether this is asked for."""
        return any(one is order for one, _ in self.asked)

    def problems(self) -> Iterator[Phrase]:
        """What is wrong with how it was asked."""
        for word in self.unknown:
            yield phrase("problem.unknown", word=word[:30])
        for word in self.below:
            yield phrase("problem.below", word=word[:30])
        for order, argument in self.asked:
            if order in TAKES and not argument:
                yield Phrase(f"problem.{order.value}")


def read_orders(words: str) -> Orders:
    """The commands above the text: lines that begin with # and a letter, until the first other line."""
    lines = above_notice(words).strip().split("\n")
    asked: list[tuple[Order, str]] = []
    unknown: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip("\u200b\ufeff \t\u00a0")
        sign, word, argument = _split(line)
        order = _words().get(folded(word))
        if line and order is None and sign not in {"#", "＃"}:
            break
        at += 1
        if order is not None:
            asked.append((order, argument))
        elif line:
            unknown.append(word)
    text = "\n".join(lines[at:]).strip()
    return Orders(tuple(asked), tuple(unknown), text, tuple(_below(text)))


def _split(line: str) -> tuple[str, str, str]:
    """The sign, the word and what follows it; three times nothing for a line that looks like no command."""
    found = _LINE.fullmatch(line)
    return (found[1], found[2], found[3].strip(_AROUND)) if found else ("", "", "")


def _below(text: str) -> Iterator[str]:
    """Words of commands that stand alone at the beginning of a line of the text; what is quoted is somebody else's."""
    for line in text.split("\n"):
        sign, word, _ = _split(line.strip("\u200b\ufeff \t\u00a0"))
        if sign in {"#", "＃"} and folded(word) in _words() and not line.lstrip().startswith((">", "|")):
            yield word


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
