"""The features a model knows, and TF-IDF over them: what scikit-learn's TfidfVectorizer computes, on hashes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from classifier.features import BLOCKS, Array

_SLOT_BITS = 18


@dataclass(frozen=True)
class Vocabulary:
    """Known features: ascending 64-bit hashes, the block each belongs to, its inverse document frequency.

    `block_weights` scales each block after its vector was brought to length 1.
    """

    hashes: Array
    blocks: Array
    idf: Array
    block_weights: Array

    def __len__(self) -> int:
        return len(self.hashes)

    @cached_property
    def _slots(self) -> Array:
        """The first index whose hash begins with each combination of the top bits: a lookup in about one step."""
        tops = np.arange(2**_SLOT_BITS, dtype=np.uint64) << np.uint64(64 - _SLOT_BITS)
        return np.searchsorted(self.hashes, tops).astype(np.int32)

    @cached_property
    def _depth(self) -> int:
        sizes = np.bincount((self.hashes >> np.uint64(64 - _SLOT_BITS)).astype(np.int64), minlength=1)
        return int(sizes.max(initial=0))

    def columns(self, hashes: Array) -> Array:
        """The index of each hash in the vocabulary, -1 where it is unknown."""
        found = np.full(len(hashes), -1, dtype=np.int64)
        if not len(self.hashes):
            return found
        candidate = self._slots[(hashes >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)].astype(np.int64)
        left = np.arange(len(hashes))
        for _ in range(self._depth):
            if not len(left):
                break
            np.minimum(candidate, len(self.hashes) - 1, out=candidate)
            held, wanted = self.hashes[candidate], hashes[left]
            hit = held == wanted
            found[left[hit]] = candidate[hit]
            further = np.flatnonzero(held < wanted)  # they ascend: few are not settled by the first look
            left, candidate = left[further], candidate[further] + 1
        return found


@dataclass(frozen=True, slots=True)
class Weighted:
    """A sparse matrix, row after row: `rows` ascend."""

    rows: Array
    columns: Array
    values: Array
    counts: Array
    height: int

    def times(self, weights: Array) -> Array:
        """The product with a dense matrix of shape (vocabulary, n): shape (height, n)."""
        result = np.zeros((self.height, weights.shape[1]), dtype=np.float32)
        if len(self.rows):
            begin = np.flatnonzero(np.r_[True, self.rows[1:] != self.rows[:-1]])
            products = weights[self.columns] * self.values[:, None]
            result[self.rows[begin]] = np.add.reduceat(products, begin, axis=0)
        return result

    def by_row(self) -> Iterator[slice]:
        """Where each row's cells stand."""
        edges = np.searchsorted(self.rows, np.arange(self.height + 1))
        for start, end in pairwise(edges):
            yield slice(int(start), int(end))


def weigh(vocabulary: Vocabulary, columns: Array, unit: Array, height: int) -> Weighted:
    """TF-IDF of known occurrences (`columns` as from `Vocabulary.columns`, none of them -1).

    `unit` gives the row of each occurrence. Term frequency is sublinear (1 + ln count); each block of each row has
    Euclidean length 1 before its weight, as a FeatureUnion of TfidfVectorizers has.
    """
    keys, counts = np.unique(_cells(vocabulary, columns, unit), return_counts=True)
    return _weighted(vocabulary, keys, counts, height)


def weigh_each(vocabulary: Vocabulary, columns: Array, unit: Array, height: int) -> tuple[Weighted, Array]:
    """As `weigh`, with the cell that counted each occurrence."""
    keys, entry, counts = _unique(_cells(vocabulary, columns, unit))
    return _weighted(vocabulary, keys, counts, height), entry


def _unique(cells: Array) -> tuple[Array, Array, Array]:
    """What `np.unique` gives with inverse and counts, twice as fast: each cell carries its place through a plain sort.

    Cells are below 2^40 and places below 2^23 (a batch of texts cut to 20,000 characters has a tenth of that).
    """
    bits = len(cells).bit_length()
    carried = np.sort((cells << bits) | np.arange(len(cells)))
    ascending = carried >> bits
    fresh = np.r_[True, ascending[1:] != ascending[:-1]][: len(cells)]
    begin = np.flatnonzero(fresh)
    entry = np.empty(len(cells), dtype=np.int64)
    entry[carried & ((1 << bits) - 1)] = np.cumsum(fresh) - 1
    return ascending[begin], entry, np.diff(begin, append=len(cells))


def _cells(vocabulary: Vocabulary, columns: Array, unit: Array) -> Array:
    cells: Array = unit * max(1, len(vocabulary)) + columns
    return cells


def _weighted(vocabulary: Vocabulary, keys: Array, counts: Array, height: int) -> Weighted:
    rows, own = np.divmod(keys, max(1, len(vocabulary)))
    values = ((1.0 + np.log(counts)) * vocabulary.idf[own]).astype(np.float32)
    blocks = vocabulary.blocks[own]
    group = rows * BLOCKS + blocks
    lengths = np.sqrt(np.bincount(group, weights=values.astype(np.float64) ** 2, minlength=height * BLOCKS))
    values = (values / lengths[group] * vocabulary.block_weights[blocks]).astype(np.float32)
    return Weighted(rows, own, values, counts, height)
