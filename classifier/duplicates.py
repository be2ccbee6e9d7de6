"""Finds messages that say nearly the same: templates with slots teach the template."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from classifier.corpus import Row

SHINGLE = 5
COMMON = 40  # a shingle in more messages than this is ordinary language and proposes no pair


def near_duplicates(rows: Sequence[Row], threshold: float = 0.6) -> list[tuple[str, str, float]]:
    """Pairs of ids whose texts share at least `threshold` (Jaccard) of their five-character shingles, likest first.

    Only pairs that share a shingle found in fewer than COMMON messages are compared in full.
    """
    shingles = [_shingles(row.text) for row in rows]
    where: defaultdict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(shingles):
        for shingle in own:
            where[shingle].append(index)
    found = []
    for index, own in enumerate(shingles):
        shared: Counter[int] = Counter()
        for shingle in own:
            others = where[shingle]
            if len(others) < COMMON:
                shared.update(other for other in others if other < index)
        for other, count in shared.items():
            # Rare shingles alone undercount what two texts share, so they only decide which pairs to look at.
            if count * 3 < min(len(own), len(shingles[other])) * threshold:
                continue
            common = len(own & shingles[other])
            likeness = common / (len(own) + len(shingles[other]) - common)
            if likeness >= threshold:
                found.append((rows[other].id, rows[index].id, likeness))
    return sorted(found, key=lambda pair: -pair[2])


def _shingles(text: str) -> frozenset[str]:
    squeezed = " ".join(text.lower().split())
    return frozenset(squeezed[at : at + SHINGLE] for at in range(max(1, len(squeezed) - SHINGLE + 1)))
