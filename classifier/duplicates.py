"""Finds messages that say nearly the same: templates with slots teach the template."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

from classifier.corpus import Row

SHINGLE = 5
RUN = 8
COMMON = 40  # a run in more messages than this is ordinary language and proposes no pair


def near_duplicates(rows: Sequence[Row], threshold: float = 0.6) -> list[tuple[str, str, float]]:
    """Pairs of ids whose texts share at least `threshold` (Jaccard) of their five-character shingles, likest first.

    Only pairs that share runs of eight characters from a word's start, found in fewer than COMMON messages, are compared.
    """
    texts = [" ".join(row.text.lower().split()) for row in rows]
    runs = [_runs(text) for text in texts]
    where: defaultdict[str, list[int]] = defaultdict(list)
    found = []
    sizes = [len(own) for own in runs]
    for index, own in enumerate(runs):
        holders = [where[run] for run in own]
        shared = Counter(chain.from_iterable(others for others in holders if len(others) < COMMON))
        for others in holders:
            others.append(index)
        for other, count in shared.items():
            # Rare runs alone undercount what two texts share, so they only decide which pairs to look at.
            explained = count * 3 / threshold
            if explained < sizes[index] and explained < sizes[other]:
                continue
            likeness = _likeness(texts[index], texts[other])
            if likeness >= threshold:
                found.append((rows[other].id, rows[index].id, likeness))
    return sorted(found, key=lambda pair: -pair[2])


def _runs(text: str) -> frozenset[str]:
    starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == " ")]
    return frozenset(text[at : at + RUN] for at in starts)


def _likeness(one: str, other: str) -> float:
    first, second = _shingles(one), _shingles(other)
    common = len(first & second)
    return common / (len(first) + len(second) - common)


def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1)))
