"""Facts in words: times, deadlines, statuses, events, sizes, as the pages say them."""

from datetime import datetime, timedelta, tzinfo

from cases.model.lifecycle import Outcome
from cases.model.words import ClockState, PartyRole
from cases.model.work import Result, RootCause
from cases.store.dossier import StoredClock

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

CLOCKS = {
    "acknowledge": "Acknowledge",
    "first_response": "First response",
    "start_investigation": "Start the investigation",
    "feedback": "Feedback to the reporter",
    "resolve": "Resolve",
}
STATUSES = {
    "received": "Received",
    "triaged": "Not assigned",
    "assigned": "Assigned",
    "in_progress": "In progress",
    "investigating": "Investigating",
    "waiting_for_employee": "Waiting for employee",
    "waiting_for_third_party": "Waiting for third party",
    "resolved": "Resolved",
    "closed": "Closed",
    "reopened": "Reopened",
    "merged": "Merged",
    "withdrawn": "Withdrawn",
}
OUTCOMES = {
    Outcome.ANSWERED: "Answered",
    Outcome.DONE: "Done as asked",
    Outcome.DECLINED: "Declined",
    Outcome.NO_ACTION: "No action needed",
    Outcome.SUBSTANTIATED: "Substantiated",
    Outcome.PARTLY_SUBSTANTIATED: "Partly substantiated",
    Outcome.NOT_SUBSTANTIATED: "Not substantiated",
    Outcome.INCONCLUSIVE: "Inconclusive",
    Outcome.DUPLICATE: "Duplicate",
    Outcome.SPAM: "Spam",
}
RESULTS = {
    Result.SUBSTANTIATED: "Substantiated",
    Result.PARTLY_SUBSTANTIATED: "Partly substantiated",
    Result.NOT_SUBSTANTIATED: "Not substantiated",
    Result.INCONCLUSIVE: "Inconclusive",
}
ROOT_CAUSES = {
    RootCause.UNCLEAR_POLICY: "A policy is unclear",
    RootCause.POLICY_NOT_KNOWN: "A policy was not known",
    RootCause.PROCESS_GAP: "A gap in a process",
    RootCause.SYSTEM_ERROR: "An error of a system",
    RootCause.HUMAN_ERROR: "A mistake",
    RootCause.TRAINING_GAP: "Training was missing",
    RootCause.COMMUNICATION: "Communication",
    RootCause.WORKLOAD: "Workload",
    RootCause.LEADERSHIP: "Leadership",
    RootCause.INDIVIDUAL_CONDUCT: "One person's conduct",
    RootCause.EXTERNAL: "Something outside the company",
    RootCause.UNKNOWN: "Not known",
}
PARTY_ROLES = {
    PartyRole.COMPLAINANT: "Complainant",
    PartyRole.RESPONDENT: "Respondent",
    PartyRole.WITNESS: "Witness",
    PartyRole.SUBJECT: "Subject",
    PartyRole.REPRESENTATIVE: "Representative",
}
CHANNELS = {"mail": "Mail", "form": "Form", "anonymous": "Anonymous form", "api": "API", "staff": "Logged by staff"}
ACCESS = {
    "managed": "Team: handlers of its team, leads and triage",
    "restricted": "Restricted: owner, backup and leads",
    "sealed": "Sealed: only those who hold a key",
}
LANGUAGE_AS_LISTED = "As the directory says"
ROLES = {
    "triage": "Triage: sees every ordinary case, and what is held",
    "handler": "Handler: cases of their teams",
    "investigator": "Investigator: may start investigations",
    "lead": "Lead: every case but sealed ones",
    "custodian": "Custodian: guards identities",
    "guardian": "Guardian: holds a key to every sealed case",
    "hr_ops": "HR ops: the rules, no cases",
    "auditor": "Auditor: the trail, no content",
    "administrator": "Administrator: people, no cases",
    "dpo": "Data protection officer: the trail, no content",
    "provider": "Provider: ordinary cases of their own organisation's teams",
}


def span(length: timedelta) -> str:
    """A length of time in its largest unit: `3 days`, `2 hours`, `5 minutes`."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if length >= unit:
            count = int(length / unit)
            return f"{count} {name}{'s' if count != 1 else ''}"
    return "less than a minute"


def moment(at: datetime, now: datetime, zone: tzinfo, *, day_only: bool = False) -> str:
    """A time as people say it: `today 14:05`, `yesterday 09:30`, `Tue 3 Nov 14:05`; the year when it is another."""
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    if day_only:
        here = at  # the day was fixed in UTC, and shown elsewhere it would be the day before
    apart = (here.date() - today).days
    named = {0: "today", -1: "yesterday", 1: "tomorrow"}.get(apart)
    day = named or f"{here:%a} {here.day} {here:%b}" + (f" {here.year}" if here.year != today.year else "")
    return day if day_only else f"{day} {here:%H:%M}"


def ago(at: datetime, now: datetime, zone: tzinfo, *, day_only: bool = False) -> str:
    """How long since: `5 minutes ago`; the day alone where only that is known."""
    if day_only:
        return moment(at, now, zone, day_only=True)
    return "just now" if now - at < MINUTE else f"{span(now - at)} ago"


def due(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A running deadline: `in 3 hours`, `2 days late`."""
    return f"in {span(at - now)}" if at >= now else f"{span(now - at)} late"


def urgency(at: datetime | None, now: datetime) -> str:
    """How a deadline presses: `late`, `soon` (a day or less), `calm`."""
    if at is None:
        return "calm"
    if at < now:
        return "late"
    return "soon" if at - now <= DAY else "calm"


def clock_kind(kind: str) -> str:
    """A deadline's name."""
    return CLOCKS.get(kind, kind.replace("_", " ").capitalize())


def clock(one: StoredClock, now: datetime, zone: tzinfo, *, day_only: bool = False) -> tuple[str, str]:
    """A deadline in words, and how it presses: `late`, `soon`, `calm`, `met` or `over`."""
    when = moment(one.due_at, now, zone, day_only=day_only)
    if one.state == ClockState.MET:
        return f"Kept, {moment(one.ended_at or one.due_at, now, zone, day_only=day_only)}", "met"
    if one.state == ClockState.CANCELLED:
        return "No longer applies", "over"
    if one.state == ClockState.PAUSED:
        return f"Paused; was due {when}", "calm"
    if one.state == ClockState.MISSED and one.ended_at:
        return f"Done {span(one.ended_at - one.due_at)} late", "over"
    return f"{due(one.due_at, now, zone).capitalize()}: {when}", urgency(one.due_at, now)


def size(count: int) -> str:
    """A size in bytes as people read it."""
    for limit, unit in ((1_000_000, "MB"), (1_000, "kB")):
        if count >= limit:
            return f"{count / limit:.1f} {unit}".replace(".0 ", " ")
    return f"{count} bytes"
