"""Looking at the trail: the events of one stream, or of all, by verb, actor and time; for auditors, who see no content."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

from cases.audit.chain import Event
from cases.errors import Refused
from cases.model.codes import read_reference
from cases.store import tables

PAGE = 100


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for; empty means any. Pages count from 1."""

    stream: str = ""
    verb: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One event, and the reference of the case it belongs to, "" for the deployment's own."""

    event: Event
    reference: str


def case_stream(connection: Connection, reference: str) -> str:
    """The id of a case's stream; raises `Refused` when there is no such case. For whoever may see the whole trail."""
    case, wanted = tables.case, read_reference(reference)
    found = connection.execute(select(case.c.id).where(case.c.reference == wanted)).scalar() if wanted else None
    if found is None:
        raise Refused("there is no case with that reference; they look like HR-7K3M-9QXD")
    return str(found)


def kept_from(connection: Connection, viewer: str) -> set[str]:
    """Ids of the cases that this person is kept away from."""
    table = tables.exclusion
    return set(connection.execute(select(table.c.case_id).where(table.c.person == viewer)).scalars())


def newest(connection: Connection, stream: str, *, most: int) -> list[Event]:
    """The last events of a stream, oldest first."""
    table = tables.event
    query = select(table).where(table.c.stream_id == stream).order_by(table.c.seq.desc()).limit(most)
    return [Event(*row) for row in reversed(connection.execute(query).all())]


def search(connection: Connection, sought: Sought, *, viewer: str) -> tuple[list[Line], bool]:
    """Events that fit, newest first, one page of them, and whether there are more.

    Nothing of a case that the viewer (an address) is kept away from.
    """
    table, case = tables.event, tables.case
    query = select(table, case.c.reference).outerjoin(case, case.c.id == table.c.stream_id)
    away = tables.exclusion
    query = query.where(~exists().where(away.c.case_id == table.c.stream_id, away.c.person == viewer))
    if sought.stream:
        query = query.where(table.c.stream_id == sought.stream)
    if sought.verb:
        query = query.where(table.c.verb == sought.verb)
    if sought.actor:
        query = query.where(table.c.actor == sought.actor)
    if sought.since:
        query = query.where(table.c.at >= sought.since)
    if sought.until:
        query = query.where(table.c.at < sought.until)
    ordered = query.order_by(table.c.at.desc(), table.c.stream_id, table.c.seq.desc())
    rows = connection.execute(ordered.limit(PAGE + 1).offset(PAGE * (max(1, sought.page) - 1))).all()
    lines = [Line(Event(*row[:7]), row.reference or "") for row in rows[:PAGE]]
    return lines, len(rows) > PAGE
