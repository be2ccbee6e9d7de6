"""Builds a vocabulary and a sparse matrix from many messages. Needs scipy: training only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from classifier.features import BLOCKS, Array, occurrences
from classifier.vocabulary import Vocabulary, weigh

RAREST = 3  # a term in fewer than three people's messages never enters a vocabulary: it could be about one of them
_TOGETHER = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """The most features of each block that a vocabulary takes, the commonest first, and what each block weighs."""

    most: tuple[int, int, int]
    weights: tuple[float, float, float]


def vocabulary_of(documents: Sequence[Sequence[str]], personas: Sequence[str], limits: Limits) -> Vocabulary:
    """The features found in the messages of at least RAREST different people, with their document frequencies."""
    by_persona: defaultdict[str, list[int]] = defaultdict(list)
    for index, persona in enumerate(personas):
        by_persona[persona].append(index)
    hashes, blocks = [], []
    for group in _groups(list(by_persona.values())):
        found = occurrences([documents[index] for own in group for index in own])
        owner = np.repeat(np.arange(len(group)), [len(own) for own in group])
        person = owner[found.document[found.first]]
        order = np.lexsort((person, found.hashes))
        own_hashes, own_person = found.hashes[order], person[order]
        fresh = (
            np.r_[True, (own_hashes[1:] != own_hashes[:-1]) | (own_person[1:] != own_person[:-1])] if len(order) else []
        )
        hashes.append(own_hashes[fresh])
        blocks.append(found.blocks[order][fresh].astype(np.int8))
    every, first, people = np.unique(np.concatenate(hashes), return_index=True, return_counts=True)
    block = np.concatenate(blocks)[first]
    chosen = np.zeros(len(every), dtype=bool)
    for number, most in enumerate(limits.most):
        own = np.flatnonzero((block == number) & (people >= RAREST))
        chosen[own[np.lexsort((every[own], -people[own]))[:most]]] = True
    bare = Vocabulary(
        every[chosen],
        block[chosen].astype(np.int8),
        np.ones(int(chosen.sum()), dtype=np.float32),
        np.array(limits.weights, dtype=np.float32),
    )
    return with_frequencies(bare, documents)


def with_frequencies(bare: Vocabulary, documents: Sequence[Sequence[str]]) -> Vocabulary:
    """The same vocabulary with scikit-learn's smooth inverse document frequency: ln((1 + n) / (1 + df)) + 1."""
    frequency = np.zeros(len(bare), dtype=np.int64)
    for begin in range(0, len(documents), _TOGETHER):
        found = occurrences(documents[begin : begin + _TOGETHER])
        columns = bare.columns(found.hashes)
        known = columns >= 0
        pairs = np.unique(found.document[found.first[known]] * max(1, len(bare)) + columns[known])
        frequency += np.bincount(pairs % max(1, len(bare)), minlength=len(bare))
    idf = (np.log((1 + len(documents)) / (1 + frequency)) + 1).astype(np.float32)
    return Vocabulary(bare.hashes, bare.blocks, idf, bare.block_weights)


def matrix(vocabulary: Vocabulary, documents: Sequence[Sequence[str]]) -> csr_matrix:
    """The TF-IDF matrix of the documents, exactly as prediction computes it."""
    values, columns, rows = [], [], []
    for begin in range(0, len(documents), _TOGETHER):
        part = documents[begin : begin + _TOGETHER]
        found = occurrences(part)
        own = vocabulary.columns(found.hashes)
        known = own >= 0
        found = found.keep(known)
        weighted = weigh(vocabulary, own[known], found.document[found.first], len(part))
        values.append(weighted.values)
        columns.append(weighted.columns)
        rows.append(weighted.rows + begin)
    shape = (len(documents), len(vocabulary))
    return csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape)


def _groups(personas: list[list[int]]) -> list[list[list[int]]]:
    """Personas' messages, in bunches of about _TOGETHER messages; a persona is never split."""
    groups: list[list[list[int]]] = [[]]
    size = 0
    for own in personas:
        if size >= _TOGETHER:
            groups.append([])
            size = 0
        groups[-1].append(own)
        size += len(own)
    return groups


__all__ = ["BLOCKS", "RAREST", "Array", "Limits", "matrix", "vocabulary_of", "with_frequencies"]
