"""Keeps the model in force: looks at the home's pointer once a second, loads another beside the work, swaps between batches."""

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from cases.errors import HeedError
from cases.model.assessment import Assessment
from classifier import store
from classifier.model import Message, Model

log = logging.getLogger("heed.model")
LOOK_EVERY = 1.0
"""Seconds between two looks at the pointer."""


class ModelKeeper:
    """The model as triage needs it. One that cannot be loaded leaves the one before in force, with a line in the log."""

    def __init__(self, home: Path, model: Model) -> None:
        self._home, self._model = home, model
        self._named = _pointed(home)
        self._looked = time.monotonic()
        self._coming: threading.Thread | None = None

    @property
    def version(self) -> str:
        """Which model reads now."""
        return self._model.version

    def assess_many(self, messages: Sequence[Message]) -> list[Assessment]:
        """The view of each, in order, all by the same model."""
        self.look()
        return self._model.assess_many(messages)

    def look(self) -> None:
        """Begin to load another model where the pointer names one; never waits."""
        if time.monotonic() - self._looked < LOOK_EVERY or (self._coming and self._coming.is_alive()):
            return
        self._looked = time.monotonic()
        named = _pointed(self._home)
        if named != self._named:
            self._named = named
            self._coming = threading.Thread(target=self._load, name="model", daemon=True)
            self._coming.start()

    def _load(self) -> None:
        try:
            self._model = store.current(self._home)
        except (HeedError, OSError) as error:
            log.error("the new model was not taken, the one before stays: %s", error)  # noqa: TRY400  a sentence
        else:
            log.info("model %s reads from now on", self._model.version)


def _pointed(home: Path) -> str:
    """What the pointer names; something else than any name while it cannot be read."""
    try:
        return store.current_name(home)
    except (HeedError, OSError):
        return "?"
