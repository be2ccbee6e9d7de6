"""What a worker process holds while it lives: databases, keys, the model, the published ruleset and its engine."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Engine

from cases.keys.ring import WorkerKeys
from cases.store.clock_rows import keep_calendars
from cases.store.directory import DirectoryKeeper
from cases.store.engine import writing
from gateway.authenticity import Verifier
from gateway.inbox import accepted
from gateway.settings import WorkerSlice
from gateway.triage import Model
from rules.kept_calendars import kept_calendars
from rules.program import Engine as RulesEngine
from rules.ruleset import Ruleset
from rules.versions import Versions
from worker.rulekeeper import RulesKeeper


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
    rules_wait: float | None = None
    """Seconds that a batch waits for a ruleset that was just published; None: until it is there."""
    loaded: Ruleset | None = field(default=None, repr=False)
    """What was in force when this process was forked."""
    verifier: Verifier | None = None
    versions: Versions = field(default_factory=Versions, repr=False)
    directory: DirectoryKeeper = field(default_factory=DirectoryKeeper, repr=False)

    def rules(self) -> tuple[Ruleset, RulesEngine]:
        """The ruleset in force with an engine that holds it. Raises `TryLater` while there is none."""
        held = self._keeper.current()
        self.ruleset = held.ruleset
        return held.ruleset, held.engine

    @cached_property
    def _keeper(self) -> RulesKeeper:
        return RulesKeeper(self.record, self.settings.work.engine, self._taken, self.rules_wait, self.loaded)

    def _taken(self, ruleset: Ruleset) -> None:
        with writing(self.record) as connection:
            keep_calendars(connection, kept_calendars(ruleset))
        with writing(self.inbox) as connection:
            accepted.replace(connection, ruleset.aliases)

    def close(self) -> None:
        """End the engine's child and the connections."""
        with ExitStack() as stack:
            stack.callback(self.inbox.dispose)
            stack.callback(self.record.dispose)
            stack.callback(self._keeper.close)
