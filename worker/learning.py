"""Learns anew from what people corrected: reads the record, refits in a process of its own, keeps what is no worse."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from cases.errors import HeedError, Refused
from cases.keys.sealing import KeyPair
from cases.model.risk import is_grave
from cases.store import corrections, leases, refits
from cases.store.engine import reading, writing
from cases.store.rows import new_id
from classifier import corpus, learning, store
from classifier.corpus import Row
from classifier.language import detect
from classifier.learning import Candidate, Correction
from classifier.model import Message, Model
from classifier.taxonomy import CLASSES, LANGUAGES, RISKS
from classifier.text import words
from rules.ruleset import UNSORTED, Category, Ruleset

log = logging.getLogger("heed.learning")
LEASE, LEASE_SECONDS = "learning", 3600.0
Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a refit would learn from: every row, the classes, and how many of the rows are corrections and examples."""

    rows: tuple[Row, ...]
    classes: tuple[str, ...]
    corrections: int
    examples: int


def lesson(record: Engine, service: KeyPair, ruleset: Ruleset, model: Model) -> Lesson:
    """The corpus, HR ops' own examples and every correction, under today's names."""
    with reading(record) as connection:
        stored = corrections.every(connection, service)
    renamed = {name: one.renamed_to for name, one in ruleset.categories.items() if one.renamed_to}
    examples = [row for one in ruleset.categories.values() for row in _examples(one, ruleset)]
    given = [found for one in stored if (found := _correction(one, ruleset, model)) is not None]
    added = [
        name
        for name, one in ruleset.categories.items()
        if name != UNSORTED and not one.renamed_to and set(one.model) <= {name}
    ]
    rows = learning.training_rows(corpus.load(), given, examples, renamed=renamed, frozen=corpus.frozen())
    classes = learning.enough(rows, learning.categories(added, renamed), learning.categories((), renamed))
    kept = tuple(row for row in rows if row.category in classes)
    return Lesson(kept, classes, len(given), len(examples))


def learn(
    home: Path,
    record: Engine,
    service: KeyPair,
    ruleset: Ruleset,
    *,
    by: str,
    now: Callable[[], datetime],
    report: Report = lambda _step, _share: None,
) -> Candidate:
    """Refit, compare, and put the candidate in force unless it is worse; what came of it is a row either way.

    Raises `Refused` when another process is training, or there is nothing beyond the corpus to learn from.
    """
    holder = new_id()
    with writing(record) as connection:
        if not leases.take(connection, LEASE, holder, now(), LEASE_SECONDS):
            raise Refused("another training is running")
    try:
        return _learn(home, record, service, ruleset, by, now, report)
    except Exception as error:
        words_of = str(error) if isinstance(error, HeedError) else f"a fault ({type(error).__name__})"
        with writing(record) as connection:
            refits.add(connection, by=by, now=now(), outcome=refits.FAILED, because=(words_of,))
        raise
    finally:
        with writing(record) as connection:
            leases.give_up(connection, LEASE, holder)


def _learn(
    home: Path, record: Engine, service: KeyPair, ruleset: Ruleset, by: str, now: Callable[[], datetime], report: Report
) -> Candidate:
    began, before = now(), store.current_name(home)
    current = store.current(home)
    found = lesson(record, service, ruleset, current)
    candidate = learning.refit(found.rows, found.classes, current, corpus.frozen(), report)
    name, outcome = "", refits.REFUSED
    if candidate.verdict.accepted:
        name, outcome = store.keep(home, candidate.artifact), refits.KEPT
    with writing(record) as connection:
        refits.add(
            connection,
            by=by,
            now=began,  # corrections that came meanwhile are new
            outcome=outcome,
            model=name,
            before=before,
            corrections=found.corrections,
            because=candidate.verdict.because,
            figures=candidate.figures,
        )
    log.info("refit from %d corrections: %s", found.corrections, outcome)
    return candidate


def _examples(category: Category, ruleset: Ruleset) -> list[Row]:
    name = category.name
    return [
        Row(
            id=f"example-{name}-{number}",
            persona=f"example-{name}-{number}",
            language=_language(text),
            subject="",
            text=text,
            category=name,
            also=(),
            risk=_risk(category.risk, ruleset.risk_levels),
            kind="other",
            weight=learning.CORRECTED,
        )
        for number, text in enumerate(category.examples)
    ]


def _correction(stored: corrections.StoredCorrection, ruleset: Ruleset, model: Model) -> Correction | None:
    """As the model's own class; None for a message that was sorted into nothing."""
    name = ruleset.current_name(stored.category)
    if name == UNSORTED or not stored.words.strip():
        return None
    return Correction(
        message=stored.message,
        at=stored.at,
        persona=stored.persona,
        language=stored.language if stored.language in LANGUAGES else _language(stored.words),
        subject="",
        text=stored.words,
        category=_class(ruleset.categories[name], stored.words, model),
        risk=_risk(stored.risk, ruleset.risk_levels),
    )


def _class(category: Category, text: str, model: Model) -> str:
    """The model class that a category stands for; of several the one that reads likeliest."""
    if len(category.model) < 2:
        return category.model[0] if category.model else category.name
    (assessed,) = model.assess_many([Message("", text)])
    return max(category.model, key=assessed.score)


def _risk(level: str, levels: Sequence[str]) -> str:
    """The corpus' word for a ruleset's level."""
    if level in RISKS:
        return level
    return "high" if is_grave(level, levels) else "low"


def _language(text: str) -> str:
    found = detect(words("", text).counted)
    return found if found in LANGUAGES else "en"


def is_own(ruleset: Ruleset) -> bool:
    """Whether HR ops have added a category with examples enough to be learned."""
    return any(
        len(one.examples) >= learning.FEWEST_EXAMPLES and one.name not in CLASSES for one in ruleset.categories.values()
    )
