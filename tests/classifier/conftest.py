"""One small model for all classifier tests, trained on six categories of the project's own seed messages."""

from itertools import pairwise

import pytest
from sklearn.feature_extraction.text import CountVectorizer

from classifier import corpus, training
from classifier.features import CHARACTERS, RUNS, STEM, STEMS
from classifier.model import Model

CATEGORIES = ("leave", "payroll", "harassment_discrimination", "safety_incident", "whistleblower", "other")


@pytest.fixture(scope="session")
def rows():
    every = corpus.read(corpus.CORPUS / "en" / "seed.jsonl")
    return tuple(row for row in every if row.category in CATEGORIES)


@pytest.fixture(scope="session")
def held(rows):
    return training.train(rows)


@pytest.fixture(scope="session")
def model(held):
    return Model(held)


@pytest.fixture(scope="session")
def analysers():
    """The pieces of a document (its counted words) in each block, as strings: what the hashes must stand for."""

    def stems(document):
        single = [word[:STEM] for word in document]
        return [*single, *(f"{one} {two}" for one, two in pairwise(single))]

    def runs(document):
        return CountVectorizer(analyzer="char_wb", ngram_range=(min(RUNS), max(RUNS))).build_analyzer()(
            " ".join(document)
        )

    return {STEMS: stems, CHARACTERS: runs}
