"""Joining a case: what a further message changes, written inside the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.conflicts import keep_away
from cases.keys.ring import WorkerKeys
from cases.keys.sealing import Sealer
from cases.model.veil import PROTECTED
from cases.model.words import AutomaticKind, Channel, Status
from cases.opening import Arrival, add_message
from cases.promises import Promises, asked_at_once, notice_key, start_of_day, told
from cases.promising import promise_anew
from cases.protecting import as_kept, to_custodians
from cases.rising import Raised, bring_inside, raised
from cases.store import clocks, files, tables
from cases.store.absences import looked_after_by
from cases.store.ending import reopen
from cases.store.lookups import CaseRow
from cases.store.rows import Rows

WAKES = {
    Status.WAITING_FOR_EMPLOYEE.value: Status.IN_PROGRESS.value,
    Status.RESOLVED.value: Status.REOPENED.value,
    Status.CLOSED.value: Status.REOPENED.value,
    Status.WITHDRAWN.value: Status.REOPENED.value,
}
"""What a reporter's own words do to a case's status; automatic mail does nothing."""
PARTY_WAKES = {Status.WAITING_FOR_THIRD_PARTY.value: Status.IN_PROGRESS.value}
"""What the words of another party do."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A message that joins a case, as it was when the rules looked at it; `risk_levels` are the ruleset's, lowest first.

    `party` is the id of the party whose thread it joins, "" for the reporter's. `new_owner` says that the case has changed
    hands because of it.
    """

    arrival: Arrival
    case: CaseRow
    confirmed: bool
    evidence: str
    risk_levels: tuple[str, ...]
    party: str = ""
    new_owner: bool = False

    @property
    def wakes(self) -> dict[str, str]:
        """What these words do to the case's status."""
        return PARTY_WAKES if self.party else WAKES

    @property
    def risk(self) -> str:
        """The case's risk with this message: the higher of what it is and what the rules say."""
        rank = {level: number for number, level in enumerate(self.risk_levels)}
        return max(self.case.risk, self.arrival.decision.risk, key=lambda level: rank.get(level, -1))


def join_case(connection: Connection, joined: Joined, keys: WorkerKeys, now: datetime, to_service: Sealer) -> None:
    """Add the message, its event, and what the rules now ask for: a higher risk, new tags, notices. Never lowers.

    The case is read again and locked: staff, or the message before this one, may have changed it meanwhile.
    """
    joined = replace(joined, case=_locked(connection, joined.case))
    arrival = joined.arrival
    anonymous = arrival.submission.channel is Channel.ANONYMOUS
    at = start_of_day(now) if anonymous else now
    # Before the message: it is sealed to a key that whoever it names never gets. Only the reporter's words keep anyone away:
    # not a stranger's, nor the respondent's, who could name every investigator.
    written = arrival.submission.automatic.kind is AutomaticKind.NONE
    heeded = joined.confirmed and not joined.party and written
    kept = keep_away(connection, joined.case, arrival.decision, keys.index, at) if heeded else None
    if kept:
        joined = replace(joined, case=_locked(connection, joined.case), new_owner=kept.new_owner)
    if written and bring_inside(connection, joined.case, arrival.decision, keys.index, at):
        joined = replace(joined, case=_locked(connection, joined.case), new_owner=True)
    case = joined.case
    message = tables.message
    highest = connection.execute(select(func.max(message.c.number)).where(message.c.case_id == case.id)).scalar_one()
    rows, whole = Rows(), None
    if PROTECTED in case.tags.split() and not joined.party:
        arrival, whole = as_kept(connection, case.id, arrival, keys.triage, at)
    message_id, digest = add_message(
        rows,
        arrival,
        case_id=case.id,
        number=(highest or 0) + 1,
        to_case=Sealer(case.public_key),
        epoch=case.epoch,
        keys=keys,
        at=at,
        confirmed=joined.confirmed,
        party_id=joined.party,
    )
    if whole is not None:
        apart = to_custodians(connection, case.id)
        files.refer(rows, whole, case_id=case.id, message_id=message_id, epoch=case.epoch, seal=apart)
    changes = _changes(joined)
    if not arrival.quiet:
        _notices(connection, Promises(rows, keys, to_service, now), joined, message_id)
    rows.write(connection)
    if changes:
        connection.execute(update(tables.case).where(tables.case.c.id == case.id).values(**changes))
    _move_clocks(connection, joined, changes, at)
    data: dict[str, Json] = {
        "message": message_id,
        "envelope": arrival.envelope_id,
        "digest": digest,
        "evidence": joined.evidence,
        "confirmed": joined.confirmed,
        "automatic": arrival.submission.automatic.kind.value,
        "fired": list(arrival.decision.fired),
        **({"party": joined.party} if joined.party else {}),
    }
    data.update({name: value for name, value in changes.items() if isinstance(value, str | bool)})
    append(connection, [NewEvent(case.id, "message.received", "triage", at, data)])


def _move_clocks(connection: Connection, joined: Joined, changes: Mapping[str, object], at: datetime) -> None:
    """What the message does to deadlines: a status that ends a pause, an SLA that a rule adds, a report of non-delivery."""
    arrival, case = joined.arrival, joined.case
    automatic = arrival.submission.automatic
    if automatic.kind is AutomaticKind.BOUNCE:
        original = automatic.bounce.original_message_id if automatic.bounce else ""
        clocks.came_back(connection, case.id, entry_of(original), at)
    if changes.get("status") == Status.REOPENED.value:
        reopen(connection, case.id, at, "message.received")
    elif "status" in changes:
        clocks.status_changed(connection, case.id, Status(str(changes["status"])), at, "message.received")
    if arrival.decision.deadlines and automatic.kind is AutomaticKind.NONE:
        wanted, ladder = arrival.decision.deadlines, arrival.decision.ladder
        promise_anew(connection, case.id, wanted, ladder, at, by="triage", tighten=True)


def entry_of(message_id: str) -> str:
    """The outbox entry of a mail of ours, by its Message-ID; "" for any other."""
    entry = message_id[:32]
    return entry if len(entry) == 32 and set(entry) <= set("0123456789abcdef") else ""


def _locked(connection: Connection, case: CaseRow) -> CaseRow:
    """The case as it is now; nobody else writes to it until this transaction ends.

    Of a merged case whoever owns the surviving one hears: what comes by a receipt stays where its key is.
    """
    columns = [tables.case.c[name] for name in CaseRow.__dataclass_fields__]
    now = CaseRow(*connection.execute(select(*columns).where(tables.case.c.id == case.id).with_for_update()).one())
    if now.status != Status.MERGED.value:
        return now
    survivor = select(tables.case.c.merged_into).where(tables.case.c.id == now.id).scalar_subquery()
    owner = connection.execute(select(tables.case.c.owner).where(tables.case.c.id == survivor)).scalar()
    return replace(now, owner=owner or now.owner)


def _changes(joined: Joined) -> Raised:
    """The case's columns that this message changes."""
    submission, case, decision = joined.arrival.submission, joined.case, joined.arrival.decision
    if submission.automatic.kind is AutomaticKind.BOUNCE:
        return {"undeliverable": True}
    if submission.automatic.kind is not AutomaticKind.NONE:
        return {}
    changes: Raised = {}
    if case.status in joined.wakes and joined.confirmed:
        changes["status"] = joined.wakes[case.status]
    return changes | raised(case, decision, joined.risk)


def _notices(connection: Connection, promises: Promises, joined: Joined, message_id: str) -> None:
    """Tell the owner that there is something to read, and whom the rules name and nobody has told yet.

    When the risk has risen everybody is told again. Excluded people are not among them.
    """
    arrival, case, decision = joined.arrival, joined.case, joined.arrival.decision
    anonymous = arrival.submission.channel is Channel.ANONYMOUS
    wanted = {notice_key(promises.keys, case.id, *who): (*who, urgent) for who, urgent in told(decision).items()}
    if joined.risk != case.risk:
        wanted = {f"{key}:{arrival.envelope_id}": notice for key, notice in wanted.items()}
    else:
        before = select(tables.outbox.c.key).where(tables.outbox.c.key.in_(list(wanted)))
        for key in connection.execute(before).scalars().all():
            del wanted[key]
    excluded = {one.person.casefold() for one in decision.excluded}
    automatic = arrival.submission.automatic.kind
    reader = looked_after_by(connection, case.owner, case.backup, promises.now)
    if joined.new_owner:
        wanted[f"{notice_key(promises.keys, case.id, 'owner', reader)}:{arrival.envelope_id}"] = (
            "owner",
            reader,
            False,
        )
    elif reader and reader not in excluded and automatic is not AutomaticKind.AUTO_REPLY:
        kind = "undeliverable" if automatic is AutomaticKind.BOUNCE else "party" if joined.party else "reply"
        key = f"{notice_key(promises.keys, case.id, kind, reader)}:{arrival.envelope_id}"
        wanted[key] = (kind, reader, False)
    for key, (kind, person, urgent) in wanted.items():
        at_once = urgent and (not anonymous or asked_at_once(decision, person))
        promises.notice(
            case.id,
            key,
            case.reference,
            kind,
            person,
            joined.risk,
            urgent=at_once,
            to_the_day=anonymous,
            facts=_returned(arrival) if kind == "undeliverable" else (),
            quotes=message_id if person == reader and automatic is AutomaticKind.NONE and not joined.party else "",
            answerable=not joined.party,
        )


def _returned(arrival: Arrival) -> tuple[tuple[str, str], ...]:
    """What a delivery report says, as far as a notice may: the status code (RFC 3463), no address."""
    bounce = arrival.submission.automatic.bounce
    return (("status", bounce.status),) if bounce and bounce.status else ()
