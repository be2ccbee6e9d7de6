"""Guesses the language of a text from its script and its small words; cheap enough for every mail.

The naive-Bayes model that was measured for this (py3langid) takes 0.7 s and 125 MB to load; on mail of a dozen words and
more the small words decide as well.
"""

import re
from collections import Counter, defaultdict
from functools import lru_cache
from heapq import nlargest
from operator import itemgetter

from cases.model.runs import letters_of
from gateway.normalizer.language_words import COMMON, LETTERS, WORK

MOST_TEXT = 3000
"""Characters looked at."""

_NOISE = re.compile(r"https?://\S+|\S+@\S+")
_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_BULGARIAN = re.compile("[ъЪ][^аеёиоуыэюя\\W]")
_BULGARIAN_ABSENT = re.compile("[ыэёЫЭЁ]")
_PERSIAN = re.compile("[پچژگ]")


def detect(text: str) -> str:
    """The ISO 639-1 code of the language `text` is mostly written in, or "" when it is too short or unsure."""
    sample = text[:MOST_TEXT]
    if "@" in sample or "://" in sample:
        sample = _NOISE.sub(" ", sample)
    if not sample.isascii() and (by_script := _by_script(sample)):
        return by_script
    return _by_words(sample.lower())


def _by_script(sample: str) -> str:
    letters = sum(map(str.isalpha, sample))
    counts = {language: len(pattern.findall(sample)) for language, pattern in _SCRIPTS.items()}
    if counts["ja"] + counts["zh"] > letters * 0.3 and counts["ja"] + counts["zh"] >= 2:
        return "ja" if counts["ja"] * 12 > counts["zh"] else "zh"
    best = max(counts, key=lambda language: counts[language])
    if counts[best] < 4 or counts[best] < letters * 0.5:
        return ""
    if best == "ru" and _UKRAINIAN.search(sample):
        return "uk"
    if best == "ru" and _BULGARIAN.search(sample) and not _BULGARIAN_ABSENT.search(sample):
        return "bg"
    return "fa" if best == "ar" and _PERSIAN.search(sample) else best


@lru_cache(maxsize=1)
def _languages_of() -> dict[str, tuple[tuple[str, ...], float]]:
    """Each small word: the languages it belongs to, and how much it counts for each; the fewer they are, the more."""
    found: dict[str, list[str]] = {}
    for language, words in COMMON.items():
        for word in {*words.split(), *WORK.get(language, "").split()}:
            found.setdefault(word, []).append(language)
    return {word: (tuple(languages), 2.0 / (1 + len(languages))) for word, languages in found.items()}


def _by_words(sample: str) -> str:
    """The language with the most small words, rare ones (those few languages share) counting more."""
    words = letters_of(sample)
    languages_of = _languages_of()
    scores: defaultdict[str, float] = defaultdict(float)
    for word, count in Counter([word for word in words if word in languages_of]).items():
        languages, weight = languages_of[word]
        for language in languages:
            scores[language] += min(count, 5) * weight
    if not sample.isascii():
        for language, letters in LETTERS.items():
            hits = sum(sample.count(letter) for letter in letters)
            scores[language] += min(hits, 10) * 0.5
    if not scores:
        return ""
    (best, score), *others = nlargest(2, scores.items(), key=itemgetter(1))
    second = others[0][1] if others else 0
    if score < (1.5 if second * 2 > score else 1.0) or score < len(words) * 0.06 or score < second * 1.1:
        return ""
    return best
