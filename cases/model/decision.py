"""What triage decides of a submission, with its whole trace."""

from dataclasses import dataclass
from datetime import datetime

from cases.model.wording import Wording
from cases.model.words import Access


@dataclass(frozen=True, slots=True)
class ConditionTrace:
    """One condition of a rule, true or false, with the words or facts that made it so.

    `result` is None where an attribute is unknown, which satisfies neither a test nor its negation.
    """

    condition: str
    result: bool | None
    evidence: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule: whether it fired, what it set, and to what it lost."""

    rule: str
    phase: str
    fired: bool
    watched: bool
    why: str
    conditions: tuple[ConditionTrace, ...]
    set_fields: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock to start: its kind, when it is due (UTC), the SLA it comes from, and what pauses it.

    `starts` is when it begins to count (None: when the case is opened), `span` what it was promised, as `write_span` wrote it,
    and `calendar` the id of the calendar it counts in ("" for real time); so that a stored clock can pause and restart.
    """

    kind: str
    due: datetime
    sla: str
    pause_while: str = ""
    starts: datetime | None = None
    span: str = ""
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """People to tell, by address, and why: `escalation`, `owner`, `notify`. `urgent` goes before everything else."""

    kind: str
    recipients: tuple[str, ...]
    rule: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of an escalation ladder, ready to be timed: at a share of a clock, plus an offset.

    `notify` and `escalate_to` are addresses as things stand; the `_named` ones are who the ruleset names, because owners
    change and people are away when the step comes. `at` is that moment, if the clock never pauses.
    """

    clock: str
    at_percent: float
    offset_seconds: int
    notify: tuple[str, ...]
    escalate_to: tuple[str, ...]
    notify_named: tuple[str, ...] = ()
    escalate_named: tuple[str, ...] = ()
    at: datetime | None = None


NAMED = "named in the case"
"""How the reason begins of who is excluded because the case names them."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A person who must not see the case, by address, and why."""

    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Where:
    """By what entries of a ruleset vary: where the sender works, by the directory, and whose team handles the case."""

    country: str = ""
    site: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that follows from one submission. Same submission, ruleset, model and context: same decision.

    People are named by address. `readers` is everyone who gets a wrap of the case's key: owner, backup, guardian and
    the ladder. `held_because` is set when nobody is left to see the case. `wording` is what HR ops wrote for the
    acknowledgement (None: its own words stand), `facts` what may stand in it: category and policy, by placeholder.
    `needs_look`: nothing of it is quoted until a triager has looked; `meant_for` is the outside team that waits for that.
    `suggestions` are categories to choose from where nobody could classify it, likeliest first; `carried_by` the words that
    carried the classifier's reading, which are no reason.
    """

    category: str
    risk: str
    access: Access
    team: str
    owner: str
    backup: str
    readers: tuple[str, ...]
    escalated_to: tuple[str, ...]
    excluded: tuple[Exclusion, ...]
    tags: tuple[str, ...]
    notices: tuple[Notice, ...]
    deadlines: tuple[Deadline, ...]
    ladder: tuple[Rung, ...]
    acknowledgement: str
    legal_hold: bool
    checklist: str
    review_before_close: bool
    fired: tuple[str, ...]
    trace: tuple[RuleTrace, ...]
    engine: str
    ruleset: str
    model: str
    alarms: tuple[str, ...] = ()
    suggested_category: str = ""
    held_because: str = ""
    wording: Wording | None = None
    facts: tuple[tuple[str, str], ...] = ()
    where: Where = Where()
    needs_look: bool = False
    meant_for: str = ""
    suggestions: tuple[str, ...] = ()
    carried_by: tuple[str, ...] = ()
