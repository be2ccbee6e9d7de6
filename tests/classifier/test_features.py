"""The hashed counts are exactly those of the pieces of text they stand for, and of scikit-learn's analysers."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.features import CONCEPTS, STEMS, occurrences
from classifier.thesaurus import concepts

WORD = st.text(alphabet="abcdeé", min_size=1, max_size=9)
DOCUMENTS = st.lists(st.lists(WORD, max_size=8), min_size=1, max_size=4)


def counted(found, documents, block):
    inside = found.blocks == block
    where = found.document[found.first[inside]]
    return [Counter(found.hashes[inside][where == number].tolist()) for number in range(len(documents))]


@given(DOCUMENTS)
def test_pieces_are_counted_as_scikit_learn_counts_them(analysers, documents):
    found = occurrences(documents)
    for block, pieces in analysers.items():
        expected = [Counter(pieces(document)) for document in documents]
        actual = counted(found, documents, block)
        assert [sorted(one.values()) for one in actual] == [sorted(one.values()) for one in expected]
        # Same pieces have the same hash and different ones different hashes, across documents.
        assert len(set().union(*actual)) == len(set().union(*expected))


def test_a_piece_has_the_same_hash_wherever_it_stands():
    alone, after = occurrences([["pay"]]), occurrences([["late", "pay"]])
    assert set(alone.hashes.tolist()) <= set(after.hashes.tolist())


def test_pairs_never_join_two_documents():
    together, apart = occurrences([["a", "b"]]), occurrences([["a"], ["b"]])
    assert (together.blocks == STEMS).sum() == 3
    assert (apart.blocks == STEMS).sum() == 2


def test_concepts_join_words_of_four_languages():
    assert set(concepts("salary")) & set(concepts("gehalt")) & set(concepts("salaire")) & set(concepts("nomina")) == {
        "pay"
    }
    english, german = occurrences([["salary"]]), occurrences([["gehalt"]])
    assert set(english.hashes[english.blocks == CONCEPTS]) == set(german.hashes[german.blocks == CONCEPTS])


def test_nothing_gives_nothing():
    assert len(occurrences([[], []]).hashes) == 0
    assert occurrences([[], ["pay"]]).document.tolist() == [1]


def test_every_occurrence_names_its_words():
    found = occurrences([["late", "pay"], ["again"]])
    assert np.all(found.first <= found.last)
    assert np.all(found.last < found.words)
