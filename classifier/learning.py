"""Learns from corrections: which rows a refit sees, and whether the model that comes of it may replace the current one.

Pure: whoever calls brings corrections from the record, and has left out what must never train anything (see
`Correction`). A refit is always in full; a model that only saw the latest corrections would forget the rest.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, log

from cases.errors import Refused
from classifier.artifact import Artifact
from classifier.corpus import Row
from classifier.evaluation import Evaluation, evaluate
from classifier.model import Message, Model
from classifier.taxonomy import CLASSES, RISKS

ENOUGH = 25  # corrections since the last training that are worth a new one
ACCURACY_LOST = 0.01  # share of right answers that a candidate may lose on the frozen set: a point
CALIBRATION_LOST = 0.01  # calibration error it may add, beyond
CALIBRATED = (
    0.05  # what a perfectly calibrated model shows by chance on a few hundred messages: below it nothing is lost
)
RECALL_LOST = 0.0  # high-risk recall it may lose
ALARMS_ADDED = 0.01  # share of all other messages that it may escalate beside those of today
FURTHEST = 0.5  # log-odds by which a candidate's risk is moved, at most, to find as many reports as the model in force
CORRECTED = 3.0  # how much a correction counts beside a message of the corpus: it is this organisation's own
FEWEST_EXAMPLES = 15  # of a category that HR ops add, before the classifier suggests it


@dataclass(frozen=True, slots=True)
class Correction:
    """What HR said of one message: append-only, the latest of a message counts.

    `persona` is an opaque id of the sender (a keyed hash): folds and the rule of rare terms are by person. Messages
    of anonymous reporters and of sealed cases may not become corrections; `trainable` is false where one did.
    """

    message: str
    at: datetime
    persona: str
    language: str
    subject: str
    text: str
    category: str
    risk: str
    trainable: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate may replace the current model; `because` gives every reason, in words, when it may not."""

    accepted: bool
    because: tuple[str, ...]


def is_due(corrections: Sequence[Correction], trained_at: datetime, now: datetime, every: timedelta) -> bool:
    """Whether to train: after ENOUGH new corrections, or when `every` has passed and there is at least one."""
    fresh = sum(correction.trainable and correction.at > trained_at for correction in corrections)
    return fresh >= ENOUGH or (fresh > 0 and now - trained_at >= every)


def categories(added: Sequence[str], renamed: Mapping[str, str]) -> tuple[str, ...]:
    """The categories a refit knows: the shipped ones and those HR added, without those renamed or merged away."""
    known = dict.fromkeys(resolve(name, renamed) for name in (*CLASSES, *added))
    return tuple(known)


def resolve(category: str, renamed: Mapping[str, str]) -> str:
    """What a category is called today, through any number of renamings and mergers. Raises Refused for a circle."""
    seen = {category}
    while category in renamed:
        category = renamed[category]
        if category in seen:
            raise Refused(f"categories are renamed in a circle: {', '.join(sorted(seen))}")
        seen.add(category)
    return category


def training_rows(
    corpus: Sequence[Row],
    corrections: Sequence[Correction],
    examples: Sequence[Row] = (),
    *,
    renamed: Mapping[str, str] | None = None,
    frozen: Sequence[Row] = (),
) -> tuple[Row, ...]:
    """Everything a full refit sees, under today's category names: corpus, HR's own examples, latest corrections.

    Rows of the frozen set, by id or by text, never train.
    """
    names = renamed or {}
    latest: dict[str, Correction] = {}
    for correction in sorted(corrections, key=lambda item: (item.at, item.message)):
        latest[correction.message] = correction
    rows = [*corpus, *examples, *(_as_row(item) for item in latest.values() if item.trainable and item.text.strip())]
    held_back = {row.id for row in frozen} | {_squeezed(row) for row in frozen}
    return tuple(_renamed(row, names) for row in rows if row.id not in held_back and _squeezed(row) not in held_back)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A refit beside the model in force, both measured on the frozen set."""

    artifact: Artifact
    before: Evaluation
    after: Evaluation
    verdict: Verdict

    @property
    def figures(self) -> dict[str, tuple[float, float]]:
        """What was compared: name → before and after."""
        names = [name for name in self.before.figures if name in self.after.figures]
        return {name: (self.before.figures[name].value, self.after.figures[name].value) for name in names}


def refit(
    rows: Sequence[Row],
    classes: Sequence[str],
    current: Model,
    frozen: Sequence[Row],
    report: Callable[[str, float], None] = lambda _step, _share: None,
) -> Candidate:
    """Trains on all rows and compares with `current`. Deterministic; half a minute to a minute of one processor."""
    from classifier.training import train  # scikit-learn: only where something is trained

    artifact = as_watchful(train(rows, classes, report=report), current, frozen)
    before, after = evaluate(current, frozen), evaluate(Model(artifact), frozen)
    return Candidate(artifact, before, after, judge(before, after))


def as_watchful(candidate: Artifact, current: Model, frozen: Sequence[Row]) -> Artifact:
    """The candidate with its risk moved up until it finds as many of the frozen reports as the model in force.

    People correct what was too loud more often than what was missed, and a balanced point moves with them: without this, two
    dozen calm corrections cost a report or two, and `judge` refuses what they taught. What it costs in false alarms is
    judged. It is never moved down, nor further than FURTHEST: then it stays as it was.
    """
    reports = [Message(row.subject, row.text, row.language) for row in frozen if row.high_risk]
    found = sum(one.risk >= current.calibration.escalate_at for one in current.assess_many(reports))
    calibration = candidate.manifest.calibration
    risks = sorted((one.risk for one in Model(candidate).assess_many(reports)), reverse=True)
    missing = _log_odds(calibration.escalate_at) - _log_odds(risks[found - 1]) + 1e-6 if found else 0.0
    if not 0 < missing <= FURTHEST:
        return candidate
    risk = replace(calibration.risk, intercept=calibration.risk.intercept + missing)
    caution_at = 1 / (1 + exp(-_log_odds(calibration.caution_at) - missing))  # whom somebody looks at stays the same
    moved = replace(calibration, risk=risk, caution_at=caution_at)
    return replace(candidate, manifest=replace(candidate.manifest, calibration=moved))


def enough(rows: Sequence[Row], classes: Sequence[str], shipped: Sequence[str]) -> tuple[str, ...]:
    """The classes without those that HR ops added and that have fewer than FEWEST_EXAMPLES messages yet.

    `shipped` are those of the corpus, by the names that they have today.
    """
    counts = Counter(row.category for row in rows)
    return tuple(name for name in classes if name in shipped or counts[name] >= FEWEST_EXAMPLES)


def judge(current: Evaluation, candidate: Evaluation) -> Verdict:
    """Compares two models measured on the same frozen set.

    Refuses a candidate that loses high-risk recall, more than a point of accuracy or calibration, or that adds more than a
    point of false alarms. Raises Refused when the two were not measured on equally many messages.
    """
    if current.rows != candidate.rows:
        raise Refused("the two models were measured on different messages")
    reasons = []
    for figure, words, lost, sign in (
        ("high_risk_recall", "high-risk recall", RECALL_LOST, 1),
        ("top_1", "accuracy", ACCURACY_LOST, 1),
        ("calibration_error", "calibration error", CALIBRATION_LOST, -1),
        ("false_alarms", "false alarms", ALARMS_ADDED, -1),
    ):
        if figure not in current.figures or figure not in candidate.figures:
            raise Refused(f"the frozen set has no message to measure {words} on")
        before, after = current.figures[figure].value, candidate.figures[figure].value
        by_chance = figure == "calibration_error" and after <= CALIBRATED
        if sign * (before - after) > lost + 1e-9 and not by_chance:
            reasons.append(f"{words} went from {before:.3f} to {after:.3f}")
    return Verdict(not reasons, tuple(reasons))


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-9), 1 - 1e-9)
    return log(share / (1 - share))


def _as_row(correction: Correction) -> Row:
    if correction.risk not in RISKS:
        raise Refused(f"correction of {correction.message}: {correction.risk!r} is no risk; one of {', '.join(RISKS)}")
    return Row(
        id=f"correction-{correction.message}",
        persona=correction.persona,
        language=correction.language,
        subject=correction.subject,
        text=correction.text,
        category=correction.category,
        also=(),
        risk=correction.risk,
        kind="other",
        weight=CORRECTED,
    )


def _renamed(row: Row, names: Mapping[str, str]) -> Row:
    category = resolve(row.category, names)
    also = dict.fromkeys(resolve(name, names) for name in row.also)
    also.pop(category, None)
    return replace(row, category=category, also=tuple(also))


def _squeezed(row: Row) -> str:
    return " ".join(f"{row.subject} {row.text}".lower().split())
