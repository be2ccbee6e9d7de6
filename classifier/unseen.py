"""Reads every row by a model trained without its persona, and calibrates on what came of it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from classifier.artifact import Calibration
from classifier.calibration import calibration_error, fit_confidence, fit_risk, fit_temperature, recall_threshold
from classifier.corpus import Row
from classifier.features import Array
from classifier.fitting import Linear, Settings, chunks, fit
from classifier.folds import grouped_folds
from classifier.matrix import matrix
from classifier.reading import confidences, high_risk_odds, risk_score, softmax
from classifier.taxonomy import HARMLESS_KINDS
from classifier.vocabulary import Vocabulary

FOLDS: Final = 3  # more would read slightly better models and train for longer than a first start may take
ABSTAINED: Final = 0.03  # share of unseen messages that get suggestions in place of a category
ESCALATE_AT: Final = 0.5  # the risk is fitted so that this is the balanced point
CAUTION_RECALL: Final = 0.95  # share of high-risk messages that the caution threshold lets nobody quote


@dataclass(frozen=True, slots=True)
class Unseen:
    """What models said of rows that they were not trained on, in the order of the rows.

    The two risk views have two lines: of each row as it is, and of it amid calm text (real mails are long).
    """

    scores: Array
    riskiest_chunk: Array
    whole_text: Array


def read_unseen(
    rows: Sequence[Row],
    documents: Sequence[Sequence[str]],
    classes: Sequence[str],
    settings: Settings,
    report: Callable[[str, float], None],
) -> Unseen:
    """Every row as read by a model that was trained without its persona."""
    fold = grouped_folds([row.persona for row in rows], FOLDS)
    unseen = Unseen(np.zeros((len(rows), len(classes))), *(np.zeros((2, len(rows))) for _ in range(2)))

    def one(number: int) -> None:
        inside, outside = np.flatnonzero(fold != number).tolist(), np.flatnonzero(fold == number).tolist()
        if not outside:
            return
        vocabulary, category, risk = fit(
            [rows[at] for at in inside], [documents[at] for at in inside], classes, settings
        )
        own = [documents[at] for at in outside]
        unseen.scores[outside] = matrix(vocabulary, own) @ category.weights + category.bias
        calm = [documents[at] for at in outside if rows[at].risk == "low"]
        for length, texts in enumerate((own, _lengthened(own, calm))):
            unseen.riskiest_chunk[length, outside], unseen.whole_text[length, outside] = _risks(vocabulary, risk, texts)

    with ThreadPoolExecutor(max_workers=2) as pool:
        # Most of the work is in compiled code that lets the other thread run.
        for done, _ in enumerate(pool.map(one, range(FOLDS)), start=1):
            report(f"fold {done} of {FOLDS}", done / (FOLDS + 1))
    return unseen


def _risks(vocabulary: Vocabulary, risk: Linear, documents: Sequence[Sequence[str]]) -> tuple[Array, Array]:
    """The log-odds of the riskiest chunk and of the whole text of each document."""
    pieces, owner = chunks(documents)
    by_chunk = (matrix(vocabulary, pieces) @ risk.weights + risk.bias)[:, 0]
    highest = np.full(len(documents), -np.inf)
    np.maximum.at(highest, owner, by_chunk)
    return highest, (matrix(vocabulary, documents) @ risk.weights + risk.bias)[:, 0]


def _lengthened(documents: Sequence[Sequence[str]], calm: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Each document inside calm ones, as a real mail buries its matter: alternately at the end and in the middle."""
    if not calm:
        return list(documents)
    longer: list[Sequence[str]] = []
    for number, document in enumerate(documents):
        before = calm[(7 * number + 1) % len(calm)]
        after = calm[(7 * number + 4) % len(calm)] if number % 2 else ()
        longer.append((*before, *document, *after))
    return longer


def calibrate(rows: Sequence[Row], classes: Sequence[str], unseen: Unseen) -> tuple[Calibration, dict[str, float]]:
    """Temperature, risk weights and thresholds from unseen rows, and what was measured on them."""
    order = np.argsort(-unseen.scores, axis=1, kind="stable")
    right = np.array(
        [[classes[index] in row.acceptable for index in best[:3]] for row, best in zip(rows, order, strict=True)]
    )
    temperature = fit_temperature(unseen.scores, right[:, 0])
    probabilities = softmax(unseen.scores / temperature)
    confidence = fit_confidence(probabilities, right[:, 0])
    sure = confidences(confidence, probabilities)
    high = np.array([row.high_risk for row in rows])
    odds = high_risk_odds(classes, probabilities)
    views = [np.column_stack([unseen.riskiest_chunk[at], unseen.whole_text[at], odds]) for at in (0, 1)]
    languages = [row.language for row in rows]
    risk = fit_risk(np.vstack(views), np.concatenate([high, high]), [*languages, *languages])
    shift = np.array([risk.languages.get(code, 0.0) for code in languages])
    scored, buried = (risk_score(risk, view[:, 0], view[:, 1], view[:, 2], shift) for view in views)
    calibration = Calibration(
        temperature,
        confidence,
        risk,
        float(np.quantile(sure, ABSTAINED)),
        ESCALATE_AT,
        recall_threshold(scored, high, CAUTION_RECALL),
    )
    measured = {
        "top_1": right[:, 0].mean(),
        "top_3": right.any(axis=1).mean(),
        "calibration_error": calibration_error(sure, right[:, 0]),
        "high_risk_recall": (scored[high] >= ESCALATE_AT).mean(),
        "high_risk_recall_amid_calm": (buried[high] >= ESCALATE_AT).mean(),
        "false_alarms": (scored[~high] >= ESCALATE_AT).mean(),
        **_false_alarms(rows, scored),
        "caution_false_alarms": (scored[~high] >= calibration.caution_at).mean(),
    }
    return calibration, {name: round(float(value), 4) for name, value in measured.items()}


def _false_alarms(rows: Sequence[Row], scored: Array) -> dict[str, float]:
    """The share escalated among emotional, routine and merely report-like messages, as far as there are any."""
    harmless = np.array([row.kind in HARMLESS_KINDS and not row.high_risk for row in rows])
    subsets = {
        "false_alarms_harmless": harmless,
        "false_alarms_moderate": np.array([row.risk == "moderate" for row in rows]) & ~harmless,
        "false_alarms_routine": np.array([row.risk == "low" for row in rows]) & ~harmless,
    }
    return {name: float((scored[own] >= ESCALATE_AT).mean()) for name, own in subsets.items() if own.any()}
