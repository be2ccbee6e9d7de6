"""Tells the four supported languages apart, and from others, by the small words that every sentence needs."""

from collections.abc import Sequence
from functools import cache
from itertools import filterfalse

from classifier.taxonomy import LANGUAGES
from classifier.words import load_words

ENOUGH = 4  # words below which nothing is said
CONVINCING = 0.18  # share of function words below which a text is in none of the four languages
OTHER = "xx"  # some language that is none of ours
SAMPLE = 400  # words looked at


def detect(counted: Sequence[str]) -> str:
    """The language of counted words (folded, lower-case): a supported code, OTHER for another, "" if too few."""
    alphabetic = list(filterfalse(str.isdigit, counted[:SAMPLE]))
    if alphabetic and not _latin(alphabetic):
        return OTHER
    if len(alphabetic) < ENOUGH:
        return ""
    shares = {code: _share(_marks(code), alphabetic) for code in LANGUAGES}
    best = max(LANGUAGES, key=lambda code: shares[code])
    foreign = _share(_strangers(best), alphabetic)
    if shares[best] >= CONVINCING and foreign < shares[best] / 2:
        return best
    if foreign >= CONVINCING / 2:
        return OTHER
    if shares[best] >= CONVINCING / 2:
        return best
    return "" if len(alphabetic) < 3 * ENOUGH else OTHER


def _share(known: frozenset[str], words: Sequence[str]) -> float:
    return sum(map(known.__contains__, words)) / len(words)


def _latin(words: Sequence[str]) -> bool:
    return "".join(words).isascii() or sum(word[0] < "\u0250" for word in words) * 2 >= len(words)


def function_words(code: str) -> frozenset[str]:
    """The words of a language that are never evidence, folded; those of English for a language we have no list of."""
    return load_words(f"function_words_{code if code in LANGUAGES else 'en'}")


@cache
def _marks(code: str) -> frozenset[str]:
    return function_words(code)


@cache
def _strangers(code: str) -> frozenset[str]:
    """The small words of the neighbouring languages that are none of this one's own."""
    return load_words("neighbours") - _marks(code)
