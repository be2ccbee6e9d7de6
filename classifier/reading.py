"""What the arrays say of a batch: calibrated probabilities, each cell's part in the likeliest category, chunk risks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.artifact import Artifact, ConfidenceCalibration, RiskCalibration
from classifier.features import Array, Occurrences, occurrences
from classifier.taxonomy import HIGH_RISK_CLASSES
from classifier.text import Words, chunk_starts
from classifier.vocabulary import Vocabulary, Weighted, weigh, weigh_each

_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Reading:
    """One row for each document: probabilities (n, classes), confidence, the risk score, its chunk (first word, end) and how
    many known features there were. `parts` says, for each word of the batch, how far it carried the likeliest category.
    """

    probabilities: Array
    confidence: Array
    risk: Array
    chunks: tuple[tuple[int, int], ...]
    known: Array
    parts: Array


def read_batch(held: Artifact, vocabulary: Vocabulary, documents: Sequence[Words]) -> Reading:
    """Everything the model says of the documents, computed together."""
    found = occurrences([document.counted for document in documents])
    columns = vocabulary.columns(found.hashes)
    known = np.flatnonzero(columns >= 0)
    found, columns = found.keep(known), columns[known]
    height = len(documents)
    whole, entry = weigh_each(vocabulary, columns, found.document[found.first], height)
    probabilities, contributions = _categories(held, whole)
    starts = [chunk_starts(document.counted) for document in documents]
    chunk_risk, chunks = _riskiest(held, vocabulary, documents, starts, found, columns)
    risk = risk_score(
        held.manifest.calibration.risk,
        chunk_risk,
        _risk(held, whole),
        high_risk_odds(held.manifest.classes, probabilities),
    )
    return Reading(
        probabilities,
        confidences(held.manifest.calibration.confidence, probabilities),
        risk,
        chunks,
        np.bincount(whole.rows, minlength=height),
        _by_word(found, whole, entry, contributions),
    )


def confidences(calibration: ConfidenceCalibration, probabilities: Array) -> Array:
    """How probable it is that each row's likeliest category is an acceptable answer."""
    views = confidence_views(probabilities)
    odds = views @ np.array([calibration.likeliest, calibration.second]) + calibration.intercept
    result: Array = 1.0 / (1.0 + np.exp(-odds))
    return result


def confidence_views(probabilities: Array) -> Array:
    """What confidence is judged by: the log-odds of the likeliest category and the logarithm of the second's."""
    best = np.sort(probabilities, axis=1)[:, ::-1].clip(_TINY, 1 - _TINY)
    return np.column_stack([np.log(best[:, 0] / (1 - best[:, 0])), np.log(best[:, 1])])


def risk_score(
    calibration: RiskCalibration,
    riskiest_chunk: Array,
    whole_text: Array,
    categories: Array,
    shift: Array | float = 0.0,
) -> Array:
    """The probability (0 to 1) that a person would escalate, from three log-odds, and what is added to them."""
    odds = (
        calibration.riskiest_chunk * riskiest_chunk
        + calibration.whole_text * whole_text
        + calibration.categories * categories
        + calibration.intercept
        + shift
    )
    result: Array = 1.0 / (1.0 + np.exp(-odds))
    return result


def high_risk_odds(classes: Sequence[str], probabilities: Array) -> Array:
    """The log-odds that the category is one of the high-risk ones."""
    chosen = np.array([name in HIGH_RISK_CLASSES for name in classes])
    share = np.clip(probabilities[:, chosen].sum(axis=1), _TINY, 1 - _TINY)
    result: Array = np.log(share / (1 - share))
    return result


def _categories(held: Artifact, whole: Weighted) -> tuple[Array, Array]:
    """Probabilities, and how far each cell speaks for its row's likeliest category against what else was likely."""
    probabilities = np.empty((whole.height, len(held.category_bias)), dtype=np.float64)
    contributions = np.zeros(len(whole.rows), dtype=np.float32)
    for row, cells in enumerate(whole.by_row()):
        weights = held.category_weights[whole.columns[cells]]
        values = whole.values[cells]
        probabilities[row] = own = softmax(
            (values @ weights + held.category_bias) / held.manifest.calibration.temperature
        )
        contributions[cells] = values * (weights[:, own.argmax()] - weights @ own.astype(np.float32))
    return probabilities, contributions


def softmax(scores: Array) -> Array:
    """Probabilities along the last axis."""
    raised = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    result: Array = raised / raised.sum(axis=-1, keepdims=True)
    return result


def _risk(held: Artifact, weighted: Weighted) -> Array:
    terms = weighted.values * held.risk_weights[weighted.columns]
    result: Array = np.bincount(weighted.rows, terms, weighted.height) + held.risk_bias[0]
    return result


def _riskiest(
    held: Artifact,
    vocabulary: Vocabulary,
    documents: Sequence[Words],
    starts: Sequence[Sequence[int]],
    found: Occurrences,
    columns: Array,
) -> tuple[Array, tuple[tuple[int, int], ...]]:
    """The highest risk (log-odds) among each document's chunks, and that chunk's words (first, end)."""
    counts = np.array([len(own) for own in starts])
    first_chunk = np.concatenate(([0], np.cumsum(counts)))
    chunk_of_word = np.concatenate(
        [
            np.repeat(np.arange(len(own)) + offset, np.diff([*own, document.length]))
            for own, offset, document in zip(starts, first_chunk, documents, strict=False)
        ]
    )
    unit = chunk_of_word[found.first]
    inside = np.flatnonzero(unit == chunk_of_word[found.last])
    risks = _risk(held, weigh(vocabulary, columns[inside], unit[inside], int(first_chunk[-1])))
    highest = np.maximum.reduceat(risks, first_chunk[:-1])
    chunks = []
    for own, offset, document in zip(starts, first_chunk, documents, strict=False):
        at = int(risks[offset : offset + len(own)].argmax())
        chunks.append((own[at], own[at + 1] if at + 1 < len(own) else document.length))
    return highest, tuple(chunks)


def _by_word(found: Occurrences, whole: Weighted, entry: Array, contributions: Array) -> Array:
    """Each word's share: what its features contributed, a pair's split between its two words."""
    share = (contributions / whole.counts)[entry] * 0.5
    result: Array = np.bincount(found.first, share, found.words) + np.bincount(found.last, share, found.words)
    return result
