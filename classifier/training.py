"""Trains a model from rows, from nothing: same rows, same classes, same libraries, same model.

Only this module and those it imports need scikit-learn and scipy.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from cases.errors import Refused
from classifier.artifact import CODE, FORMAT, Artifact, Calibration, Manifest, array_hashes
from classifier.calibration import calibration_error, fit_confidence, fit_risk, recall_threshold
from classifier.corpus import Row, digest
from classifier.features import Array
from classifier.folds import grouped_folds
from classifier.matrix import Limits, matrix, vocabulary_of
from classifier.reading import high_risk_odds, risk_score, softmax
from classifier.taxonomy import CLASSES
from classifier.text import chunk_starts, words
from classifier.vocabulary import Vocabulary

FOLDS = 4
FEWEST = 20  # rows without which a model would be a guess
ESTABLISHED = 40  # messages of a category added by HR below which it is suggested, never chosen

# Confidence under which naming a category helps nobody: with 22 classes, one in seven is still three times chance.
ABSTAIN_BELOW = 0.15
ESCALATE_AT = 0.5  # the risk is fitted so that this is the balanced point


@dataclass(frozen=True, slots=True)
class Settings:
    """What was measured to generalise best over personas; see docs/classifier.md for the figures."""

    limits: Limits = field(default_factory=lambda: Limits((20_000, 20_000, 40_000), (1.0, 1.0, 1.0)))
    category_regularisation: float = 5.0
    risk_regularisation: float = 3.0
    also_share: float = 0.3
    balance: float = 0.5


@dataclass(frozen=True, slots=True)
class Linear:
    """One logistic regression: weights (features, n) and biases (n)."""

    weights: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Unseen:
    """What models said of rows that they were not trained on, in the order of the rows."""

    scores: Array
    riskiest_chunk: Array
    whole_text: Array


def train(
    rows: Sequence[Row],
    classes: Sequence[str] = CLASSES,
    *,
    settings: Settings | None = None,
    report: Callable[[str, float], None] = lambda _step, _share: None,
) -> Artifact:
    """A model of the rows. `report` hears what is being done and how much of the work is (0 to 1) behind.

    Raises Refused when there are too few rows, or fewer than two categories or risks among them.
    """
    chosen = settings or Settings()
    rows = sorted(rows, key=lambda row: row.id)
    _check(rows)
    classes = tuple(name for name in classes if any(name in row.acceptable for row in rows))
    with threadpool_limits(limits=1):
        report("reading", 0.0)
        documents = [words(row.subject, row.text).counted for row in rows]
        unseen = _unseen(rows, documents, classes, chosen, report)
        report("fitting the whole", FOLDS / (FOLDS + 1))
        vocabulary, category, risk = _fit(rows, documents, classes, chosen)
        calibration, measured = _calibrate(rows, classes, unseen)
        report("done", 1.0)
    arrays = {
        "hashes": vocabulary.hashes,
        "blocks": vocabulary.blocks,
        "idf": vocabulary.idf,
        "block_weights": vocabulary.block_weights,
        "category_weights": category.weights,
        "category_bias": category.bias,
        "risk_weights": risk.weights[:, 0],
        "risk_bias": risk.bias,
    }
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    manifest = Manifest(
        format=FORMAT,
        code=CODE,
        corpus=digest(rows),
        classes=classes,
        tentative=_tentative(rows, classes),
        languages=tuple(sorted({row.language for row in rows})),
        calibration=calibration,
        measured=measured,
        data=_counts(rows),
        libraries={name: version(name) for name in ("numpy", "scipy", "scikit-learn")},
        arrays=array_hashes(arrays),
    )
    return Artifact(manifest, **arrays)


def _check(rows: Sequence[Row]) -> None:
    if len(rows) < FEWEST:
        raise Refused(f"{len(rows)} messages are too few to learn from; at least {FEWEST} are needed")
    if len({row.category for row in rows}) < 2 or len({row.high_risk for row in rows}) < 2:
        raise Refused("the messages are all of one category or one risk; there is nothing to tell apart")


def _tentative(rows: Sequence[Row], classes: Sequence[str]) -> tuple[str, ...]:
    """Categories that HR added and that are still rare: the shipped ones are established whatever their number."""
    own = Counter(row.category for row in rows)
    return tuple(name for name in classes if name not in CLASSES and own[name] < ESTABLISHED)


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    counts = Counter(f"{row.language}/{row.category}" for row in rows)
    return {"messages": len(rows), "personas": len({row.persona for row in rows}), **dict(sorted(counts.items()))}


def _unseen(
    rows: Sequence[Row],
    documents: Sequence[Sequence[str]],
    classes: Sequence[str],
    settings: Settings,
    report: Callable[[str, float], None],
) -> Unseen:
    """Every row as read by a model that was trained without its persona."""
    fold = grouped_folds([row.persona for row in rows], FOLDS)
    scores = np.zeros((len(rows), len(classes)))
    chunk, whole = np.zeros(len(rows)), np.zeros(len(rows))
    for number in range(FOLDS):
        report(f"fold {number + 1} of {FOLDS}", number / (FOLDS + 1))
        inside, outside = np.flatnonzero(fold != number).tolist(), np.flatnonzero(fold == number).tolist()
        if not outside:
            continue
        vocabulary, category, risk = _fit(
            [rows[at] for at in inside], [documents[at] for at in inside], classes, settings
        )
        own = [documents[at] for at in outside]
        table = matrix(vocabulary, own)
        scores[outside] = table @ category.weights + category.bias
        whole[outside] = (table @ risk.weights + risk.bias)[:, 0]
        pieces, owner = _chunks(own)
        risks = (matrix(vocabulary, pieces) @ risk.weights + risk.bias)[:, 0]
        chunk[outside] = [risks[owner == at].max() for at in range(len(own))]
    return Unseen(scores, chunk, whole)


def _chunks(documents: Sequence[Sequence[str]]) -> tuple[list[Sequence[str]], Array]:
    """The chunks of all documents, and the document each belongs to."""
    pieces: list[Sequence[str]] = []
    owner = []
    for number, document in enumerate(documents):
        starts = chunk_starts(document)
        for start, end in zip(starts, [*starts[1:], len(document)], strict=True):
            pieces.append(document[start:end])
            owner.append(number)
    return pieces, np.array(owner)


def _fit(
    rows: Sequence[Row], documents: Sequence[Sequence[str]], classes: Sequence[str], settings: Settings
) -> tuple[Vocabulary, Linear, Linear]:
    vocabulary = vocabulary_of(documents, [row.persona for row in rows], settings.limits)
    table = matrix(vocabulary, documents)
    category = _fit_category(rows, table, classes, settings)
    return vocabulary, category, _fit_risk(rows, documents, vocabulary, table, settings)


def _fit_category(rows: Sequence[Row], table: csr_matrix, classes: Sequence[str], settings: Settings) -> Linear:
    """Multinomial logistic regression; a row with other acceptable categories counts in part for each."""
    index = {name: number for number, name in enumerate(classes)}
    at, label, weight = [], [], []
    for number, row in enumerate(rows):
        others = [name for name in row.also if name in index]
        share = settings.also_share if others else 0.0
        for name, part in ((row.category, 1 - share), *((name, share / len(others)) for name in others)):
            at.append(number)
            label.append(index[name])
            weight.append(part)
    labels, weights = np.array(label), np.array(weight)
    totals = np.bincount(labels, weights=weights, minlength=len(classes))
    favour = (totals.sum() / len(classes) / np.maximum(totals, 1)) ** settings.balance
    fitted = _regression(settings.category_regularisation).fit(
        table[np.array(at)], labels, sample_weight=weights * favour[labels]
    )
    # A fold may lack a rare class: it then scores it lowest.
    full = Linear(np.zeros((table.shape[1], len(classes)), np.float32), np.full(len(classes), -20.0, np.float32))
    if len(fitted.classes_) == 2:
        coefficients = np.vstack([-fitted.coef_ / 2, fitted.coef_ / 2])
        bias = np.array([-fitted.intercept_[0] / 2, fitted.intercept_[0] / 2])
    else:
        coefficients, bias = fitted.coef_, fitted.intercept_
    full.weights[:, fitted.classes_] = coefficients.T
    full.bias[fitted.classes_] = bias
    return full


def _fit_risk(
    rows: Sequence[Row],
    documents: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
    table: csr_matrix,
    settings: Settings,
) -> Linear:
    """Logistic regression of high risk on whole texts and on their chunks, a text's chunks weighing as much as it."""
    pieces, owner = _chunks(documents)
    high = np.array([row.high_risk for row in rows])
    share = 1.0 / np.bincount(owner, minlength=len(rows))
    fitted = _regression(settings.risk_regularisation).fit(
        vstack([table, matrix(vocabulary, pieces)]).tocsr(),
        np.concatenate([high, high[owner]]),
        sample_weight=np.concatenate([np.ones(len(rows)), share[owner]]) / 2,
    )
    return Linear(fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32))


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=200, tol=1e-3)


def _calibrate(rows: Sequence[Row], classes: Sequence[str], unseen: Unseen) -> tuple[Calibration, dict[str, float]]:
    """Temperature, risk weights and thresholds from unseen rows, and what was measured on them."""
    order = np.argsort(-unseen.scores, axis=1, kind="stable")
    right = np.array(
        [[classes[index] in row.acceptable for index in best[:3]] for row, best in zip(rows, order, strict=True)]
    )
    temperature = fit_confidence(unseen.scores, right[:, 0])
    probabilities = softmax(unseen.scores / temperature)
    high = np.array([row.high_risk for row in rows])
    views = np.column_stack([unseen.riskiest_chunk, unseen.whole_text, high_risk_odds(classes, probabilities)])
    risk = fit_risk(views, high)
    scored = risk_score(risk, *views.T)
    calibration = Calibration(temperature, risk, ABSTAIN_BELOW, ESCALATE_AT, recall_threshold(scored, high, 0.95))
    measured = {
        "top_1": right[:, 0].mean(),
        "top_3": right.any(axis=1).mean(),
        "calibration_error": calibration_error(probabilities.max(axis=1), right[:, 0]),
        "high_risk_recall": (scored[high] >= ESCALATE_AT).mean(),
        "false_alarms": (scored[~high] >= ESCALATE_AT).mean(),
        "caution_false_alarms": (scored[~high] >= calibration.caution_at).mean(),
    }
    return calibration, {name: round(float(value), 4) for name, value in measured.items()}
