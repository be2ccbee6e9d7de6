"""All words and patterns of one ruleset, compiled so that a text is read once however many rules look at it."""

import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.errors import Refused
from cases.model.runs import words_of
from rules.text.words import LANGUAGES, fold, spellings, stems

MOST_REMEMBERED = 50_000
"""Distinct words of mails whose matches are remembered; then the memory starts anew."""

LONGEST_REMEMBERED = 30
LONGEST_PATTERN = 500
_TWICE = re.compile(r"\((?:\?:)?((?:\\?[^()\[\]\\]|\\.|\[[^\]]*\])[+*])\)[+*]")
"""One thing repeated, and that again, as in `(a+)+`: what makes other engines hang, and says nothing more than `a+`."""
PATTERN_MEMORY = 1 << 20


@dataclass(frozen=True, slots=True)
class Unit:
    """One word of an entry. `form` is `any ending`, `exact` or `beginning`; no languages means all configured."""

    word: str
    form: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: a word, a phrase of words, or a pattern."""

    units: tuple[Unit, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word of a text does as the units that it is: the lists it is in, and the phrases it opens.

    `opens` holds, for the unit to come next, the units to follow it and the list's number.
    """

    lists: tuple[int, ...]
    opens: dict[int, list[tuple[tuple[int, ...], int]]]


def read_entry(text: str, languages: tuple[str, ...] = ()) -> Entry:
    """An entry as written: `word`, `several words`, `begin*`, `=exact`, `re:/pattern/`. Raises Refused with words."""
    if text.startswith("re:"):
        return Entry(pattern=_read_pattern(text))
    units = []
    for piece in text.split():
        words = words_of(piece)
        form = "exact" if piece.startswith("=") else "any ending"
        if piece.endswith("*") and words and len(words[-1]) < 3:
            raise Refused(f'"{piece}" begins with too few letters; give at least three before the *')
        units += [Unit(word, form, languages) for word in words[:-1]]
        units += [Unit(words[-1], "beginning" if piece.endswith("*") else form, languages)] if words else []
    if not units:
        raise Refused(f'"{text}" holds no word')
    return Entry(units=tuple(units))


def _read_pattern(text: str) -> str:
    if not (text.startswith("re:/") and text.endswith("/") and len(text) > len("re://")):
        raise Refused(f'"{text}" is no pattern; write it like re:/ord(er|re)s?/')
    pattern = text[len("re:/") : -1]
    if len(pattern) > LONGEST_PATTERN:
        raise Refused(f"the pattern is longer than {LONGEST_PATTERN} characters")
    compiled = compile_pattern(pattern)
    if twice := _TWICE.search(pattern):
        raise Refused(f'the pattern repeats a repetition, "{twice[0]}"; "{twice[1]}" means the same')
    if compiled.search("") is not None:
        raise Refused("the pattern matches everything, since it also matches nothing at all")
    if all(compiled.search(sample) for sample in ("Dear team,", "7 x 9", "été")):
        raise Refused("the pattern matches everything")
    return pattern


def compile_pattern(pattern: str) -> Any:
    """The pattern for RE2: linear time, upper and lower case alike. Raises Refused where RE2 cannot read it."""
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise Refused(f"the pattern cannot be read: {error}") from error


class Lexicon:
    """Every list of a ruleset, by number. An index reads a text with `meanings` and `patterns`.

    `phrases` holds, for a first unit and a second one, the units to follow and the list's number.
    """

    def __init__(self, lists: Iterable[tuple[Entry, ...]], languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.singles: dict[int, list[int]] = defaultdict(list)
        self.phrases: dict[int, dict[int, list[tuple[tuple[int, ...], int]]]] = {}
        self.patterns: dict[int, tuple[Any, ...]] = {}
        self._units: dict[Unit, int] = {}
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._stems: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._beginnings: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._openings: dict[str, set[tuple[str, tuple[str, ...]]]] = defaultdict(set)
        self._stemmed = tuple(code for code in languages if code in LANGUAGES)
        self._bound_to: dict[int, tuple[str, ...]] = {}
        self._remembered: dict[str, dict[str, tuple[int, ...]]] = {}
        self.meanings: dict[tuple[int, ...], Meaning | None] = {}
        self._lock = threading.Lock()
        for number, entries in enumerate(lists):
            self._add(number, entries)

    def _add(self, number: int, entries: tuple[Entry, ...]) -> None:
        patterns = tuple(compile_pattern(entry.pattern) for entry in entries if entry.pattern)
        if patterns:
            self.patterns[number] = patterns
        for entry in entries:
            units = tuple(self._unit(unit) for unit in entry.units)
            if len(units) == 1:
                self.singles[units[0]].append(number)
            elif units:
                opened = self.phrases.setdefault(units[0], {})
                opened.setdefault(units[1], []).append((units[2:], number))

    def _unit(self, unit: Unit) -> int:
        if unit in self._units:
            return self._units[unit]
        number = self._units[unit] = len(self._units)
        if unit.languages:
            self._bound_to[number] = unit.languages
        if unit.form == "beginning":
            for spelling in spellings(unit.word):
                self._beginnings[fold(spelling)[:3]].append((fold(spelling), number))
            return number
        for spelling in spellings(unit.word):
            self._exact[fold(spelling)].add(number)
        if unit.form == "any ending":
            for stem in stems(unit.word, [one for one in self._stemmed if one in (unit.languages or self._stemmed)]):
                self._stems[stem].add(number)
                self._openings[stem[1][:2]].add((stem[0], unit.languages))
        return number

    def units_of(self, word: str, language: str = "") -> tuple[int, ...]:
        """Numbers of the units that this word of a text is, remembered for the next text. `word` as it stands.

        `language` is the text's, "" when unknown: in an English text, entries of the German list take no German endings.
        """
        known = self.remembered(language).get(word)
        return self._learn(word, language) if known is None else known

    def meaning_of(self, units: tuple[int, ...]) -> Meaning | None:
        """What these units do, None for nothing ("the" stands inside phrases alone); remembered in `meanings`."""
        lists = tuple(number for unit in units for number in self.singles.get(unit, ()))
        opens: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        for unit in units:
            for second, follow in self.phrases.get(unit, {}).items():
                opens.setdefault(second, []).extend(follow)
        found = self.meanings[units] = Meaning(lists, opens) if lists or opens else None
        return found

    def remembered(self, language: str) -> dict[str, tuple[int, ...]]:
        """What is known of words in texts of this language."""
        return self._remembered.setdefault(language if language in self.languages else "", {})

    def _learn(self, word: str, language: str) -> tuple[int, ...]:
        remembered = self.remembered(language)
        with self._lock:
            found = self._look_up(word, language if language in self.languages else "")
            if len(remembered) >= MOST_REMEMBERED:
                remembered.clear()
            if len(word) <= LONGEST_REMEMBERED:
                remembered[word] = found
        return found

    def _look_up(self, word: str, language: str) -> tuple[int, ...]:
        folded = fold(word)
        found = set(self._exact.get(folded, ()))
        found.update(number for start, number in self._beginnings.get(folded[:3], ()) if folded.startswith(start))
        # A stemmer keeps how a word begins: most words of a text need no stemming at all, the others not in every language.
        opened = self._openings.get(folded[:2], ())
        codes = {code for code, bound in opened if not language or not bound or language in bound}
        if codes:
            for stem in stems(word, codes):
                for number in self._stems.get(stem, ()):
                    bound = self._bound_to.get(number, ())
                    if not language or not bound or language in bound:
                        found.add(number)
        return tuple(sorted(found))
