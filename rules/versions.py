"""Earlier versions of the ruleset: steps and needs of a case are those of the version that it was sorted by."""

import logging
import threading
from collections.abc import Callable

from rules.language.load import load
from rules.language.problems import RulesetInvalid
from rules.ruleset import Ruleset

log = logging.getLogger("heed.rules")
MOST = 8
"""Versions that are kept loaded; each costs a third of a second to load."""


class Versions:
    """The versions used last, by hash; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Ruleset | None] = {}

    def of(self, version: str, category: str, current: Ruleset, text_of: Callable[[str], str | None]) -> Ruleset:
        """The version that a case of this category carries. `current` where that is gone, cannot be loaded by this release,
        or does not know the category.
        """
        if version == current.hash:
            return current
        with self._lock:
            if version not in self._kept:
                self._kept[version] = _loaded(version, text_of(version))
            found = self._kept.pop(version)
            self._kept[version] = found  # now the one used last
            for oldest in list(self._kept)[:-MOST]:
                del self._kept[oldest]
        return found if found is not None and category in found.categories else current


def _loaded(version: str, text: str | None) -> Ruleset | None:
    try:
        return load(text) if text is not None else None
    except RulesetInvalid as error:
        log.warning("ruleset %s cannot be loaded by this release: %s", version, error.problems[0].message)
        return None
