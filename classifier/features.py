"""Counts stems, character runs and concepts of many messages at once, as 64-bit hashes in plain arrays.

A feature is a word's beginning, a pair of them, a run of characters within a word and the space around it
(scikit-learn's `char_wb`), or a concept of the thesaurus. Pieces of text are hashed by a polynomial over their letters,
so that all pieces of a batch come from one cumulative sum. With 64 bits, a collision among 10^5 features is a matter of
one in 10^9.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifier.thesaurus import concepts

Array = NDArray[Any]

STEMS: Final = 0
CHARACTERS: Final = 1
CONCEPTS: Final = 2
BLOCKS: Final = 3

STEM = 6  # letters of a word's beginning that stand for its family; 4, 5, 7, 8 measured no better
RUNS = (3, 4, 5)  # lengths of character runs

_BASE = 0x9E3779B97F4A7C15  # odd, so that its powers can be inverted modulo 2^64
_INVERSE = pow(_BASE, -1, 2**64)
_SALTS = np.array([0x8BB84B93962EACC9, 0x2D358DCCAA6C78A5], dtype=np.uint64)
_SPACE = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every feature of a batch where it stands: its hash, its block, the first and the last word it covers.

    Words are numbered through the whole batch; `document` names each word's document.
    """

    hashes: Array
    blocks: Array
    first: Array
    last: Array
    document: Array

    @property
    def words(self) -> int:
        """How many words the batch has."""
        return len(self.document)

    def keep(self, chosen: Array) -> "Occurrences":
        """Only the chosen ones (their places, or a boolean mask)."""
        return Occurrences(
            self.hashes[chosen], self.blocks[chosen], self.first[chosen], self.last[chosen], self.document
        )


def occurrences(documents: Sequence[Sequence[str]]) -> Occurrences:
    """All features of the documents, each given as its counted words. Pairs never join two documents."""
    lengths = np.fromiter(map(len, documents), dtype=np.int64, count=len(documents))
    document = np.repeat(np.arange(len(documents)), lengths)
    words = [word for own in documents for word in own]
    if not words:
        nothing = np.empty(0, dtype=np.int64)
        return Occurrences(nothing.astype(np.uint64), nothing, nothing, nothing, document)
    text = f" {' '.join(words)} "
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    hasher = _Hasher(letters)
    parts = [*_stems(letters, hasher, document), *_runs(letters, hasher), _concepts(words)]
    return Occurrences(
        np.concatenate([hashes for _, hashes, _, _ in parts]),
        np.concatenate([np.full(len(hashes), block, dtype=np.int8) for block, hashes, _, _ in parts]),
        np.concatenate([first for _, _, first, _ in parts]),
        np.concatenate([last for _, _, _, last in parts]),
        document,
    )


def _stems(letters: Array, hasher: "_Hasher", document: Array) -> list[tuple[int, Array, Array, Array]]:
    """Each word's beginning, and each pair of neighbours within a document."""
    spaces = np.flatnonzero(letters == _SPACE)
    starts = spaces[:-1] + 1
    stems = hasher.pieces(starts, np.minimum(spaces[1:], starts + STEM))
    number = np.arange(len(starts))
    first = number[:-1][document[1:] == document[:-1]]
    pairs = stems[first] * np.uint64(_BASE) + (stems[first + 1] ^ np.uint64(0xD6E8FEB86659FD93))
    return [
        (STEMS, _salted(stems, STEMS), number, number),
        (STEMS, _salted(pairs, STEMS), first, first + 1),
    ]


def _runs(letters: Array, hasher: "_Hasher") -> list[tuple[int, Array, Array, Array]]:
    """Runs of characters that have no space inside; at either end it is welcome, and a first one opens its word."""
    space = letters == _SPACE
    word_at = np.cumsum(space) - 1
    parts = []
    for length in RUNS:
        count = len(letters) - length + 1
        if count <= 0:
            continue
        inside = np.zeros(count, dtype=bool)
        for offset in range(1, length - 1):
            inside |= space[offset : offset + count]
        begin = np.flatnonzero(~inside)
        hashes = _salted(hasher.pieces(begin, begin + length), CHARACTERS)
        parts.append((CHARACTERS, hashes, word_at[begin], word_at[begin]))
    return parts


def _concepts(words: Sequence[str]) -> tuple[int, Array, Array, Array]:
    hashes: list[int] = []
    where: list[int] = []
    for index, own in enumerate(map(_concept_hashes, words)):
        if own:
            hashes.extend(own)
            where.extend([index] * len(own))
    at = np.array(where, dtype=np.int64)
    return CONCEPTS, np.array(hashes, dtype=np.uint64), at, at


@lru_cache(maxsize=65_536)
def _concept_hashes(word: str) -> tuple[int, ...]:
    return tuple(
        int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8, person=b"concept").digest(), "big")
        for name in concepts(word)
    )


def _salted(hashes: Array, block: int) -> Array:
    """The hash of a piece in its block, its bits mixed (the finalizer of splitmix64)."""
    mixed = hashes ^ _SALTS[block]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: Array = mixed ^ (mixed >> np.uint64(31))
    return result


class _Hasher:
    """Polynomial hashes of any piece of one array of letters, from its prefix sums."""

    def __init__(self, letters: Array) -> None:
        mixed = (letters + np.uint64(0x632BE59BD9B4E019)) * np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(29)
        self._inverse = _powers(_INVERSE, len(letters) + 1)
        self._prefix = np.zeros(len(letters) + 1, dtype=np.uint64)
        np.cumsum(mixed * _powers(_BASE, len(letters)), out=self._prefix[1:])

    def pieces(self, starts: Array, ends: Array) -> Array:
        """The hash of letters[start:end] for each pair, the same wherever the piece stands."""
        result: Array = (self._prefix[ends] - self._prefix[starts]) * self._inverse[starts]
        return result


def _powers(base: int, count: int) -> Array:
    powers = np.full(count, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, out=powers)
