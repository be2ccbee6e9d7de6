"""Open actions across cases, as metadata: whose, in which case, by when. What is to be done is sealed in the case."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from cases.model.work import ActionState
from cases.store.sight import Viewer, visible_to
from cases.store.tables import action_item, case


@dataclass(frozen=True, slots=True)
class OpenAction:
    """One open action, by its case."""

    reference: str
    category: str
    risk: str
    owner: str
    due_on: date | None


def open_actions(connection: Connection, viewer: Viewer, most: int = 500) -> list[OpenAction]:
    """A person's open actions, of cases that exist for them; the earliest date first, those without one last."""
    mine = (action_item.c.owner == viewer.person.address, action_item.c.state == ActionState.OPEN.value)
    rows = connection.execute(
        select(case.c.reference, case.c.category, case.c.risk, action_item.c.owner, action_item.c.due_on)
        .join(case, case.c.id == action_item.c.case_id)
        .where(*mine, visible_to(viewer))
        .order_by(action_item.c.due_on.is_(None), action_item.c.due_on, case.c.reference)
        .limit(most)
    ).all()
    return [OpenAction(*row) for row in rows]
