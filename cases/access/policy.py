"""The policy: role, team and relation to a case decide; what one may not see does not exist for one."""

from dataclasses import dataclass
from enum import StrEnum

from cases.model.words import Access

READS_EVERY_MANAGED = frozenset({"triage", "lead"})
READS_RESTRICTED = frozenset({"lead"})
PROVIDER = "provider"
"""Works for another organisation: sees ordinary cases that lie with a team of theirs, and nothing beside, whoever names them."""
WORKS_ON_CASES = frozenset({"triage", "handler", "investigator", "lead", "guardian", PROVIDER})
INVESTIGATES = frozenset({"investigator", "lead"})
HANDS_ON = frozenset({"triage", "lead", "guardian"})
"""Who may give somebody else's case to a third person; owner and backup may always."""
DECIDES = INVESTIGATES | {"guardian"}
"""Who decides a case formally, sets or lifts a legal hold, and exports it."""
READS_CASES = WORKS_ON_CASES | {"custodian", "dpo"}
"""Roles that let somebody read what people wrote, or who they are: a second person agrees before anyone gets one."""
APPROVES = frozenset({"administrator", "lead"})
"""Who agrees, as a second person, to what another one asked for about people."""


class Action(StrEnum):
    """What can be done with one case."""

    READ = "read"
    NOTE = "note"
    REPLY = "reply"
    TAKE = "take"
    ASSIGN = "assign"
    MOVE = "move"
    INVESTIGATE = "investigate"
    CLOSE = "close"
    REOPEN = "reopen"
    PARTY = "party"
    OPEN_THREAD = "open_thread"
    RECORD = "record"
    DECIDE = "decide"
    HOLD = "hold"
    LINK = "link"
    HAND_OVER = "hand_over"
    LOOK = "look"
    """Look at what the classifier was wary of, so that it may be quoted and go outside."""
    RESTRICT = "restrict"
    """Raise its access, or ask to lower it."""
    ASK_IDENTITY = "ask_identity"
    EXPORT = "export"
    """Take all of it out of Heed, as a package."""


class Duty(StrEnum):
    """What can be done beside cases, by role alone."""

    QUEUE = "queue"
    LOG = "log"
    HELD_COUNT = "held_count"
    HELD = "held"
    AWAY = "away"
    RULES = "rules"
    MODEL = "model"
    PEOPLE = "people"
    APPROVE = "approve"
    IDENTITIES = "identities"
    KEYS = "keys"
    TRAIL = "trail"
    REVIEWS = "reviews"
    """Regular reviews of the case load: figures, and what was found."""
    SUBJECTS = "subjects"
    """What people ask about themselves: finding, deciding, giving it."""


DUTIES: dict[Duty, frozenset[str]] = {
    Duty.QUEUE: WORKS_ON_CASES | {"custodian"},
    Duty.LOG: WORKS_ON_CASES - {PROVIDER},
    Duty.HELD_COUNT: (WORKS_ON_CASES - {PROVIDER}) | {"custodian", "hr_ops", "auditor", "administrator"},
    Duty.HELD: frozenset({"triage"}),
    Duty.AWAY: WORKS_ON_CASES | {"custodian", "administrator"},
    Duty.RULES: frozenset({"hr_ops"}),
    Duty.MODEL: frozenset({"hr_ops", "lead"}),
    Duty.PEOPLE: frozenset({"administrator"}),
    Duty.APPROVE: APPROVES,
    Duty.IDENTITIES: frozenset({"custodian"}),
    Duty.KEYS: (WORKS_ON_CASES - {PROVIDER}) | {"custodian"},
    Duty.TRAIL: frozenset({"auditor", "dpo"}),
    Duty.REVIEWS: frozenset({"lead", "guardian", "auditor"}),
    Duty.SUBJECTS: frozenset({"dpo"}),
}


@dataclass(frozen=True, slots=True)
class Relation:
    """One person beside one case."""

    address: str
    roles: frozenset[str]
    in_team: bool
    is_named: bool
    """Owner, backup, or otherwise named in the decision: people a restricted case was routed to."""
    is_excluded: bool
    holds_wrap: bool
    closed: frozenset[Access] = frozenset()
    """Levels of access whose cases they may not see for now: a training they need has run out, or was never had."""


def may_see(relation: Relation, access: Access) -> bool:
    """Whether the case exists for this person. Exclusion wins over everything; a sealed case is for wrap holders only."""
    if relation.is_excluded or access in relation.closed or not relation.roles & WORKS_ON_CASES:
        return False
    if PROVIDER in relation.roles:
        return access is Access.MANAGED and relation.in_team
    if access is Access.SEALED:
        return relation.holds_wrap
    if relation.is_named:
        return True
    if access is Access.RESTRICTED:
        return bool(relation.roles & READS_RESTRICTED)
    return (relation.in_team and "handler" in relation.roles) or bool(relation.roles & READS_EVERY_MANAGED)


def may(relation: Relation, access: Access, action: Action) -> bool:
    """Whether this person may do this with the case. Who may not see it may do nothing with it."""
    if not may_see(relation, access):
        return False
    if action is Action.READ:
        return True
    if action in {Action.RESTRICT, Action.ASK_IDENTITY} and PROVIDER in relation.roles:
        return False
    if action is Action.INVESTIGATE:
        return relation.is_named and bool(relation.roles & INVESTIGATES)
    if action is Action.OPEN_THREAD:
        return bool(relation.roles & INVESTIGATES)
    if action in {Action.DECIDE, Action.HOLD, Action.EXPORT}:
        return bool(relation.roles & DECIDES)
    if action is Action.LOOK:
        return bool(relation.roles & HANDS_ON)
    if action in {Action.ASSIGN, Action.HAND_OVER}:
        return relation.is_named or bool(relation.roles & HANDS_ON)
    return True


def may_hold(roles: frozenset[str], access: Access) -> bool:
    """Whether somebody with these roles can be given such a case, or a key to it, by whoever may do so."""
    return bool(roles & WORKS_ON_CASES) and (access is Access.MANAGED or PROVIDER not in roles)


def has_duty(roles: frozenset[str], duty: Duty) -> bool:
    """Whether one of these roles carries the duty."""
    return bool(roles & DUTIES[duty])
