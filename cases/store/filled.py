"""How complete a case's record is, and what it has toward its closing: counted from the rows, without any key."""

from sqlalchemy import Connection, Table, exists, func, select, update

from cases.model.acts import UNCONFIRMED
from cases.model.completeness import Filled
from cases.model.demands import Standing
from cases.model.lifecycle import ENDED
from cases.model.words import AutomaticKind, Direction, Status
from cases.model.work import ConclusionKind
from cases.store import tables

RESOLVED = frozenset({*ENDED, Status.RESOLVED})


def filled(connection: Connection, case_id: str) -> Filled:
    """Which of the six things of a documented case are there."""
    case, message = tables.case, tables.message
    told = exists().where(message.c.case_id == case_id, message.c.direction == Direction.OUTBOUND.value)
    said = exists().where(message.c.case_id == case_id, message.c.automatic == AutomaticKind.NONE.value)
    party = exists().where(tables.party.c.case_id == case_id)
    action = exists().where(tables.action_item.c.case_id == case_id)
    row = connection.execute(
        select(case.c.status, case.c.outcome, told, said, party, action).where(case.c.id == case_id)
    ).one()
    status, outcome, has_told, has_said, has_party, has_action = row
    return Filled(
        description=bool(has_said),
        parties=bool(has_party),
        actions=bool(has_action or has_told),
        outcome=bool(outcome),
        resolution_date=Status(status) in RESOLVED,
    )


def keep_completeness(connection: Connection, case_id: str) -> None:
    """Store the score on the case, for lists and measures."""
    score = filled(connection, case_id).percent
    connection.execute(update(tables.case).where(tables.case.c.id == case_id).values(completeness=score))


def standing(connection: Connection, case_id: str) -> Standing:
    """What the case has toward its closing."""
    conclusion, message, step = tables.conclusion, tables.message, tables.step
    kinds = connection.execute(
        select(conclusion.c.kind, func.count()).where(conclusion.c.case_id == case_id).group_by(conclusion.c.kind)
    ).all()
    by_kind = {row[0]: int(row[1]) for row in kinds}
    told = select(func.count()).where(
        message.c.case_id == case_id, message.c.direction == Direction.OUTBOUND.value, message.c.party_id == ""
    )
    tags = connection.execute(select(tables.case.c.tags).where(tables.case.c.id == case_id)).scalar_one()
    return Standing(
        parties=_count(connection, tables.party, case_id),
        findings=by_kind.get(ConclusionKind.FINDING, 0),
        evidence=_count(connection, tables.evidence, case_id),
        decision=ConclusionKind.DECISION in by_kind,
        root_cause=ConclusionKind.ROOT_CAUSE in by_kind,
        unconfirmed=UNCONFIRMED in tags.split(),
        told=bool(connection.execute(told).scalar_one()),
        done_steps=frozenset(connection.execute(select(step.c.words).where(step.c.case_id == case_id)).scalars()),
    )


def _count(connection: Connection, table: Table, case_id: str) -> int:
    return int(connection.execute(select(func.count()).where(table.c.case_id == case_id)).scalar_one())
