"""`heed rules try`: replays stored submissions against a candidate and says what would change, the weakened first.

Sends nothing and stores nothing. Who tries sees only cases that they could open; the others are counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.decision import Decision
from cases.model.submission import Submission
from cases.model.words import Access
from rules.deciding import decide, reference_of
from rules.program import Engine
from rules.ruleset import Ruleset

FEWEST = 5
"""Fewer restricted or sealed cases than this are not counted in front of who may not open them."""

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

    `tally` counts every change of every case, as (field, before, after, cases); `protected` names those of its changes that
    touch a restricted or sealed case: of few such cases no count is shown (`FEWEST`).
    """

    replayed: int
    moved: tuple[Moved, ...]
    hidden: int
    hidden_weakened: int
    tally: tuple[tuple[str, str, str, int], ...]
    protected: frozenset[tuple[str, str, str]]
    newly_fired: tuple[tuple[str, int], ...]
    no_longer_fired: tuple[tuple[str, int], ...]


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
    hidden = hidden_weakened = replayed = 0
    fired: dict[str, list[int]] = {}
    tally: Counter[tuple[str, str, str]] = Counter()
    protected: set[tuple[str, str, str]] = set()
    for entry in stored:
        before, after = (
            decide(ruleset, entry.submission, entry.assessment, entry.context, by, entry.received)
            for ruleset, by in ((old, reference_of(old)), (new, engine or reference_of(new)))
        )
        replayed += 1
        for rule in {*before.fired} ^ {*after.fired}:
            fired.setdefault(rule, [0, 0])[rule in before.fired] += 1
        change = _moved(entry, before, after, new)
        if change:
            tally.update(change.changes)
            if {before.access, after.access} != {Access.MANAGED}:
                protected.update(change.changes)
            if entry.may_open:
                moved.append(change)
            else:
                hidden += 1
                hidden_weakened += bool(change.weakened)
        progress(replayed)
    return Outcome(
        replayed,
        tuple(sorted(moved, key=lambda one: not one.weakened)),
        hidden,
        hidden_weakened,
        tuple((*change, count) for change, count in tally.most_common()),
        frozenset(protected),
        tuple((rule, counts[0]) for rule, counts in sorted(fired.items()) if counts[0]),
        tuple((rule, counts[1]) for rule, counts in sorted(fired.items()) if counts[1]),
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
