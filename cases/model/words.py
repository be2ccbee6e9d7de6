"""The closed sets of the record: channels, access, states, clocks, parties."""

from enum import StrEnum


class Channel(StrEnum):
    """The door a submission came in by."""

    MAIL = "mail"
    FORM = "form"
    ANONYMOUS = "anonymous"
    API = "api"
    STAFF = "staff"

    @property
    def is_form(self) -> bool:
        """Whether what comes in by it has fields of a form, and is no mail."""
        return self in {Channel.FORM, Channel.ANONYMOUS, Channel.API}


class Access(StrEnum):
    """Who can read a case. Ordered by strictness, see `stricter`."""

    MANAGED = "managed"
    RESTRICTED = "restricted"
    SEALED = "sealed"

    @property
    def strictness(self) -> int:
        """0 for managed, 1 for restricted, 2 for sealed."""
        return list(Access).index(self)


class Authenticity(StrEnum):
    """How far the stated sender of a submission is believed (see docs/mail.md)."""

    PASS = "pass"  # noqa: S105  not a password
    FAIL = "fail"
    NONE = "none"


class AutomaticKind(StrEnum):
    """What kind of automatic mail a submission is (RFC 3834); `none` is a person's own."""

    NONE = "none"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    LIST = "list"
    LOOP = "loop"


class Status(StrEnum):
    """Where a case stands in its life."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    INVESTIGATING = "investigating"
    WAITING_FOR_EMPLOYEE = "waiting_for_employee"
    WAITING_FOR_THIRD_PARTY = "waiting_for_third_party"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class ClockKind(StrEnum):
    """The deadlines every deployment knows; a ruleset may name more, so a clock's kind is a plain string."""

    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    START_INVESTIGATION = "start_investigation"
    FEEDBACK = "feedback"
    RESOLVE = "resolve"


class ClockState(StrEnum):
    """A clock runs or is paused until it ends in one of three ways."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


class PartyRole(StrEnum):
    """What a person is to a case."""

    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    WITNESS = "witness"
    SUBJECT = "subject"
    REPRESENTATIVE = "representative"


class Compartment(StrEnum):
    """The two sealed halves of a case: what was said, and who said it."""

    CONTENT = "content"
    IDENTITY = "identity"


class Direction(StrEnum):
    """Which way a message went: from the reporter, to the reporter, or nowhere (a note among staff)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NOTE = "note"


ROLES = (
    "triage",
    "handler",
    "investigator",
    "lead",
    "custodian",
    "guardian",
    "hr_ops",
    "auditor",
    "administrator",
    "dpo",
    "provider",
)
"""What somebody who works with cases can be. Others are refused."""
