"""Lookup, TF-IDF as scikit-learn computes it, and the rule that keeps rare terms out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.features import CHARACTERS, STEMS, occurrences
from classifier.matrix import RAREST, Limits, matrix, vocabulary_of
from classifier.text import words
from classifier.vocabulary import Vocabulary, weigh, weigh_each

GENEROUS = Limits((100_000, 100_000, 1_000), (1.0, 0.8, 0.3))


def test_known_hashes_are_found_and_others_are_not():
    random = np.random.default_rng(3)
    known = np.unique(random.integers(0, 2**64, 30_000, dtype=np.uint64))
    close = known[:50] + np.uint64(1)
    every = np.unique(np.concatenate([known, known[:1] + np.arange(1, 9, dtype=np.uint64)]))
    vocabulary = Vocabulary(every, np.zeros(len(every), int), np.ones(len(every)), np.ones(3))
    assert vocabulary.columns(every).tolist() == list(range(len(every)))
    assert vocabulary.columns(np.setdiff1d(close, every)).tolist() == [-1] * len(np.setdiff1d(close, every))
    assert vocabulary.columns(np.array([0, 2**64 - 1], dtype=np.uint64)).tolist() == [-1, -1]


def test_an_empty_vocabulary_knows_nothing():
    empty = Vocabulary(np.empty(0, np.uint64), np.empty(0, int), np.empty(0), np.ones(3))
    assert empty.columns(np.array([5], dtype=np.uint64)).tolist() == [-1]


def test_a_term_of_fewer_than_three_people_never_enters_a_vocabulary():
    documents = [["zebra", "pay"]] * RAREST + [["quagga", "pay"]] * 9
    personas = ["a", "b", "c"] + ["one person"] * 9
    vocabulary = vocabulary_of(documents, personas, GENEROUS)

    def known(word):
        found = occurrences([[word]])
        own = found.hashes[found.blocks == STEMS]
        return bool((vocabulary.columns(own) >= 0).all())

    assert known("zebra")
    assert known("pay")
    assert not known("quagga")


def test_the_commonest_are_kept_when_there_are_too_many():
    documents = [["common", "rare"]] * 3 + [["common"]] * 3
    vocabulary = vocabulary_of(documents, list("abcdef"), Limits((1, 0, 0), (1.0, 1.0, 1.0)))
    assert len(vocabulary) == 1
    assert (vocabulary.columns(occurrences([["common"]]).hashes) >= 0).any()


@pytest.mark.parametrize(("block", "weight"), [(STEMS, 1.0), (CHARACTERS, 0.8)])
def test_tf_idf_equals_scikit_learns(rows, analysers, block, weight):
    documents = [words(row.subject, row.text).counted for row in rows]
    limits = Limits(tuple(100_000 if number == block else 0 for number in range(3)), GENEROUS.weights)
    # In the seed corpus every message has a persona of its own, so that min_df is the rule of rare terms.
    ours = matrix(vocabulary_of(documents, [row.persona for row in rows], limits), documents)
    theirs = (
        TfidfVectorizer(analyzer=analysers[block], min_df=RAREST, sublinear_tf=True).fit_transform(documents) * weight
    )
    assert ours.shape == theirs.shape
    # Columns stand in another order: the messages' products with each other do not depend on it.
    np.testing.assert_allclose((ours @ ours.T).toarray(), (theirs @ theirs.T).toarray(), atol=2e-6)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=40))
def test_each_occurrence_is_told_the_cell_that_counts_it(seen):
    known = Vocabulary(
        np.arange(4, dtype=np.uint64),
        np.array([0, 0, 1, 2], dtype=np.int8),
        np.ones(4, np.float32),
        np.ones(3, np.float32),
    )
    unit, columns = (np.array([pair[at] for pair in seen], dtype=np.int64) for at in (0, 1))
    weighted, entry = weigh_each(known, columns, unit, 3)
    assert list(zip(weighted.rows[entry], weighted.columns[entry], strict=True)) == seen
    plain = weigh(known, columns, unit, 3)
    for name in ("rows", "columns", "values", "counts"):
        assert getattr(weighted, name).tolist() == getattr(plain, name).tolist()
