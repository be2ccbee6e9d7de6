"""`heed rules try`: replays stored submissions against a candidate and says what would change, the weakened first.

Sends nothing and stores nothing. Who tries sees only cases that they could open; the others are counted.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.decision import Decision
from cases.model.submission import Submission
from cases.model.words import Access, AutomaticKind
from rules.deciding import decide, reference_of
from rules.program import Engine
from rules.ruleset import Ruleset

FEWEST = 5
"""Fewer restricted or sealed cases than this are never counted in front of who may not open them."""

FIELDS = ("category", "risk", "team", "access")

SO_FAR = ("category", "risk", "access", "team", "owner", "backup")
"""What a further message of a case meets, beside its tags."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One submission as it was decided: what the rules saw then. `may_open` is whether who tries could open its case.

    `number` is its place among the messages of its case, 1 for the one that opened it. Of a later one, `meanwhile` is what
    people made of the case since the message before (as field, value pairs), and `heeded` whether it is the reporter's own:
    nobody is kept away because of anybody else's. One that is not `asked` only brings its case to where it stood.
    """

    reference: str
    submission: Submission
    assessment: Assessment
    context: Context
    received: datetime
    may_open: bool
    number: int = 1
    meanwhile: tuple[tuple[str, str], ...] = ()
    heeded: bool = True
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """One submission that the candidate decides otherwise. `changes` are (field, before, after); of a further message of a
    case, `number` 2 and more, what that message changes.
    """

    reference: str
    changes: tuple[tuple[str, str, str], ...]
    weakened: tuple[str, ...]
    deadlines: tuple[tuple[str, datetime | None, datetime | None], ...] = ()
    """(clock, before, after) of every deadline that moves; None where there is no such clock."""
    number: int = 1


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

    A further message meets its case as the same ruleset would have it by then. `progress` is called with the number replayed
    so far.
    """
    moved: list[Moved] = []
    hidden, tally, come, gone = Counts(), Counts(), Counts(), Counts()
    replayed = 0
    as_was, as_would_be = _Replay(old, reference_of(old)), _Replay(new, engine or reference_of(new))
    differs: set[object] = set()
    for entry in stored:
        before, after = as_was.decide(entry), as_would_be.decide(entry)
        if entry.number == 1:
            differs.clear()
        change = _moved(entry, before, after, new, differs)
        if not entry.asked:
            continue
        replayed += 1
        protected = not entry.may_open and {before.access, after.access} != {Access.MANAGED}
        for rule in {*before.fired} ^ {*after.fired}:
            (gone if rule in before.fired else come).add(rule, protected=protected)
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


class _Replay:
    """One ruleset's view of the case that is being replayed, message by message."""

    def __init__(self, ruleset: Ruleset, engine: Engine) -> None:
        self._ruleset = ruleset
        self._engine = engine
        self._so_far: dict[str, str] = {}
        self._excluded: tuple[str, ...] = ()

    def decide(self, entry: Stored) -> Decision:
        """The decision on the case's next message, and what the case is then."""
        context = entry.context
        if entry.number > 1:
            self._so_far.update(entry.meanwhile)
            context = replace(context, follow_up_of=tuple(self._so_far.items()), excluded=self._excluded)
        said = entry.submission
        decision = decide(self._ruleset, said, entry.assessment, context, self._engine, entry.received)
        if entry.number == 1 or said.automatic.kind is AutomaticKind.NONE:
            if entry.number == 1 or entry.heeded:
                self._excluded = tuple(one.person for one in decision.excluded)
            self._so_far = {name: str(getattr(decision, name)) for name in SO_FAR} | {"tags": ",".join(decision.tags)}
        return decision


def _moved(entry: Stored, before: Decision, after: Decision, ruleset: Ruleset, differs: set[object]) -> Moved | None:
    """What differs now; `differs` has what differed after the case's earlier messages, and gets what is new."""
    found = [
        (field, str(getattr(before, field)), str(getattr(after, field)))
        for field in FIELDS
        if getattr(before, field) != getattr(after, field)
    ]
    changes = tuple(one for one in found if one not in differs)
    weakened = tuple(one for one, why in _weakened(before, after, ruleset) if why not in differs)
    deadlines = _deadlines(before, after)
    differs.update((*found, *(why for _, why in _weakened(before, after, ruleset))))
    if not (changes or weakened or deadlines):
        return None
    return Moved(entry.reference, changes, weakened, deadlines, entry.number)


def _deadlines(before: Decision, after: Decision) -> tuple[tuple[str, datetime | None, datetime | None], ...]:
    old, new = ({deadline.kind: deadline.due for deadline in decision.deadlines} for decision in (before, after))
    kinds = dict.fromkeys((*old, *new))
    return tuple((kind, old.get(kind), new.get(kind)) for kind in kinds if old.get(kind) != new.get(kind))


def _weakened(before: Decision, after: Decision, ruleset: Ruleset) -> tuple[tuple[str, object], ...]:
    """What protects less: a lower risk, looser access, someone not told or kept away, a later deadline, a lifted hold.

    Each with what it is by, so that what a case has been since its first message is said once.
    """
    found: list[tuple[str, object]] = []
    if ruleset.risk_rank(after.risk) < ruleset.risk_rank(before.risk):
        found.append(("risk", ("weaker", before.risk, after.risk)))
    if after.access.strictness < before.access.strictness:
        found.append(("access", ("weaker", before.access, after.access)))
    if untold := set(before.escalated_to) - set(after.escalated_to):
        found.append(("escalation", ("untold", *sorted(untold))))
    if let_in := {one.person for one in before.excluded} - {one.person for one in after.excluded}:
        found.append(("exclusion", ("let in", *sorted(let_in))))
    if later := [(kind, old, new) for kind, old, new in _deadlines(before, after) if old and new and new > old]:
        found.append(("deadline", tuple(later)))
    if before.legal_hold and not after.legal_hold:
        found.append(("legal hold", "legal hold"))
    return tuple(found)
