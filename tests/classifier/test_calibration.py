"""Temperatures, thresholds and folds, on numbers whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.calibration import (
    calibration_error,
    fit_confidence,
    fit_risk,
    fit_temperature,
    recall_threshold,
)
from classifier.folds import grouped_folds
from classifier.reading import confidences, risk_score, softmax


def drawn(temperature, rows=6_000):
    """Scores whose truth was drawn from them at a known temperature."""
    random = np.random.default_rng(1)
    scores = random.normal(size=(rows, 5)) * 3
    chances = softmax(scores / temperature).cumsum(axis=1)
    truth = (random.random((rows, 1)) > chances).sum(axis=1)
    return scores, truth == scores.argmax(axis=1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_truth_is_found(temperature):
    scores, right = drawn(temperature)
    assert fit_temperature(scores, right) == pytest.approx(temperature, rel=0.12)


def test_it_brings_the_calibration_error_down():
    scores, right = drawn(2.5)
    before = calibration_error(softmax(scores).max(axis=1), right)
    after = calibration_error(softmax(scores / fit_temperature(scores, right)).max(axis=1), right)
    assert after < 0.03 < before


def test_confidence_is_high_where_two_categories_are_both_acceptable():
    random = np.random.default_rng(5)
    scores, truth = random.normal(size=(4_000, 5)) * 2, None
    scores[::2, 1] = scores[::2, 0] = 4.0  # half of the messages fit two categories alike
    probabilities = softmax(scores)
    truth = (random.random((4_000, 1)) > probabilities.cumsum(axis=1)).sum(axis=1)
    best = probabilities.argmax(axis=1)
    right = (best == truth) | ((best <= 1) & (truth <= 1) & (np.arange(4_000) % 2 == 0))
    sure = confidences(fit_confidence(probabilities, right), probabilities)
    assert calibration_error(sure, right) < calibration_error(probabilities.max(axis=1), right) / 2


def test_confidence_is_the_probability_when_there_is_nothing_to_fit_on():
    probabilities = np.array([[0.7, 0.2, 0.1]])
    assert confidences(fit_confidence(probabilities, np.array([True])), probabilities)[0] == pytest.approx(0.7)


def test_the_calibration_error_of_known_cases():
    assert calibration_error(np.array([0.75] * 4), np.array([True, True, True, False])) == pytest.approx(0.0)
    assert calibration_error(np.array([1.0] * 4), np.array([False] * 4)) == pytest.approx(1.0)


def test_a_view_that_misleads_gets_no_weight():
    random = np.random.default_rng(2)
    high = random.random(800) < 0.3
    good = np.where(high, 1.0, -1.0) + random.normal(size=800)
    fitted = fit_risk(np.column_stack([good, -good, random.normal(size=800) * 0.01]), high, ["en"] * 800)
    assert fitted.riskiest_chunk > 0
    assert fitted.whole_text == 0
    scored = risk_score(fitted, good, -good, np.zeros(800))
    assert scored[high].mean() > scored[~high].mean()


@given(st.lists(st.floats(0, 1), min_size=5, max_size=60), st.floats(0.5, 1.0))
def test_the_threshold_lets_at_least_that_share_through(risks, recall):
    scored = np.array(risks)
    threshold = recall_threshold(scored, np.ones(len(risks), dtype=bool), recall)
    assert (scored >= threshold).mean() >= recall - 1e-9


@given(st.lists(st.text(min_size=1, max_size=2), min_size=1, max_size=15))
def test_a_persona_is_never_split(personas):
    folds = grouped_folds(personas, 4)
    where = dict(zip(personas, folds.tolist(), strict=True))
    assert [where[persona] for persona in personas] == folds.tolist()


def test_folds_are_of_similar_size():
    assert np.bincount(grouped_folds([f"p{number}" for number in range(4_000)], 4)).min() > 900


def test_a_language_in_which_everything_reads_riskier_is_shifted():
    random = np.random.default_rng(4)
    high = random.random(900) < 0.3
    languages = np.array(["en"] * 600 + ["fr"] * 300)
    odds = np.where(high, 1.0, -1.0) + random.normal(size=900) * 0.7 + np.where(languages == "fr", 2.0, 0.0)
    fitted = fit_risk(np.column_stack([odds, odds, odds]), high, languages.tolist())
    assert set(fitted.languages) == {"fr"}
    assert fitted.languages["fr"] < -1
    plain = risk_score(fitted, odds, odds, odds)
    shifted = [fitted.in_language(float(risk), language) for risk, language in zip(plain, languages, strict=True)]
    calm_french = ~high & (languages == "fr")
    assert np.mean(np.array(shifted)[calm_french] >= 0.5) < np.mean(plain[calm_french] >= 0.5) / 2
    assert fitted.in_language(0.3, "en") == 0.3
