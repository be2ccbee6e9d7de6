"""What comes after the end: a reply to a case that closed long ago, and an answer of ours that came back."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from cases.audit.trail import NewEvent, append
from cases.keys.ring import WorkerKeys
from cases.model.lifecycle import ENDED
from cases.model.submission import Submission
from cases.model.wording import phrase
from cases.model.words import Access, AutomaticKind, Status
from cases.model.work import LinkKind
from cases.store import tables
from cases.store.lookups import CaseRow
from gateway.threads import Thread
from rules.ruleset import Ruleset
from worker.mail.reports import report_unsent


def opens_anew(ruleset: Ruleset, case: CaseRow, submission: Submission, thread: Thread, now: datetime) -> bool:
    """Whether a mail that names a case opens one of its own instead of reopening that one.

    Only the reporter's own words do, to a managed case that closed longer ago than the ruleset's `reopen_within`: what is
    kept from some people stays in the case that knows from whom.
    """
    within = ruleset.reopens_within(case.category)
    return (
        within is not None
        and case.closed_at is not None
        and now - case.closed_at > within
        and Status(case.status) in ENDED
        and case.access == Access.MANAGED.value
        and thread.confirmed
        and not thread.party
        and submission.automatic.kind is AutomaticKind.NONE
    )


def tie(connection: Connection, envelope_id: str, earlier: CaseRow, now: datetime) -> None:
    """Link the case that an envelope has opened to the one that it follows, in the trail of both."""
    case, link = tables.case, tables.case_link
    opened = connection.execute(select(case.c.id).where(case.c.envelope_id == envelope_id)).scalar()
    if opened is None:
        return
    values = {"case_id": opened, "other_id": earlier.id, "kind": LinkKind.RELATED.value}
    connection.execute(insert(link).values(**values, author="triage", at=now))
    for one, other in ((opened, earlier.id), (earlier.id, opened)):
        append(connection, [NewEvent(one, "case.linked", "triage", now, {"other": other})])


def tell_author(
    connection: Connection, submission: Submission, thread: Thread, keys: WorkerKeys, now: datetime
) -> None:
    """Where a colleague's own answer came back, tell them: the case's owner may be somebody else."""
    bounce = submission.automatic.bounce
    if submission.automatic.kind is not AutomaticKind.BOUNCE or not thread.entry:
        return
    said = phrase("reason.status", status=bounce.status) if bounce and bounce.status else phrase("reason.returned")
    report_unsent(connection, thread.entry, said, keys, now, after=":returned")
