"""One submission's text, read once: where the words and phrases of every list stand."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from cases.model.submission import Submission
from rules.text.lexicon import Lexicon
from rules.text.words import fold

SUBJECT = "subject"
TEXT = "text"
FORWARDED = "forwarded part"

# A word, or what ends a sentence: a phrase does not reach across it.
_TOKEN = re.compile(r"[^\W_]+|[.!?;](?=\s|\Z)|\n[ \t\r]*\n")
_FORWARD = re.compile(
    r"^[ \t>]*(-{2,}\s*(forwarded message|original message|weitergeleitete nachricht|urspr[üu]ngliche nachricht"
    r"|message transf[ée]r[ée]|message d'origine|mensaje reenviado|mensaje original)\s*-{2,}"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:"
    r"|d[ée]but du message (transf[ée]r[ée]|r[ée]exp[ée]di[ée])\s*:|inicio del mensaje reenviado:)",
    re.IGNORECASE | re.MULTILINE,
)


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


class Token(NamedTuple):
    """A word of a part, as it stands and folded; `sentence` grows where a sentence ends."""

    word: str
    folded: str
    start: int
    end: int
    sentence: int


def parts_of(submission: Submission) -> tuple[Part, ...]:
    """Subject, the new text, and a forwarded part of it, which counts but is said apart. Quotes are not among them."""
    text = submission.new_text
    forward = _FORWARD.search(text)
    cut = forward.start() if forward else len(text)
    parts = (Part(SUBJECT, submission.subject), Part(TEXT, text[:cut]), Part(FORWARDED, text[cut:]))
    return tuple(part for part in parts if part.text)


def tokens_of(text: str) -> list[Token]:
    """The words of a text in order."""
    tokens: list[Token] = []
    new = partial(tuple.__new__, Token)  # a mail has hundreds of words: this is the hottest loop of a decision
    sentence = 0
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word[0] in ".!?;\n":
            # "E. Hall" and "Dr. Hall" are one name, not two sentences.
            short = word == "." and tokens and tokens[-1].end == match.start()
            if not (short and (len(tokens[-1].word) == 1 or tokens[-1].word.lower() in _ABBREVIATIONS)):
                sentence += 1
        else:
            tokens.append(new((word, word.lower() if word.isascii() else fold(word), *match.span(), sentence)))
    return tokens


class TextIndex:
    """What one submission holds of a ruleset's lists. Patterns are searched when asked for."""

    def __init__(self, submission: Submission, lexicon: Lexicon, language: str = "") -> None:
        """`language` is the text's, "" when unknown."""
        self.parts = parts_of(submission)
        self.tokens = tuple(tokens_of(part.text) for part in self.parts)
        self._lexicon = lexicon
        self._language = language
        self._hits: dict[int, list[Hit]] = defaultdict(list)
        self._searched: set[int] = set()
        for number, tokens in enumerate(self.tokens):
            self._read(number, tokens)

    def _read(self, part: int, tokens: list[Token]) -> None:
        singles, phrases = self._lexicon.singles, self._lexicon.phrases
        remembered, learn = self._lexicon.remembered(self._language), self._lexicon.units_of
        units = [
            found if (found := remembered.get(token.word)) is not None else learn(token.word, self._language)
            for token in tokens
        ]
        units.append(())
        for place, found in enumerate(units):
            for unit in found:
                token = tokens[place]
                for number in singles.get(unit, ()):
                    self._hits[number].append(Hit(part, token.start, token.end))
                for second in units[place + 1]:
                    for rest, number in phrases.get((unit, second), ()):
                        last = place + 1 + len(rest)
                        if (
                            last < len(tokens)
                            and tokens[last].sentence == token.sentence
                            and all(wanted in units[place + step] for step, wanted in enumerate(rest, 2))
                        ):
                            self._hits[number].append(Hit(part, token.start, tokens[last].end))

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
