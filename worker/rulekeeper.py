"""The ruleset in force with its engine: a newly published one is made ready beside it and takes over between two batches.

A decision never waits for another ruleset to load, and one that cannot be loaded changes nothing: the old one stays.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine

from cases.errors import HeedError, TryLater
from cases.store.engine import reading
from cases.store.rulesets import history, published, text_of
from rules import load
from rules.language.load import hash_of
from rules.language.problems import RulesetInvalid
from rules.program import Engine as RulesEngine
from rules.program import EngineFailed
from rules.reference import ReferenceEngine
from rules.ruleset import Ruleset
from rules.testing import run_tests

log = logging.getLogger("heed.worker")
LOOK_EVERY = 1.0
"""Seconds between two looks for a ruleset that was published."""


@dataclass(frozen=True, slots=True)
class Held:
    """A ruleset and the engine that holds it."""

    ruleset: Ruleset
    engine: RulesEngine


class RulesKeeper:
    """What one worker decides by. `taken` is called with each ruleset before it decides anything.

    `patience` is how many seconds a batch may wait for a ruleset that is being made ready, and then somebody looks for one
    every second, so that an idle worker has it before the next mail; None: a batch looks itself, and waits.
    """

    def __init__(
        self,
        record: Engine,
        wanted: str,
        taken: Callable[[Ruleset], None],
        patience: float | None = None,
        loaded: Ruleset | None = None,
    ) -> None:
        """`wanted` is the setting `work.engine`; `loaded` a ruleset that need not be loaded again if it is in force."""
        self._loaded = loaded
        self._record, self._wanted, self._taken, self._patience = record, wanted, taken, patience
        self._held: Held | None = None
        self._looked_at = ""
        self._looking = threading.Lock()
        self._coming: threading.Thread | None = None
        self._ready: list[Held] = []
        self._closed = threading.Event()

    def current(self) -> Held:
        """What decides now. Raises `TryLater` while nothing is published that loads."""
        if self._held is None:
            self._swap(self._first())
            if self._patience is not None:
                threading.Thread(target=self._watch, name="rules watch", daemon=True).start()
        self._look()
        if self._coming is not None:
            self._coming.join(self._patience)
            if self._coming.is_alive():
                return self._now()
            self._coming = None
        if self._ready:
            self._swap(self._ready[-1])
            self._ready.clear()
        return self._now()

    def close(self) -> None:
        """End the engine's child."""
        self._closed.set()
        if self._coming is not None:
            self._coming.join(self._patience)
        for held in (*self._ready, *([self._held] if self._held else [])):
            close_engine(held.engine)

    def _now(self) -> Held:
        assert self._held is not None  # noqa: S101  _first raises otherwise
        return self._held

    def _look(self) -> None:
        """Begin to make ready what was published since the last look."""
        with self._looking, reading(self._record) as connection:
            text = published(connection, known=self._looked_at)
            if text is not None and (self._coming is None or not self._coming.is_alive()):
                self._looked_at = hash_of(text)
                self._coming = threading.Thread(target=self._prepare, args=(text,), name="rules", daemon=True)
                self._coming.start()

    def _watch(self) -> None:
        while not self._closed.wait(LOOK_EVERY):
            try:
                self._look()
            except TryLater as error:
                log.warning("rules: %s", error)

    def _swap(self, held: Held) -> None:
        self._taken(held.ruleset)
        before, self._held = self._held, held
        if before is not None and before is not held:
            close_engine(before.engine)
        log.info("ruleset %s is in force, engine %s", held.ruleset.hash, held.engine.name)

    def _first(self) -> Held:
        """At the start: the newest published ruleset that loads."""
        with reading(self._record) as connection:
            text = published(connection)
        if text is None:
            raise TryLater("no ruleset is published yet")
        self._looked_at = hash_of(text)
        for one in (text, *self._earlier()):
            try:
                known = self._loaded if self._loaded and self._loaded.hash == hash_of(one) else load(one)
                return made_ready(known, self._wanted)
            except RulesetInvalid as error:
                log.error("ruleset %s cannot be loaded: %s", hash_of(one), error.problems[0].message)  # noqa: TRY400
        raise TryLater("no published ruleset can be loaded by this release")

    def _earlier(self) -> Iterator[str]:
        with reading(self._record) as connection:
            names = dict.fromkeys(one.ruleset for one in history(connection)[1:])
            texts = [text_of(connection, name) for name in names]
        yield from (text for text in texts if text is not None)

    def _prepare(self, text: str) -> None:
        """In a thread of its own, so that decisions go on meanwhile."""
        try:
            self._ready.append(made_ready(load(text), self._wanted))
        except Exception as error:  # noqa: BLE001  the boundary: whatever is wrong with it, what decides now goes on
            found = error.problems[0].message if isinstance(error, RulesetInvalid) else type(error).__name__
            log.error("ruleset %s was not taken, the one before stays in force: %s", hash_of(text), found)  # noqa: TRY400


def load_published(record: Engine) -> Ruleset | None:
    """The newest published ruleset, for a parent to share with its forks; None where it has to be looked at more closely."""
    try:
        with reading(record) as connection:
            text = published(connection)
        return None if text is None else load(text)
    except (RulesetInvalid, TryLater):
        return None  # whoever needs it meets the same, and says so


def made_ready(ruleset: Ruleset, wanted: str) -> Held:
    """A ruleset with an engine that has passed its tests; the reference evaluator where durable-rules cannot."""
    engine = make_engine(ruleset, wanted)
    if engine.name != ReferenceEngine.name and not run_tests(ruleset, engine).passed and run_tests(ruleset).passed:
        log.error("rules engine: fails tests of ruleset %s that the reference passes, which decides", ruleset.hash)
        close_engine(engine)
        engine = ReferenceEngine(ruleset.program)
    return Held(ruleset, engine)


def make_engine(ruleset: Ruleset, wanted: str) -> RulesEngine:
    """durable-rules in its guarded child where it can be had, else the reference evaluator."""
    if wanted != "reference":
        from rules.engine.guard import GuardedEngine
        from rules.engine.installed import available

        if available():
            try:
                return GuardedEngine(ruleset.program, alarm=lambda words: log.error("rules engine: %s", words))
            except (EngineFailed, HeedError) as error:
                log.error("rules engine: the reference decides by ruleset %s: %s", ruleset.hash, error)  # noqa: TRY400
    return ReferenceEngine(ruleset.program)


def close_engine(engine: RulesEngine) -> None:
    """End an engine's child process, where it has one."""
    close = getattr(engine, "close", None)
    if close is not None:
        close()
