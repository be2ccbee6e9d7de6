"""Training is deterministic, equals scikit-learn, and refuses what nobody could learn from."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from cases.errors import Refused
from classifier import training
from classifier.fitting import Settings, fit
from classifier.matrix import matrix
from classifier.model import Message, Model
from classifier.reading import softmax
from classifier.text import words


def test_same_rows_in_any_order_give_the_same_model(rows, held):
    again = training.train(tuple(reversed(rows)))
    assert again.manifest == held.manifest


def test_another_row_gives_another_model(rows, held):
    assert training.train(rows[:-1]).manifest.version != held.manifest.version


def test_prediction_equals_scikit_learns(rows, held):
    """The numbers a model gives are those of scikit-learn's predict_proba on the same matrix."""
    rows = [replace(row, also=()) for row in rows]
    documents = [words(row.subject, row.text).counted for row in rows]
    plain = Settings(also_share=0.0, balance=0.0, bayes=0.0)
    classes = sorted({row.category for row in rows})
    vocabulary, category, risk = fit(rows, documents, classes, plain)
    table = matrix(vocabulary, documents)
    theirs = LogisticRegression(C=plain.category_regularisation, max_iter=100, tol=3e-3)
    theirs.fit(table, [classes.index(row.category) for row in rows])
    calibration = replace(held.manifest.calibration, temperature=1.0)
    ours = Model(
        replace(
            held,
            manifest=replace(held.manifest, calibration=calibration, classes=tuple(classes)),
            hashes=vocabulary.hashes,
            blocks=vocabulary.blocks,
            idf=vocabulary.idf,
            category_weights=category.weights,
            category_bias=category.bias,
            risk_weights=risk.weights[:, 0],
            risk_bias=risk.bias,
        )
    )
    given = ours.assess_many([Message(row.subject, row.text, "en") for row in rows])
    actual = np.array([[assessment.score(name) for name in classes] for assessment in given])
    np.testing.assert_allclose(actual, theirs.predict_proba(table), atol=2e-5)


def test_softmax_survives_large_scores():
    assert softmax(np.array([[1e6, 0.0]])).tolist() == [[1.0, 0.0]]


def test_the_manifest_says_what_it_was_made_of(rows, held):
    manifest = held.manifest
    assert manifest.data["messages"] == len(rows)
    assert manifest.data["en/payroll"] == sum(row.category == "payroll" for row in rows)
    assert set(manifest.libraries) == {"numpy", "scipy", "scikit-learn"}
    assert 0 < manifest.measured["top_1"] < 1
    assert manifest.languages == ("en",)


def test_it_learns_something_about_people_it_has_not_read(held):
    # Six categories: chance is a sixth.
    assert held.manifest.measured["top_1"] > 0.5
    assert held.manifest.measured["high_risk_recall"] > 0.6


def test_too_few_rows_are_refused(rows):
    with pytest.raises(Refused, match="too few"):
        training.train(rows[:5])


def test_rows_of_one_category_are_refused(rows):
    with pytest.raises(Refused, match="nothing to tell apart"):
        training.train([replace(row, category="payroll", also=()) for row in rows])


def test_a_new_category_is_tentative_until_it_has_many_messages(rows):
    added = [replace(row, category="pets", also=()) if row.category == "other" else row for row in rows]
    held = training.train(
        added, ("leave", "payroll", "harassment_discrimination", "safety_incident", "whistleblower", "pets")
    )
    assert held.manifest.tentative == ("pets",)


def test_progress_is_reported_up_to_the_end(rows):
    heard = []
    training.train(rows, report=lambda step, share: heard.append((step, share)))
    assert heard[-1] == ("done", 1.0)
    assert [share for _, share in heard] == sorted(share for _, share in heard)


def test_a_language_of_few_categories_is_not_supported(rows):
    german = [replace(row, id=f"de-{row.id}", language="de", text=f"Hallo {row.text}") for row in rows]
    few = [row for row in german if row.category in {"leave", "payroll"}]
    assert training.train([*rows, *few]).manifest.languages == ("en",)
    assert training.train([*rows, *german]).manifest.languages == ("de", "en")
