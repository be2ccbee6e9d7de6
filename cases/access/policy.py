"""The policy: role, team and relation to a case decide; what one may not see does not exist for one."""

from dataclasses import dataclass

from cases.model.words import Access

READS_EVERY_MANAGED = frozenset({"triage", "lead"})
READS_RESTRICTED = frozenset({"lead"})


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


def may_see(relation: Relation, access: Access) -> bool:
    """Whether the case exists for this person. Exclusion wins over everything; a sealed case is for wrap holders only."""
    if relation.is_excluded:
        return False
    if access is Access.SEALED:
        return relation.holds_wrap
    if relation.is_named:
        return True
    if access is Access.RESTRICTED:
        return bool(relation.roles & READS_RESTRICTED)
    return (relation.in_team and "handler" in relation.roles) or bool(relation.roles & READS_EVERY_MANAGED)
