"""Picks the words that carried an assessment: as written, without function words, never more than a few."""

from collections.abc import Sequence

import numpy as np

from cases.model.assessment import Evidence
from classifier.features import Array
from classifier.language import function_words
from classifier.masking import MASKS
from classifier.text import Words

MOST = 6
_LOOKED_AT = 40


def evidence(document: Words, parts: Array, language: str) -> tuple[Evidence, ...]:
    """The words with the greatest part in the likeliest category, greatest first.

    `parts` holds one number for each word of the document. Masks, function words and words that spoke
    against it are never among them.
    """
    if not document.length:
        return ()
    dull = function_words(language)
    likeliest = np.argsort(-parts)[:_LOOKED_AT]
    shares = parts[likeliest].tolist()
    totals: dict[str, float] = {}
    written: dict[str, str] = {}
    for index, share in zip(likeliest.tolist(), shares, strict=True):
        word = document.counted[index]
        if share <= 0 or len(word) < 3 or word in dull or word in MASKS:
            continue
        totals[word] = totals.get(word, 0.0) + share
        written.setdefault(word, document.written[index])
    best = sorted(totals, key=lambda word: (-totals[word], word))[:MOST]
    return tuple(Evidence(written[word], round(totals[word], 4)) for word in best)


def chunk_text(document: Words, chunk: tuple[int, int]) -> str:
    """A chunk's words as written, masked ones as an ellipsis."""
    first, end = chunk
    pairs: Sequence[tuple[str, str]] = list(zip(document.written[first:end], document.counted[first:end], strict=True))
    return " ".join("…" if counted in MASKS else written for written, counted in pairs)
