"""One submission's text, read once: where the words and phrases of every list stand."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from cases.model.runs import words_of
from cases.model.submission import Submission
from rules.text.lexicon import Lexicon, Meaning
from rules.text.words import fold

SUBJECT = "subject"
TEXT = "text"
FORWARDED = "forwarded part"

# What ends a sentence: a phrase does not reach across it.
_SENTENCE_END = re.compile(r"[.!?;\n](?:(?<!\n)(?=\s|\Z)|(?<=\n)[ \t\r]*\n)")
_ABBREVIATIONS = frozenset(["mr", "mrs", "ms", "dr", "prof", "st", "hr", "fr", "sr", "sra", "mme", "mlle", "nr"])

_NOWHERE: list["Hit"] = []


class Hit(NamedTuple):
    """Where an entry stands: the part, and characters from `start` to `end` within it."""

    part: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the submission that rules read: its name for the trace, and its text."""

    name: str
    text: str


class Tokens:
    """The words of a part in order. A mail has hundreds and few are looked at: what else is known of them is found late."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.written = words_of(text)

    @cached_property
    def folded(self) -> list[str]:
        """The words without case and accents."""
        if self.text.isascii():
            return words_of(self.text.lower())
        return [word.lower() if word.isascii() else fold(word) for word in self.written]

    @cached_property
    def starts(self) -> list[int]:
        """Where each word starts."""
        starts, end = list[int](), 0
        for word in self.written:
            start = self.text.index(word, end)  # what lies between two words is in neither
            end = start + len(word)
            starts.append(start)
        return starts

    @cached_property
    def sentences(self) -> list[int]:
        """A number for each word, which grows where a sentence ends."""
        sentences: list[int] = []
        sentence = 0
        for match in _SENTENCE_END.finditer(self.text):
            at = match.start()
            before = bisect_left(self.starts, at, lo=len(sentences))
            if match.group() == "." and before and self.end(before - 1) == at and _is_short(self.written[before - 1]):
                continue
            sentences += [sentence] * (before - len(sentences))
            sentence += 1
        return sentences + [sentence] * (len(self.written) - len(sentences))

    def end(self, place: int) -> int:
        """Where the word at this place ends."""
        return self.starts[place] + len(self.written[place])


def _is_short(word: str) -> bool:
    """Whether a full stop behind this word ends no sentence: "E. Hall" and "Dr. Hall" are one name."""
    return len(word) == 1 or word.lower() in _ABBREVIATIONS


def parts_of(submission: Submission) -> tuple[Part, ...]:
    """Subject, the new text, and what a first mail forwards, which counts but is said apart. Quotes are not among them."""
    named = (SUBJECT, submission.subject), (TEXT, submission.new_text), (FORWARDED, submission.forwarded_text)
    return tuple(Part(name, text) for name, text in named if text)


class TextIndex:
    """What one submission holds of a ruleset's lists. Patterns are searched when asked for."""

    def __init__(self, submission: Submission, lexicon: Lexicon, language: str = "") -> None:
        """`language` is the text's, "" when unknown."""
        self.parts = parts_of(submission)
        self.tokens = tuple(Tokens(part.text) for part in self.parts)
        self._lexicon = lexicon
        self._language = language
        self._hits: dict[int, list[Hit]] = defaultdict(list)
        self._searched: set[int] = set()
        for number, tokens in enumerate(self.tokens):
            self._read(number, tokens)

    def _read(self, part: int, tokens: Tokens) -> None:
        remembered, meanings = self._lexicon.remembered(self._language), self._lexicon.meanings
        units = [
            found if (found := remembered.get(word)) is not None else self._lexicon.units_of(word, self._language)
            for word in tokens.written
        ]
        for place, found in enumerate(units):
            if not found:
                continue
            meaning = meanings[found] if found in meanings else self._lexicon.meaning_of(found)
            if meaning is None:
                continue
            for number in meaning.lists:
                self._hits[number].append(Hit(part, tokens.starts[place], tokens.end(place)))
            if place + 1 < len(units) and not meaning.opens.keys().isdisjoint(units[place + 1]):
                self._read_phrases(part, tokens, units, place, meaning)

    def _read_phrases(
        self, part: int, tokens: Tokens, units: list[tuple[int, ...]], place: int, meaning: Meaning
    ) -> None:
        """Those that the word at this place opens, and the next one carries on."""
        for second in units[place + 1]:
            for rest, number in meaning.opens.get(second, ()):
                last = place + 1 + len(rest)
                if (
                    last < len(units)
                    and all(wanted in units[place + step] for step, wanted in enumerate(rest, 2))
                    and tokens.sentences[last] == tokens.sentences[place]
                ):
                    self._hits[number].append(Hit(part, tokens.starts[place], tokens.end(last)))

    @property
    def lists_found(self) -> Iterable[int]:
        """Numbers of the lists of which a word or phrase stands in the text; patterns are not among them."""
        return self._hits.keys()

    def hits(self, number: int) -> list[Hit]:
        """Where the list of this number matches, in reading order within words, phrases, patterns."""
        patterns = self._lexicon.patterns.get(number)
        if patterns and number not in self._searched:
            self._searched.add(number)
            for place, part in enumerate(self.parts):
                for pattern in patterns:
                    self._hits[number] += [Hit(place, *match.span()) for match in pattern.finditer(part.text)]
        return self._hits.get(number, _NOWHERE)

    def words_at(self, hit: Hit) -> str:
        """The words as they stand in the text."""
        return self.parts[hit.part].text[hit.start : hit.end]
