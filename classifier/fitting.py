"""Fits the two linear models, of categories and of risk, to rows. Needs scikit-learn and scipy: training only."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB

from classifier.corpus import Row
from classifier.features import Array
from classifier.matrix import Limits, matrix, vocabulary_of
from classifier.taxonomy import HARMLESS_KINDS
from classifier.text import chunk_starts
from classifier.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Settings:
    """What was measured to generalise best over personas; docs/classifier.md has the figures.

    `limits` are for stems, characters and concepts. `also_share` is the part of a row that its other acceptable
    categories get, `balance` the power to which rare categories are favoured, `bayes` the weight of complement naive
    Bayes beside logistic regression (`smoothing` is its alpha), `harmless` how much more a message counts that looks
    like a report and is none.
    """

    limits: Limits = field(default_factory=lambda: Limits((40_000, 80_000, 200), (1.0, 0.8, 0.3)))
    category_regularisation: float = 10.0
    risk_regularisation: float = 10.0
    also_share: float = 0.3
    balance: float = 0.5
    bayes: float = 3.0
    smoothing: float = 0.15
    harmless: float = 3.0


@dataclass(frozen=True, slots=True)
class Linear:
    """One logistic regression: weights (features, n) and biases (n)."""

    weights: Array
    bias: Array


def fit(
    rows: Sequence[Row], documents: Sequence[Sequence[str]], classes: Sequence[str], settings: Settings
) -> tuple[Vocabulary, Linear, Linear]:
    """The vocabulary of the rows, the category model and the risk model. `documents` are the rows' counted words."""
    vocabulary = vocabulary_of(documents, [row.persona for row in rows], settings.limits)
    table = matrix(vocabulary, documents)
    category = _fit_category(rows, table, classes, settings)
    return vocabulary, category, _fit_risk(rows, documents, vocabulary, table, settings)


def _fit_category(rows: Sequence[Row], table: csr_matrix, classes: Sequence[str], settings: Settings) -> Linear:
    """Logistic regression and complement naive Bayes, both linear, so that their sum is one table of weights.

    The one is better with many messages, the other with few words; together they beat either on unseen personas.
    """
    at, labels, weights = _shared_labels(rows, classes, settings.also_share)
    totals = np.bincount(labels, weights=weights, minlength=len(classes))
    favour = (totals.sum() / len(classes) / np.maximum(totals, 1)) ** settings.balance
    repeated = table[at]
    regression = _regression(
        settings.category_regularisation, tolerance=3e-3
    )  # a tighter one takes a third longer, and gains nothing
    regression.fit(repeated, labels, sample_weight=weights * favour[labels])
    bayes = ComplementNB(alpha=settings.smoothing).fit(repeated, labels, sample_weight=weights)
    likelihood = bayes.feature_log_prob_ - bayes.feature_log_prob_.mean(axis=0)
    coefficients, bias = regression.coef_, regression.intercept_
    if len(coefficients) == 1:  # scikit-learn keeps one row for two classes
        coefficients, bias = np.vstack([-coefficients, coefficients]) / 2, np.array([-bias[0], bias[0]]) / 2
    # A fold may lack a rare class altogether: it then scores it lowest.
    fitted = Linear(np.zeros((table.shape[1], len(classes)), np.float32), np.full(len(classes), -20.0, np.float32))
    fitted.weights[:, regression.classes_] = (coefficients + settings.bayes * likelihood).T
    fitted.bias[regression.classes_] = bias
    return fitted


def _shared_labels(rows: Sequence[Row], classes: Sequence[str], share: float) -> tuple[Array, Array, Array]:
    """Row, class and weight: a row with other acceptable categories counts in part for each of them."""
    index = {name: number for number, name in enumerate(classes)}
    at, labels, weights = [], [], []
    for number, row in enumerate(rows):
        others = [name for name in row.also if name in index]
        given = share if others else 0.0
        for name, part in ((row.category, 1 - given), *((name, given / len(others)) for name in others)):
            at.append(number)
            labels.append(index[name])
            weights.append(part * row.weight)
    return np.array(at), np.array(labels), np.array(weights)


def _fit_risk(
    rows: Sequence[Row],
    documents: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
    table: csr_matrix,
    settings: Settings,
) -> Linear:
    """Logistic regression of high risk on whole texts and on their chunks, a text's chunks weighing as much as it."""
    pieces, owner = chunks(documents)
    high = np.array([row.high_risk for row in rows])
    share = 1.0 / np.bincount(owner, minlength=len(rows))
    harmless = [row.kind in HARMLESS_KINDS and not row.high_risk for row in rows]
    heed = np.array([row.weight * (settings.harmless if own else 1.0) for row, own in zip(rows, harmless, strict=True)])
    fitted = _regression(settings.risk_regularisation).fit(
        vstack([table, matrix(vocabulary, pieces)]).tocsr(),
        np.concatenate([high, high[owner]]),
        sample_weight=np.concatenate([heed, (heed * share)[owner]]) / 2,
    )
    return Linear(fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32))


def _regression(strength: float, tolerance: float = 1e-3) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=100, tol=tolerance)


def chunks(documents: Sequence[Sequence[str]]) -> tuple[list[Sequence[str]], Array]:
    """The chunks of all documents, and the document each belongs to."""
    pieces: list[Sequence[str]] = []
    owner = []
    for number, document in enumerate(documents):
        starts = chunk_starts(document)
        for start, end in zip(starts, [*starts[1:], len(document)], strict=True):
            pieces.append(document[start:end])
            owner.append(number)
    return pieces, np.array(owner)
