"""`heed rules try`: replays stored submissions against a candidate and says what would change, the weakened first.

Sends nothing and stores nothing. Who tries sees only cases that they could open; the others are counted.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.decision import Decision
from cases.model.submission import Submission
from cases.model.words import Access
from rules.deciding import decide, reference_of
from rules.program import Engine
from rules.ruleset import Ruleset

FEWEST = 5
"""Fewer restricted or sealed cases than this are never counted in front of who may not open them."""

FIELDS = ("category", "risk", "team", "access")


@dataclass(frozen=True, slots=True)
class Stored:
    """One submission as it was decided: what the rules saw then. `may_open` is whether who tries could open its case."""

    reference: str
    submission: Submission
    assessment: Assessment
    context: Context
    received: datetime
    may_open: bool


class Archive(Protocol):
    """Where stored submissions come from."""

    def since(self, moment: datetime) -> Iterable[Stored]:
        """Submissions received since then, oldest first."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One submission that the candidate decides otherwise. `changes` are (field, before, after). No reference if hidden."""

    reference: str
    changes: tuple[tuple[str, str, str], ...]
    weakened: tuple[str, ...]
    deadlines: tuple[tuple[str, datetime | None, datetime | None], ...] = ()
    """(clock, before, after) of every deadline that moves; None where there is no such clock."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial found: `moved` has the weakened first; `hidden` counts changed cases that who tries may not open.

    `tally` counts each change, as (field, before, after, cases). No count tells of restricted or sealed cases that who tries
    may not open, unless there are `FEWEST` of them: not even that there is one.
    """

    replayed: int
    moved: tuple[Moved, ...]
    hidden: int
    hidden_weakened: int
    tally: tuple[tuple[str, str, str, int], ...]
    newly_fired: tuple[tuple[str, int], ...]
    no_longer_fired: tuple[tuple[str, int], ...]


class Counts:
    """Counts by key, where few protected cases that who tries may not open count as none."""

    def __init__(self) -> None:
        self._shown: Counter[Hashable] = Counter()
        self._protected: Counter[Hashable] = Counter()

    def add(self, key: Hashable, *, protected: bool) -> None:
        """One more."""
        (self._protected if protected else self._shown)[key] += 1

    def of(self, key: Hashable) -> int:
        """How many may be said."""
        hidden = self._protected[key]
        return self._shown[key] + (hidden if hidden >= FEWEST else 0)

    def found(self) -> list[Any]:
        """Every key with a count that may be said, most first."""
        found = [key for key in {**self._shown, **self._protected} if self.of(key)]
        return sorted(found, key=lambda key: (-self.of(key), str(key)))


def try_out(
    old: Ruleset,
    new: Ruleset,
    stored: Iterable[Stored],
    engine: Engine | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> Outcome:
    """Decides each submission by both rulesets, at the time it came. `engine` holds the candidate's program.

    `progress` is called with the number replayed so far.
    """
    moved: list[Moved] = []
    hidden, tally, come, gone = Counts(), Counts(), Counts(), Counts()
    replayed = 0
    for entry in stored:
        before, after = (
            decide(ruleset, entry.submission, entry.assessment, entry.context, by, entry.received)
            for ruleset, by in ((old, reference_of(old)), (new, engine or reference_of(new)))
        )
        replayed += 1
        protected = not entry.may_open and {before.access, after.access} != {Access.MANAGED}
        for rule in {*before.fired} ^ {*after.fired}:
            (gone if rule in before.fired else come).add(rule, protected=protected)
        change = _moved(entry, before, after, new)
        for one in change.changes if change else ():
            tally.add(one, protected=protected)
        if change and entry.may_open:
            moved.append(change)
        elif change:
            hidden.add("changed", protected=protected)
            if change.weakened:
                hidden.add("weakened", protected=protected)
        progress(replayed)
    return Outcome(
        replayed,
        tuple(sorted(moved, key=lambda one: not one.weakened)),
        hidden.of("changed"),
        hidden.of("weakened"),
        tuple((*change, tally.of(change)) for change in tally.found()),
        tuple((rule, come.of(rule)) for rule in sorted(come.found())),
        tuple((rule, gone.of(rule)) for rule in sorted(gone.found())),
    )


def _moved(entry: Stored, before: Decision, after: Decision, ruleset: Ruleset) -> Moved | None:
    changes = [
        (field, str(getattr(before, field)), str(getattr(after, field)))
        for field in FIELDS
        if getattr(before, field) != getattr(after, field)
    ]
    weakened = _weakened(before, after, ruleset)
    deadlines = _deadlines(before, after)
    return Moved(entry.reference, tuple(changes), weakened, deadlines) if changes or weakened or deadlines else None


def _deadlines(before: Decision, after: Decision) -> tuple[tuple[str, datetime | None, datetime | None], ...]:
    old, new = ({deadline.kind: deadline.due for deadline in decision.deadlines} for decision in (before, after))
    kinds = dict.fromkeys((*old, *new))
    return tuple((kind, old.get(kind), new.get(kind)) for kind in kinds if old.get(kind) != new.get(kind))


def _weakened(before: Decision, after: Decision, ruleset: Ruleset) -> tuple[str, ...]:
    """What protects less: a lower risk, looser access, someone not told or kept away, a later deadline, a lifted hold."""
    found = []
    if ruleset.risk_rank(after.risk) < ruleset.risk_rank(before.risk):
        found.append("risk")
    if after.access.strictness < before.access.strictness:
        found.append("access")
    if set(before.escalated_to) - set(after.escalated_to):
        found.append("escalation")
    if {one.person for one in before.excluded} - {one.person for one in after.excluded}:
        found.append("exclusion")
    if any(old is not None and new is not None and new > old for _, old, new in _deadlines(before, after)):
        found.append("deadline")
    if before.legal_hold and not after.legal_hold:
        found.append("legal hold")
    return tuple(found)
