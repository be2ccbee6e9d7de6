"""What a further message raises in its case: risk, access, a legal hold, who closes it; and out of whose hands it goes.

Rules only ever raise: what people have set lower for a reason stays until another message says otherwise.
"""

from datetime import datetime

from sqlalchemy import Connection, insert, update

from cases.audit.trail import NewEvent, append
from cases.conflicts import forget
from cases.model.acts import CLOSED_BY_TWO, SEALING_ASKED
from cases.model.decision import Decision
from cases.model.words import Access
from cases.store import tables
from cases.store.lookups import CaseRow
from cases.store.rows import new_id

Raised = dict[str, str | bool | None]
"""Columns of the case with their new values."""


def raised(case: CaseRow, decision: Decision, risk: str) -> Raised:
    """The columns that a message changes, `risk` being the higher of the case's and the decision's.

    A case that would have to be sealed is restricted at once and tagged: sealing it takes keys of people.
    """
    changes: Raised = {}
    access, wanted = Access(case.access), decision.access
    tags = dict.fromkeys([*case.tags.split(), *decision.tags])
    if wanted is Access.SEALED and access is not Access.SEALED:
        tags[SEALING_ASKED] = None
        wanted = Access.RESTRICTED
    if wanted.strictness > access.strictness:
        changes["access"] = wanted.value
    if decision.review_before_close:
        tags[CLOSED_BY_TWO] = None
    if risk != case.risk:
        changes["risk"] = risk
    if decision.legal_hold and not case.legal_hold:
        changes["legal_hold"] = True
    if decision.needs_look:
        changes["needs_look"] = True
    if " ".join(tags) != case.tags:
        changes["tags"] = " ".join(tags)
    return changes


def bring_inside(connection: Connection, case: CaseRow, decision: Decision, index_key: bytes, at: datetime) -> bool:
    """Give a case to the team that the decision names, where the one it lies with may not keep it; whether that was so.

    A reply otherwise stays with its team, so another team can only mean that a provider's may have it no longer. From this
    transaction on the case does not exist for the provider's people.
    """
    if decision.team in {"", case.team} or not case.team or case.access == Access.SEALED.value:
        return False
    owner, backup = decision.owner.casefold(), decision.backup.casefold()
    values = {"team": decision.team, "owner": owner, "backup": backup}
    connection.execute(update(tables.case).where(tables.case.c.id == case.id).values(**values))
    forget(
        connection, case.id, [one for one in (case.owner, case.backup) if one and one != owner], owner, index_key, at
    )
    row = {"id": new_id(), "case_id": case.id, "from_team": case.team, "author": "triage", "at": at}
    connection.execute(insert(tables.hand_over).values(**row))
    fact = {"from": case.team, "to": decision.team, "owner": owner}
    append(connection, [NewEvent(case.id, "case.handed_over", "triage", at, {**fact})])
    return True
