"""Fits the few numbers that make scores into probabilities, on messages that the model had not seen."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from classifier.artifact import ConfidenceCalibration, RiskCalibration
from classifier.features import Array
from classifier.reading import confidence_views, softmax

_TINY = 1e-9
OWN_SHIFT = 100  # messages of a language without which nothing is fitted for it


def fit_temperature(scores: Array, right: Array) -> float:
    """The temperature at which the mean confidence of top answers matches how often they are acceptable.

    `right` says (boolean) for each row whether its top answer is acceptable. Minimises the log loss of being right.
    """

    def loss(log_temperature: float) -> float:
        confidence = softmax(scores / np.exp(log_temperature)).max(axis=1)
        chance = np.clip(np.where(right, confidence, 1 - confidence), _TINY, 1)
        return float(-np.log(chance).mean())

    return float(np.exp(_minimum(loss, np.log(0.02), np.log(10.0))))


def _minimum(loss: Callable[[float], float], low: float, high: float) -> float:
    """Where `loss` is least between the two, by golden-section search."""
    ratio = (np.sqrt(5.0) - 1) / 2
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = loss(left), loss(right)
    for _ in range(48):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = loss(right)
    return (low + high) / 2


def fit_confidence(probabilities: Array, right: Array) -> ConfidenceCalibration:
    """Logistic weights that turn the two highest probabilities into the chance that the top answer is acceptable."""
    from sklearn.linear_model import LogisticRegression

    if right.all() or not right.any():  # nothing to fit on: the probability itself
        return ConfidenceCalibration(1.0, 0.0, 0.0)
    fitted = LogisticRegression(C=1e3, max_iter=500).fit(confidence_views(probabilities), right)
    return ConfidenceCalibration(float(fitted.coef_[0][0]), float(fitted.coef_[0][1]), float(fitted.intercept_[0]))


def fit_risk(views: Array, high_risk: Array, languages: Sequence[str]) -> RiskCalibration:
    """Logistic weights, none negative, for the three views (n, 3) of the risk: chunk, whole text, categories; and what
    to add in each language but the commonest.

    Balanced, so that 0.5 is where a message is as typical of high risk as of the rest.
    """
    from sklearn.linear_model import LogisticRegression

    counts = Counter(languages)
    others = [code for code in sorted(counts) if counts[code] < max(counts.values()) and counts[code] >= OWN_SHIFT]
    spoken = np.array([[language == code for code in others] for language in languages], dtype=float)
    chosen = [0, 1, 2]
    while True:
        told = np.hstack([views[:, chosen], spoken.reshape(len(views), -1)])
        fitted = LogisticRegression(C=1e3, class_weight="balanced", max_iter=500).fit(told, high_risk)
        positive = [view for view, weight in zip(chosen, fitted.coef_[0], strict=False) if weight > 0]
        if positive == chosen or not positive:
            break
        chosen = positive
    found = list(map(float, fitted.coef_[0]))
    weights = dict.fromkeys(range(3), 0.0) | dict(zip(chosen, found, strict=False))
    shifts = dict(zip(others, found[len(chosen) :], strict=True))
    return RiskCalibration(weights[0], weights[1], weights[2], float(fitted.intercept_[0]), shifts)


def calibration_error(confidence: Array, right: Array, bins: int = 10) -> float:
    """The expected calibration error: |confidence - accuracy| over `bins` equal bins, weighted by their size."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        own = which == number
        if own.any():
            error += own.mean() * abs(float(confidence[own].mean()) - float(right[own].mean()))
    return float(error)


def recall_threshold(risk: Array, high_risk: Array, recall: float) -> float:
    """The highest threshold at which `recall` of the high-risk messages score at least as much."""
    own = np.sort(risk[high_risk])
    return float(own[int((1 - recall) * len(own))]) if len(own) else 1.0
