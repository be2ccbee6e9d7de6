"""The home's rules.yaml: watched, and looked at when somebody asks, it only proposes; a person publishes. A rollback
rewrites it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cases.errors import HeedError
from rules.language.circumstances import Circumstances
from rules.language.files import read_file
from rules.language.load import hash_of
from rules.language.problems import RulesetInvalid
from rules.publishing import Proposal, Versions, propose


class State(StrEnum):
    """What the file is to the version in force."""

    ABSENT = "absent"
    IN_FORCE = "in_force"
    EARLIER = "earlier"
    READY = "ready"
    BLOCKED = "blocked"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Watched:
    """What the file says, and whether it could be put in force. `error` has the findings in full when it is broken."""

    state: State
    words: str
    hash: str = ""
    text: str = ""
    proposal: Proposal | None = None
    error: RulesetInvalid | None = None


def look_at(path: Path, versions: Versions, around: Circumstances | None = None) -> Watched:
    """What this file proposes. Only a text that was never published is a proposal; it is checked and its tests run."""
    if not path.is_file():
        return Watched(State.ABSENT, "There is no rules.yaml in the home; what was published is in force.")
    try:
        text = read_file(path)
    except HeedError as error:
        broken = error if isinstance(error, RulesetInvalid) else None
        return Watched(State.BROKEN, f"rules.yaml was not taken: {error}", error=broken)
    name, current = hash_of(text), versions.current()
    if current is not None and name == current.hash:
        return Watched(State.IN_FORCE, f"rules.yaml is version {name}, which is in force.", name, text)
    if versions.get(name) is not None:
        words = f"rules.yaml is version {name}, which was published before: `heed rules rollback {name}` returns to it."
        return Watched(State.EARLIER, words, name, text)
    try:
        proposal = propose(text, versions, around=around)
    except RulesetInvalid as error:
        first = error.problems[0]
        words = f"{error.heading} First, in line {first.line}: {first.message}. What was in force stays in force."
        return Watched(State.BROKEN, words, name, text, error=error)
    if proposal.blocked_because:
        words = f"rules.yaml proposes version {name}, which cannot be published: {proposal.blocked_because}."
        return Watched(State.BLOCKED, words, name, text, proposal)
    passed = len(proposal.report.results)
    found = f"no errors{_warned(proposal)}, {passed} tests pass"
    words = f"rules.yaml proposes version {name}: {found}; a person must publish it."
    return Watched(State.READY, words, name, text, proposal)


def _warned(proposal: Proposal) -> str:
    """How much was found that does not stand in the way, and where it begins."""
    if not proposal.problems:
        return ""
    many = len(proposal.problems)
    return f", {many} warning{'s' if many > 1 else ''} (from line {min(one.line for one in proposal.problems)})"


class Watch:
    """Looks at a file again only when it, the version in force, or the day is another."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[object, ...] = ()
        self._found = Watched(State.ABSENT, "")

    def look(self, versions: Versions, now: datetime, around: Callable[[], Circumstances]) -> Watched:
        """What the file proposes; `around` is asked when it is looked at."""
        try:
            found = self._path.stat()
            stamp: tuple[object, ...] = (found.st_mtime_ns, found.st_size, found.st_ino)
        except OSError:
            stamp = ()
        current = versions.current()
        seen = (*stamp, current.hash if current else "", now.date())
        if seen != self._seen:
            self._found, self._seen = look_at(self._path, versions, around()), seen
        return self._found


def write_file(path: Path, text: str) -> None:
    """Replace the file in one step: whoever reads it meanwhile gets the old text or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
