"""True when the subject or the new text holds a word, phrase or pattern of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Choice, Field
from rules.language.tree import Node
from rules.language.wordlists import WordList, Words
from rules.registry import Definition, Example
from rules.text.index import FORWARDED, SUBJECT, TEXT, Hit

MOST_SHOWN = 3

PLACES = {"subject": (SUBJECT,), "text": (TEXT, FORWARDED), "own words": (SUBJECT, TEXT)}
"""What `in:` may say, and which parts that is."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Words to look for, where, and phrases that explain a hit away when every hit stands inside one."""

    wanted: WordList
    unless: WordList | None = None
    within: str = ""
    at_least: int = 1

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the words as they stand, and the part of the mail they stand in."""
        index = facts.index
        hits = index.hits(self.wanted.number)
        if not hits:
            return FALSE
        if self.within:
            hits = [hit for hit in hits if index.parts[hit.part].name in PLACES[self.within]]
        if self.unless and hits:
            excused = index.hits(self.unless.number)
            hits = [hit for hit in hits if not any(_inside(hit, other) for other in excused)]
        found = dict.fromkeys(index.words_at(hit).casefold() for hit in hits)
        if len(found) < self.at_least:
            return FALSE
        evidence = tuple(dict.fromkeys(index.words_at(hit) for hit in hits))[:MOST_SHOWN]
        return holds(evidence, ", ".join(dict.fromkeys(index.parts[hit.part].name for hit in hits)))

    def words(self) -> str:
        """In words."""
        unless = f", unless only in {self.unless.label}" if self.unless else ""
        count = f" at least {self.at_least} different of" if self.at_least > 1 else ""
        return f"mentions{count} {self.wanted.label}{f' in the {self.within}' if self.within else ''}{unless}"


def _inside(hit: Hit, other: Hit) -> bool:
    return hit.part == other.part and other.start <= hit.start and hit.end <= other.end


def _make(value: WordList, options: Mapping[str, Any], reader: Reader, node: Node) -> Mentions:
    return Mentions(value, options.get("unless_only_in"), options.get("in", ""), int(options.get("at_least", 1)))


def _at_least() -> Field:
    from rules.language.shapes import Number

    return Field(Number(1, 50, whole=True), "how many different words must stand in the text; 1 when left out")


DEFINITION = Definition(
    name="mentions",
    about="The subject or the new text (no quotes, no signature) holds a word, phrase or pattern. Case, accents and word "
    "endings do not matter; several words are a phrase; `begin*` is any word that begins so; `=exact` takes no endings; "
    "`re:/…/` is a pattern. `I was not harassed` mentions harassment, on purpose.",
    shape=Words(),
    make=_make,
    options={
        "unless_only_in": Field(Words(), "phrases that explain a word away when every hit stands inside one"),
        "in": Field(Choice(tuple(PLACES)), "look only there; `own words` leaves a forwarded part out"),
        "at_least": _at_least(),
    },
    example=Example(
        yaml='{mentions: [harass, "hostile environment"], unless_only_in: ["harassment training"]}',
        given="{text: He keeps harassing me.}",
        otherwise="{text: When is the harassment training?}",
    ),
)
