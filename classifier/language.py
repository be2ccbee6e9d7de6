"""Tells the four supported languages apart, and from others, by the small words that every sentence needs."""

from collections.abc import Sequence
from functools import cache

from classifier.taxonomy import LANGUAGES
from classifier.words import load_words

ENOUGH = 4  # words below which nothing is said
CONVINCING = 0.18  # share of function words below which a text is in none of the four languages
OTHER = "xx"  # some language that is none of ours
SAMPLE = 400  # words looked at


def detect(counted: Sequence[str]) -> str:
    """The language of counted words (folded, lower-case): a supported code, OTHER for another, "" if too few."""
    sample = counted[:SAMPLE]
    alphabetic = [word for word in sample if not word.isdigit()]
    if alphabetic and not _latin(alphabetic):
        return OTHER
    if len(alphabetic) < ENOUGH:
        return ""
    shares = {code: sum(word in _marks(code) for word in alphabetic) / len(alphabetic) for code in LANGUAGES}
    best = max(LANGUAGES, key=lambda code: shares[code])
    foreign_words = load_words("neighbours")
    foreign = sum(word in foreign_words and word not in _marks(best) for word in alphabetic) / len(alphabetic)
    if shares[best] >= CONVINCING and foreign < shares[best] / 2:
        return best
    if foreign >= CONVINCING / 2:
        return OTHER
    if shares[best] >= CONVINCING / 2:
        return best
    return "" if len(alphabetic) < 3 * ENOUGH else OTHER


def _latin(words: Sequence[str]) -> bool:
    return sum(word[0] < "\u0250" for word in words) * 2 >= len(words)


def function_words(code: str) -> frozenset[str]:
    """The words of a language that are never evidence, folded; those of English for a language we have no list of."""
    return load_words(f"function_words_{code if code in LANGUAGES else 'en'}")


@cache
def _marks(code: str) -> frozenset[str]:
    return function_words(code)
