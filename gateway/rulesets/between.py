"""What happened to a case between two of its messages: what people made of it, and who had answered its reporter."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from cases.model.words import Direction
from cases.store import tables

WITH_MESSAGE = "message.received"
SETS = {
    "category.changed": {"to": "category", "access": "access"},
    "risk.changed": {"to": "risk"},
    "access.raised": {"to": "access"},
    "access.lowered": {"to": "access"},
    "case.assigned": {"to": "owner"},
    "case.handed_over": {"to": "team", "owner": "owner"},
}
"""By what is audited, which of its facts say what the case is from then on."""


@dataclass
class Between:
    """By the id of each later message: what people set since the one before, as (field, value) pairs."""

    meanwhile: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    answers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def answered_by(self, case_id: str, number: int) -> frozenset[str]:
        """Who had answered the reporter of this case before its message of that number."""
        return frozenset(author for place, author in self.answers.get(case_id, ()) if place < number)


def between(connection: Connection, case_ids: Collection[str]) -> Between:
    """Of these cases. What triage itself changed is left out: a replay decides that anew."""
    found, event, message = Between(), tables.event, tables.message
    if not case_ids:
        return found
    query = select(event.c.stream_id, event.c.verb, event.c.actor, event.c.data)
    facts = query.where(event.c.stream_id.in_(case_ids), event.c.verb.in_((WITH_MESSAGE, *SETS)))
    since = defaultdict[str, dict[str, str]](dict)
    for row in connection.execute(facts.order_by(event.c.stream_id, event.c.seq)):
        data = json.loads(row.data)
        if row.verb == WITH_MESSAGE:
            found.meanwhile[data.get("message", "")] = tuple(since.pop(row.stream_id, {}).items())
        elif row.actor != "triage":
            names = SETS[row.verb]
            since[row.stream_id].update({names[fact]: data[fact] for fact in names if data.get(fact)})
    answers = select(message.c.case_id, message.c.number, message.c.author).where(
        message.c.case_id.in_(case_ids),
        message.c.direction == Direction.OUTBOUND.value,
        message.c.party_id == "",
        message.c.author != "",
    )
    for case_id, number, author in connection.execute(answers):
        found.answers.setdefault(case_id, []).append((number, author))
    return found
