"""Measures a model on labelled rows: accuracy, risk, calibration, abstention, confusion, each with its uncertainty."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from cases.errors import Refused
from cases.model.assessment import Assessment
from classifier.calibration import calibration_error
from classifier.corpus import Row
from classifier.features import Array
from classifier.model import BATCH, Message, Model
from classifier.taxonomy import HARMLESS_KINDS

DRAWS = 1000  # bootstrap samples; whole personas are drawn, as their messages are alike
SEED = 20_260_101
BINS = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A measured share and the 95% interval of its bootstrap, over `count` messages."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One category: how many rows it has, how many of them got an acceptable answer (top, top three), and how often
    the answer is acceptable where the model gives this category.
    """

    name: str
    rows: int
    top_1: float
    top_3: float
    precision: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Calibration: mean confidence and share right of one bin. Abstention: threshold, share right of those answered."""

    at: float
    right: float
    count: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured. `figures` by name; `confusion[truth][answer]` in the order of `classes`."""

    model: str
    rows: int
    classes: tuple[str, ...]
    figures: Mapping[str, Interval]
    by_class: tuple[ClassFigures, ...]
    calibration: tuple[CurvePoint, ...]
    abstention: tuple[CurvePoint, ...]
    confusion: tuple[tuple[int, ...], ...]


def evaluate(
    model: Model, rows: Sequence[Row], *, report: Callable[[str, float], None] = lambda _step, _share: None
) -> Evaluation:
    """Assesses the rows and measures. `report` hears how far it is (0 to 1). Raises Refused when there are no rows."""
    if not rows:
        raise Refused("there are no messages to measure on")
    assessments: list[Assessment] = []
    for begin in range(0, len(rows), BATCH):
        report(f"{begin} of {len(rows)}", begin / len(rows))
        part = rows[begin : begin + BATCH]
        assessments.extend(model.assess_many([Message(row.subject, row.text, row.language) for row in part]))
    thresholds = (model.calibration.escalate_at, model.calibration.caution_at)
    return measure(rows, assessments, model.classes, thresholds, model.version)


def measure(
    rows: Sequence[Row],
    assessments: Sequence[Assessment],
    classes: Sequence[str],
    thresholds: tuple[float, float],
    version: str = "",
) -> Evaluation:
    """The figures of given assessments. `thresholds` are the risk scores that escalate and that call for caution."""
    ranked = [[name for name, _ in assessment.scores[:3]] for assessment in assessments]
    hits = np.array(
        [[name in row.acceptable for name in names] for row, names in zip(rows, ranked, strict=True)], dtype=bool
    )
    right: Array = hits[:, 0]
    near: Array = np.asarray(hits.any(axis=1))
    confidence = np.array([assessment.confidence for assessment in assessments])
    answered = np.array([bool(assessment.category) for assessment in assessments])
    personas = [row.persona for row in rows]
    figures = _risk_figures(rows, np.array([assessment.risk for assessment in assessments]), thresholds, personas)
    figures |= {
        "top_1": interval(right, personas),
        "top_3": interval(near, personas),
        "answered": interval(answered, personas),
        "top_1_answered": interval(right[answered], _pick(personas, answered)),
        "calibration_error": _calibration_interval(confidence, right, personas),
    }
    for code in sorted({row.language for row in rows}):
        own = np.array([row.language == code for row in rows])
        figures[f"top_1_{code}"] = interval(right[own], _pick(personas, own))
    answers = [names[0] for names in ranked]
    return Evaluation(
        version,
        len(rows),
        tuple(classes),
        figures,
        _by_class(rows, answers, right, near, classes),
        _calibration_curve(confidence, right),
        _abstention_curve(confidence, right),
        _confusion(rows, answers, classes),
    )


def _risk_figures(
    rows: Sequence[Row], risk: Array, thresholds: tuple[float, float], personas: Sequence[str]
) -> dict[str, Interval]:
    high = np.array([row.high_risk for row in rows])
    harmless = np.array([row.kind in HARMLESS_KINDS for row in rows]) & ~high
    routine = np.array([row.risk == "low" for row in rows]) & ~harmless
    escalated, cautious = risk >= thresholds[0], risk >= thresholds[1]
    subsets = {
        "high_risk_recall": (escalated, high),
        "false_alarms": (escalated, ~high),
        "false_alarms_routine": (escalated, routine),
        "false_alarms_harmless": (escalated, harmless),
        "caution_recall": (cautious, high),
        "caution_rate": (cautious, np.ones(len(rows), dtype=bool)),
    }
    return {name: interval(flags[own], _pick(personas, own)) for name, (flags, own) in subsets.items() if own.any()}


def _pick(personas: Sequence[str], chosen: Array) -> list[str]:
    return [persona for persona, kept in zip(personas, chosen, strict=True) if kept]


def interval(flags: Array, personas: Sequence[str]) -> Interval:
    """The share of true flags with its bootstrap interval; personas are drawn, with all their messages."""
    if not len(flags):
        return Interval(0.0, 0.0, 1.0, 0)
    groups = np.unique(np.array(personas), return_inverse=True)[1]
    totals = np.bincount(groups, weights=flags.astype(float))
    sizes = np.bincount(groups)
    drawn = np.random.default_rng(SEED).integers(0, len(sizes), (DRAWS, len(sizes)))
    shares = totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(shares, (0.025, 0.975))
    return Interval(float(flags.mean()), float(low), float(high), len(flags))


def _calibration_interval(confidence: Array, right: Array, personas: Sequence[str]) -> Interval:
    groups = np.unique(np.array(personas), return_inverse=True)[1]
    members = [np.flatnonzero(groups == number) for number in range(groups.max() + 1)]
    generator = np.random.default_rng(SEED)
    errors = []
    for _ in range(DRAWS // 10):
        drawn = np.concatenate([members[at] for at in generator.integers(0, len(members), len(members))])
        errors.append(calibration_error(confidence[drawn], right[drawn], BINS))
    low, high = np.quantile(errors, (0.025, 0.975))
    found = calibration_error(confidence, right, BINS)
    return Interval(
        found, min(float(low), found), float(high), len(right)
    )  # a sample of few is never calibrated better


def _by_class(
    rows: Sequence[Row], answers: Sequence[str], right: Array, near: Array, classes: Sequence[str]
) -> tuple[ClassFigures, ...]:
    truth, answer = np.array([row.category for row in rows]), np.array(answers)
    figures = []
    for name in classes:
        own, given = truth == name, answer == name
        if own.any() or given.any():
            figures.append(ClassFigures(name, int(own.sum()), _mean(right[own]), _mean(near[own]), _mean(right[given])))
    return tuple(figures)


def _mean(flags: Array) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def _calibration_curve(confidence: Array, right: Array) -> tuple[CurvePoint, ...]:
    which = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return tuple(
        CurvePoint(float(confidence[which == number].mean()), float(right[which == number].mean()), int(count))
        for number, count in enumerate(np.bincount(which, minlength=BINS))
        if count
    )


def _abstention_curve(confidence: Array, right: Array) -> tuple[CurvePoint, ...]:
    points = []
    for threshold in np.arange(0, 1, 0.05):
        answered = confidence >= threshold
        if answered.any():
            points.append(CurvePoint(float(threshold), float(right[answered].mean()), int(answered.sum())))
    return tuple(points)


def _confusion(rows: Sequence[Row], answers: Sequence[str], classes: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Counts of truth by answer; an acceptable answer counts as the truth itself."""
    index = {name: number for number, name in enumerate(classes)}
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    for row, answer in zip(rows, answers, strict=True):
        if row.category in index:
            counts[index[row.category], index[row.category if answer in row.acceptable else answer]] += 1
    return tuple(tuple(int(count) for count in line) for line in counts)


def as_json(result: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON values; what is not a number (no such rows) becomes null."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        if isinstance(value, float):
            return None if value != value else round(value, 4)  # noqa: PLR0124 -- the test for not-a-number
        return value

    figures = {name: asdict(item) for name, item in result.figures.items()}
    result_dict: dict[str, Any] = plain(asdict(result) | {"figures": figures})
    return result_dict
