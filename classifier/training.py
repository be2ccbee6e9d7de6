"""Trains a model from rows, from nothing: same rows, same classes, same libraries, same model."""

from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from cases.errors import Refused
from classifier.artifact import CODE, FORMAT, Artifact, Manifest, array_hashes
from classifier.corpus import Row, digest
from classifier.fitting import Settings, fit
from classifier.taxonomy import CLASSES
from classifier.text import words
from classifier.unseen import FOLDS, calibrate, read_unseen

FEWEST: Final = 20  # rows without which a model would be a guess
ESTABLISHED: Final = 40  # messages of a category added by HR below which it is suggested, never chosen
LANGUAGE_ROWS: Final = 50  # messages without which a language is not supported


def train(
    rows: Sequence[Row],
    classes: Sequence[str] = CLASSES,
    *,
    settings: Settings | None = None,
    report: Callable[[str, float], None] = lambda _step, _share: None,
) -> Artifact:
    """A model of the rows. `report` hears what is being done and how much of the work is (0 to 1) behind.

    Raises Refused when there are too few rows, or fewer than two categories or risks among them.
    """
    chosen = settings or Settings()
    rows = sorted(rows, key=lambda row: row.id)
    _check(rows)
    classes = tuple(name for name in classes if any(name in row.acceptable for row in rows))
    with threadpool_limits(limits=1):
        report("reading", 0.0)
        documents = [words(row.subject, row.text).counted for row in rows]
        unseen = read_unseen(rows, documents, classes, chosen, report)
        report("fitting the whole", FOLDS / (FOLDS + 1))
        vocabulary, category, risk = fit(rows, documents, classes, chosen)
        calibration, measured = calibrate(rows, classes, unseen)
        report("done", 1.0)
    arrays = {
        "hashes": vocabulary.hashes,
        "blocks": vocabulary.blocks,
        "idf": vocabulary.idf,
        "block_weights": vocabulary.block_weights,
        "category_weights": category.weights,
        "category_bias": category.bias,
        "risk_weights": risk.weights[:, 0],
        "risk_bias": risk.bias,
    }
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    manifest = Manifest(
        format=FORMAT,
        code=CODE,
        corpus=digest(rows),
        classes=classes,
        tentative=_tentative(rows, classes),
        languages=_languages(rows),
        calibration=calibration,
        measured=measured,
        data=_counts(rows),
        libraries={name: version(name) for name in ("numpy", "scipy", "scikit-learn")},
        arrays=array_hashes(arrays),
    )
    return Artifact(manifest, **arrays)


def _check(rows: Sequence[Row]) -> None:
    if len(rows) < FEWEST:
        raise Refused(f"{len(rows)} messages are too few to learn from; at least {FEWEST} are needed")
    if len({row.category for row in rows}) < 2 or len({row.high_risk for row in rows}) < 2:
        raise Refused("the messages are all of one category or one risk; there is nothing to tell apart")


def _tentative(rows: Sequence[Row], classes: Sequence[str]) -> tuple[str, ...]:
    """Categories that HR added and that are still rare: the shipped ones are established whatever their number."""
    own = Counter(row.category for row in rows)
    return tuple(name for name in classes if name not in CLASSES and own[name] < ESTABLISHED)


def _languages(rows: Sequence[Row]) -> tuple[str, ...]:
    """The supported languages: enough messages, and not of a few categories only, which would make all look alike."""
    counts = Counter(row.language for row in rows)
    covered = Counter(language for language, _ in {(row.language, row.category) for row in rows})
    categories = {row.category for row in rows}
    enough = min(LANGUAGE_ROWS, len(rows) / 2)
    return tuple(sorted(code for code in counts if counts[code] >= enough and covered[code] * 3 >= len(categories) * 2))


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    counts = Counter(f"{row.language}/{row.category}" for row in rows)
    return {"messages": len(rows), "personas": len({row.persona for row in rows}), **dict(sorted(counts.items()))}
