"""A machine about a mail to a colleague: an absence notice is noted; a notice that came back is told to the lead."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from cases.access.training import viewer_of
from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.keys.hashing import keyed_hash
from cases.keys.ring import WorkerKeys
from cases.model.words import AutomaticKind
from cases.staff_mail import StaffMail
from cases.store.lookups import CaseRow
from cases.store.people import Person
from cases.store.sight import find_case
from cases.store.tables import outbox
from gateway.threads import Thread
from rules.ruleset import Ruleset
from worker.mail.reports import promise_report

ABOUT_A_RETURN = "unreached"
"""A notice about a notice that came back is followed by no other: two dead addresses do not write to each other."""


def take_back(
    connection: Connection,
    case: CaseRow,
    mail: StaffMail,
    thread: Thread,
    person: Person | None,
    *,
    colleagues: list[Person],
    ruleset: Ruleset,
    keys: WorkerKeys,
    now: datetime,
) -> None:
    """Write down what a machine said about a notice of this case to this person. A failure is told to the lead, who may see
    the case.

    The case stays deliverable: its reporter's address is another one. Content of the report is not kept.
    """
    bounce = mail.submission.automatic.bounce
    failed = mail.submission.automatic.kind is AutomaticKind.BOUNCE
    status = bounce.status if bounce else ""
    data: dict[str, Json] = {"person": person.id if person else "", "entry": thread.entry, "status": status}
    append(
        connection, [NewEvent(case.id, "notice.returned" if failed else "notice.auto_answered", "triage", now, data)]
    )
    if not failed or person is None or _was_about_a_return(connection, thread.entry):
        return
    lead = next(_leads(connection, case, person, colleagues, ruleset, now), None)
    if lead is None:
        return
    key = f"{ABOUT_A_RETURN}:{case.id}:{keyed_hash(keys.index, 'recipient', person.address)}:{now:%Y%m%d}"
    promise_report(
        connection,
        keys,
        (case.id, case.reference),
        key=key,
        to=lead.address,
        template="notice_unreached",
        facts=(("whom", person.name or person.address), *((("status", status),) if status else ())),
        now=now,
    )


def _was_about_a_return(connection: Connection, entry: str) -> bool:
    key = connection.execute(select(outbox.c.key).where(outbox.c.id == entry)).scalar() or ""
    return key.startswith(f"{ABOUT_A_RETURN}:")


def _leads(
    connection: Connection, case: CaseRow, person: Person, colleagues: list[Person], ruleset: Ruleset, now: datetime
) -> Iterator[Person]:
    """Who is told instead, best first: the team's lead, the case's backup, leads. Only who may see that the case exists."""
    team = ruleset.teams.get(case.team)
    named = [team.lead, team.backup] if team else []
    wanted = [one.casefold() for one in (*named[:1], case.owner, case.backup, *named[1:]) if "@" in one]
    wanted += [one.address for one in colleagues if "lead" in one.roles or "guardian" in one.roles]
    by_address = {one.address: one for one in colleagues}
    house = ruleset.house
    for address in dict.fromkeys(wanted):
        other = by_address.get(address)
        if other is None or other.id == person.id:
            continue
        if find_case(connection, case.reference, viewer_of(connection, other, house, now)) is not None:
            yield other
