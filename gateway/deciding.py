"""The dry run behind `heed decide`: files in, decisions out, nothing stored."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from cases.errors import Refused
from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.decision import Decision
from cases.model.submission import Address, Submission
from cases.model.words import Channel
from gateway.normalizer import as_judged, normalize_mail
from gateway.normalizer.language import detect
from gateway.triage import Model, assess, triage
from rules import load, starter_text
from rules.program import Engine
from rules.ruleset import Ruleset

BATCH = 50


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One thing to decide: its id and what it says."""

    id: str
    submission: Submission


def read_items(files: Sequence[Path]) -> Iterator[ReadItem]:
    """Mails from .eml files, submissions from the lines of .jsonl files; raises `Refused` with file and line."""
    now = datetime.now(UTC)
    for path in files:
        if path.suffix == ".jsonl":
            yield from _json_lines(path)
        else:
            yield ReadItem(path.name, normalize_mail(path.read_bytes(), now=now))


def _json_lines(path: Path) -> Iterator[ReadItem]:
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, subject = str(row["text"]), str(row.get("subject") or "")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(f"{path}:{number}: each line is an object with id, subject and text ({error})") from None
        submission = Submission(
            channel=Channel.MAIL,
            sender=Address(address=str(row.get("from") or "")),
            envelope_sender=str(row.get("from") or ""),
            subject=subject,
            text=text,
            new_text=text,
            language=detect(f"{subject}\n{text}"),
        )
        yield ReadItem(str(row.get("id", number)), submission)


class Decider:
    """A model, a ruleset and its engine, for as long as a command runs."""

    def __init__(self, model: Model, ruleset: Ruleset, engine: Engine, around: Context) -> None:
        """`around` is the world that every item is decided in."""
        self._around = around
        self._model = model
        self._ruleset = ruleset
        self._engine = engine

    @classmethod
    @contextmanager
    def open(cls, home: Path, rules_file: Path | None) -> "Iterator[Decider]":
        """With the given ruleset, else the home's published one, else the shipped starter; and with the home's people: its
        directory, who is away, who has left, who works with cases. Nothing is known of what came before.
        """
        from classifier.store import current
        from rules.engine.guard import GuardedEngine
        from rules.engine.installed import available
        from rules.reference import ReferenceEngine

        known = _known(home)
        ruleset = load(*_ruleset_text(known.published, rules_file))
        engine = GuardedEngine(ruleset.program) if available() else ReferenceEngine(ruleset.program)
        try:
            yield cls(current(home), ruleset, engine, known.around)
        finally:
            close = getattr(engine, "close", None)
            if close is not None:
                close()

    def decide(self, items: Iterable[ReadItem]) -> Iterator[dict[str, Any]]:
        """One object for each item, in order."""
        stream = iter(items)
        now = datetime.now(UTC)
        while batch := list(islice(stream, BATCH)):
            submissions = [as_judged(one.submission, first=True) for one in batch]
            assessments = assess(submissions, self._model)
            contexts = [self._around] * len(batch)
            decisions = triage(submissions, assessments, contexts, ruleset=self._ruleset, engine=self._engine, now=now)
            for item, assessment, decision in zip(batch, assessments, decisions, strict=True):
                if isinstance(decision, Exception):
                    raise decision
                yield as_object(item.id, assessment, decision)


def as_object(item_id: str, assessment: Assessment, decision: Decision) -> dict[str, Any]:
    """The decision as `heed decide --json` prints it; the names are stable."""
    return {
        "id": item_id,
        "category": decision.category,
        "risk": decision.risk,
        "access": decision.access.value,
        "team": decision.team,
        "owner": decision.owner,
        "escalated_to": list(decision.escalated_to),
        "excluded": [one.person for one in decision.excluded],
        "tags": list(decision.tags),
        "fired": list(decision.fired),
        "deadlines": {one.kind: one.due.isoformat() for one in decision.deadlines},
        "engine": decision.engine,
        "ruleset": decision.ruleset,
        "model": decision.model,
        "assessment": {
            "category": assessment.category,
            "confidence": round(assessment.confidence, 4),
            "risk": round(assessment.risk, 4),
            "scores": {name: round(score, 4) for name, score in assessment.scores},
            "suggestions": list(assessment.suggestions),
            "language": assessment.language,
        },
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What a home says: the ruleset in force (None before the first), and its people."""

    published: str | None = None
    around: Context = field(default_factory=Context)


def _known(home: Path) -> _Known:
    """A home that was never set up says nothing. Raises `TryLater` when its record cannot be read."""
    if not (home / "record.db").exists() and not (home / "heed.toml").exists():
        return _Known()
    from cases.store import people
    from cases.store.directory import DirectoryKeeper
    from cases.store.engine import open_database, reading
    from cases.store.rulesets import published
    from gateway.settings import Everything
    from gateway.settings import load as load_settings

    settings = load_settings(Everything, home)
    with reading(open_database(settings.record_url, schema="heed_record")) as connection:
        world = DirectoryKeeper().look(connection, people.everyone(connection), datetime.now(UTC))
        around = Context(directory=world.directory, absent=world.absent, gone=world.gone, staff=world.staff)
        return _Known(published(connection), around)


def _ruleset_text(in_force: str | None, rules_file: Path | None) -> tuple[str, str]:
    if rules_file is not None:
        return rules_file.read_text(encoding="utf-8"), str(rules_file)
    return (in_force, "published ruleset") if in_force is not None else (starter_text(), "rules.yaml")
