"""Actions: what follows from a case, each with an owner and a date, open until done or dropped."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, insert, select, update

from cases.access.policy import WORKS_ON_CASES, Action, may_see
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.hand import Hand, check_once, checked, record, sealed_words
from cases.model.work import ActionState
from cases.store import tables
from cases.store.people import Person
from cases.store.sight import relation_of, require


@dataclass(frozen=True, slots=True)
class NewAction:
    """What somebody is to do, by when (None: no date)."""

    text: str = field(repr=False)
    owner: Person = field(repr=False)
    due_on: date | None
    once: str


def add_action(connection: Connection, reference: str, hand: Hand, new: NewAction) -> None:
    """Add an action. Its owner is somebody who sees the case; raises `Refused` for others, and for a date gone by."""
    seen = require(connection, reference, hand.viewer, Action.RECORD, lock=True)
    table, once = tables.action_item, check_once(new.once)
    if connection.execute(select(table.c.id).where(table.c.id == once)).first() is not None:
        return
    relation = relation_of(connection, seen, new.owner, hand.viewer.teams)
    if not new.owner.active or not relation.roles & WORKS_ON_CASES or not may_see(relation, seen.access):
        raise Refused(f"{new.owner.address} does not see this case, so an action of it cannot be theirs")
    if new.due_on is not None and new.due_on < hand.now.date():
        raise Refused("that date has gone by")
    content = sealed_words(seen, "action_item", once, "content", checked(new.text))
    connection.execute(
        insert(table).values(
            id=once,
            case_id=seen.id,
            owner=new.owner.address,
            due_on=new.due_on,
            state=ActionState.OPEN.value,
            epoch=seen.row.epoch,
            content=content.value,
            digest=content.digest,
            author=hand.address,
            at=seen.moment(hand.now),
        )
    )
    due = new.due_on.isoformat() if new.due_on else ""
    data: dict[str, Json] = {"action": once, "to": new.owner.address, "due": due, "digest": content.digest}
    record(connection, seen, hand, "action.added", data)


def end_action(connection: Connection, reference: str, hand: Hand, action_id: str, state: ActionState) -> None:
    """Say that an action is done, dropped, or open again; an audited fact. Raises `Refused` when there is none such."""
    seen = require(connection, reference, hand.viewer, Action.RECORD, lock=True)
    table = tables.action_item
    row = connection.execute(select(table.c.state).where(table.c.id == action_id, table.c.case_id == seen.id)).first()
    if row is None:
        raise Refused("there is no such action in this case")
    if row.state == state.value:
        return
    ended = state is not ActionState.OPEN
    values = {
        "state": state.value,
        "ended_by": hand.address if ended else "",
        "ended_at": seen.moment(hand.now) if ended else None,
    }
    connection.execute(update(table).where(table.c.id == action_id).values(**values))
    record(connection, seen, hand, "action.changed", {"action": action_id, "to": state.value})
