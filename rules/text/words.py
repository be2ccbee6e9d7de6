"""Folding of words for case and accents, and their stems in each language."""

import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "en": "english", "es": "spanish", "eu": "basque",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
"""Languages whose word endings are known: ISO 639-1 code to Snowball algorithm."""

SHORTEST_STEMMED = 4
"""Letters: shorter words match as they are, since their "endings" are mostly other words (sue, suer)."""

SHORTEST_STEM = 4
"""Letters: what is left of a word must still be one (Spanish would make "her" of "herido" and of "here")."""

LONGEST_STEMMED = 40
"""Letters: nothing longer is a word, and stemming costs by the letter."""


def fold(word: str) -> str:
    """Lower case without accents: `Belästigung` gives `belastigung`, `ß` gives `ss`."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def spellings(word: str) -> frozenset[str]:
    """How people type a word: as it is, without accents, and German umlauts as ae, oe, ue."""
    lower = word.lower()
    umlauts = lower.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return frozenset({lower, fold(word), fold(umlauts)})


MOST_STEMS = 60_000
"""Stems kept in a process: the words of many texts, about ten megabytes."""

_SNOWBALL = threading.Lock()
"""Snowball stemmers keep state during a call."""


@lru_cache(maxsize=len(LANGUAGES))
def _snowball(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(LANGUAGES[language])


@lru_cache(maxsize=MOST_STEMS)
def stem(spelling: str, language: str) -> str:
    """The folded stem of a word. Kept for every ruleset of the process: a tenth of a millisecond each."""
    with _SNOWBALL:
        return fold(_snowball(language).stemWord(spelling))


def stems(word: str, languages: Iterable[str]) -> frozenset[tuple[str, str]]:
    """(language, folded stem) of every spelling of `word` in these languages."""
    found = (
        (code, stem(spelling, code))
        for spelling in spellings(word)
        for code in languages
        if SHORTEST_STEMMED <= len(spelling) <= LONGEST_STEMMED
    )
    return frozenset(pair for pair in found if len(pair[1]) >= SHORTEST_STEM)
