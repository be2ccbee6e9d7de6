"""Folds that never split a persona: what a model says of people it has not read."""

import hashlib
from collections.abc import Sequence

import numpy as np

from classifier.features import Array


def grouped_folds(personas: Sequence[str], count: int) -> Array:
    """The fold (0 to count - 1) of each message, by its persona's hash: stable while the corpus grows."""
    return np.array(
        [int.from_bytes(hashlib.sha256(persona.encode()).digest()[:8], "big") % count for persona in personas],
        dtype=np.int64,
    )
