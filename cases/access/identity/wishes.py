"""What asking, granting and ending share: reasons, where they are sealed, the facts they leave."""

from datetime import datetime

from sqlalchemy import Connection, select

from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import Place
from cases.model.words import Channel
from cases.promises import start_of_day
from cases.store import tables
from cases.store.people import Person

LONGEST_REASON = 2_000
"""Characters of a reason."""
EPOCH = 1
"""The compartment's key is never renewed: an excluded person never holds it, a grantee for a while."""


def excluded_from(connection: Connection, person: Person) -> frozenset[str]:
    """Ids of the cases that somebody is kept away from."""
    out = tables.exclusion
    return frozenset(connection.execute(select(out.c.case_id).where(out.c.person == person.address)).scalars())


def moment(connection: Connection, case_id: str, now: datetime) -> datetime:
    """The time to write down: to the day where the reporter is anonymous."""
    case = tables.case
    channel = connection.execute(select(case.c.channel).where(case.c.id == case_id)).scalar_one()
    return start_of_day(now) if channel == Channel.ANONYMOUS.value else now


def checked(reason: str) -> str:
    """A reason as it is kept; raises `Refused` for none, or one that is too long."""
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise Refused(f"give a reason, in at most {LONGEST_REASON:,} characters")
    return words


def reason_place(request_id: str, column: str) -> Place:
    """Where a reason, or the answer to it, is sealed."""
    return Place("identity_request", request_id, column)


def note(connection: Connection, case_id: str, verb: str, actor: str, at: datetime, request_id: str) -> None:
    """A fact of the case."""
    data = {"request": request_id} if request_id else {}
    append(connection, [NewEvent(case_id, verb, actor, at, data)])
