"""What a worker process holds while it lives: databases, keys, the model, the published ruleset and its engine."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from cases.errors import TryLater
from cases.keys.ring import WorkerKeys
from cases.store.clock_rows import keep_calendars
from cases.store.directory import DirectoryKeeper
from cases.store.engine import reading, writing
from cases.store.rulesets import published
from gateway.settings import WorkerSlice
from gateway.triage import Model
from rules import load
from rules.kept_calendars import kept_calendars
from rules.program import Engine as RulesEngine
from rules.ruleset import Ruleset

log = logging.getLogger("heed.worker")


@dataclass
class Workshop:
    """One worker's tools. `now` is the clock; everything a job needs comes from here."""

    settings: WorkerSlice
    inbox: Engine
    record: Engine
    keys: WorkerKeys = field(repr=False)
    model: Model
    now: Callable[[], datetime]
    transport: Any
    ruleset: Ruleset | None = None
    engine: RulesEngine | None = None
    directory: DirectoryKeeper = field(default_factory=DirectoryKeeper, repr=False)

    def rules(self) -> tuple[Ruleset, RulesEngine]:
        """The published ruleset with an engine that holds it; a newly published one takes over between two batches."""
        with reading(self.record) as connection:
            current = published(connection, known=self.ruleset.hash if self.ruleset else "")
        if current is None and (self.ruleset is None or self.engine is None):
            raise TryLater("no ruleset is published yet")
        if current is not None:
            self._take(load(current))
        assert self.ruleset is not None  # noqa: S101  set by _take, or held since the last batch
        assert self.engine is not None  # noqa: S101
        return self.ruleset, self.engine

    def _take(self, ruleset: Ruleset) -> None:
        with writing(self.record) as connection:
            keep_calendars(connection, kept_calendars(ruleset))
        fresh = make_engine(ruleset, self.settings.work.engine)
        old, self.ruleset, self.engine = self.engine, ruleset, fresh
        close_engine(old)
        log.info("ruleset %s is in force, engine %s", ruleset.hash, fresh.name)

    def close(self) -> None:
        """End the engine's child and the connections."""
        with ExitStack() as stack:
            stack.callback(self.inbox.dispose)
            stack.callback(self.record.dispose)
            stack.callback(close_engine, self.engine)


def make_engine(ruleset: Ruleset, wanted: str) -> RulesEngine:
    """durable-rules in its guarded child where it can be had, else the reference evaluator."""
    from rules.reference import ReferenceEngine

    if wanted != "reference":
        from rules.engine.guard import GuardedEngine
        from rules.engine.installed import available

        if available():
            return GuardedEngine(ruleset.program, alarm=lambda words: log.error("rules engine: %s", words))
    return ReferenceEngine(ruleset.program)


def close_engine(engine: RulesEngine | None) -> None:
    """End an engine's child process, where it has one."""
    close = getattr(engine, "close", None)
    if close is not None:
        close()
