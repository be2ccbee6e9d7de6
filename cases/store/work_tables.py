"""The tables of what HR works out about a case: parties, evidence, conclusions, actions, steps, holds, links, hand-overs."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from cases.store.engine import UtcDateTime
from cases.store.metadata import ID, metadata
from cases.store.sealed import Sealed, To


def _of_case() -> Column[str]:
    return Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True)


def _by() -> tuple[Column[str], Column[object]]:
    """Who wrote a row of staff's, and when."""
    return Column("author", String(320), nullable=False), Column("at", UtcDateTime, nullable=False)


party = Table(
    "party",
    metadata,
    Column("id", ID, primary_key=True),
    _of_case(),
    Column("role", String(16), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("known", Sealed(To.CASE), nullable=False),  # sealed to the case: name and address
    Column("address_hash", String(32), nullable=False, default="", index=True),  # keyed: whose answers are theirs
    Column("origin", ID, nullable=False, default=""),  # after a merge: the party, or the case, that this one was
    *_by(),
    Column("thread_opened_by", String(320), nullable=False, default=""),
    Column("thread_opened_at", UtcDateTime),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", ID, primary_key=True),
    _of_case(),
    Column("number", Integer, nullable=False),
    Column("message_id", ID, ForeignKey("message.id"), nullable=False),
    Column("file", Integer, nullable=False),  # which of the message's files; -1 is what was said
    Column("epoch", Integer, nullable=False),
    Column("about", Sealed(To.CASE), nullable=False),  # sealed: what it shows, name, type, size, SHA-256 of the bytes
    Column("digest", String(64), nullable=False),  # salted; the salt is sealed with the description
    *_by(),
    UniqueConstraint("case_id", "number", name="uq_evidence_case_number"),
)

conclusion = Table(
    "conclusion",
    metadata,
    Column("id", ID, primary_key=True),
    _of_case(),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # finding, decision, root_cause
    Column("choice", String(32), nullable=False, default=""),  # of the closed set of its kind
    Column("epoch", Integer, nullable=False),
    Column("content", Sealed(To.CASE), nullable=False),  # sealed: the words, and the digest's salt
    Column("digest", String(64), nullable=False),
    *_by(),
    UniqueConstraint("case_id", "number", name="uq_conclusion_case_number"),
)

action_item = Table(
    "action_item",
    metadata,
    Column("id", ID, primary_key=True),
    _of_case(),
    Column("owner", String(320), nullable=False),
    Column("due_on", Date),
    Column("state", String(16), nullable=False, default="open"),  # open, done, dropped
    Column("ended_by", String(320), nullable=False, default=""),
    Column("ended_at", UtcDateTime),
    Column("epoch", Integer, nullable=False),
    Column("content", Sealed(To.CASE), nullable=False),  # sealed: what is to be done
    Column("digest", String(64), nullable=False),
    *_by(),
    Index("ix_action_item_owner_state", "owner", "state", "due_on"),
)

step = Table(
    "step",
    metadata,
    Column("case_id", ID, ForeignKey("case_file.id"), primary_key=True),
    Column("words", Text, primary_key=True),  # the ruleset's own
    Column("place", Integer, nullable=False),
    Column("skipped", Boolean, nullable=False, default=False),
    Column("epoch", Integer, nullable=False),
    Column("reason", Sealed(To.CASE)),  # sealed: why it was skipped
    Column("digest", String(64), nullable=False, default=""),
    *_by(),
)

legal_hold = Table(
    "legal_hold",
    metadata,
    Column("id", ID, primary_key=True),
    _of_case(),
    Column("epoch", Integer, nullable=False),
    Column("reason", Sealed(To.CASE)),  # sealed; none where a rule set it
    *_by(),
    Column("asked_by", String(320), nullable=False, default=""),  # who asks to lift it, and why
    Column("asked_at", UtcDateTime),
    Column("asked_epoch", Integer),
    Column("asked_reason", Sealed(To.CASE)),
    Column("lifted_by", String(320), nullable=False, default=""),
    Column("lifted_at", UtcDateTime),
)

case_link = Table(
    "case_link",
    metadata,
    Column("case_id", ID, ForeignKey("case_file.id"), primary_key=True),
    Column("other_id", ID, ForeignKey("case_file.id"), primary_key=True, index=True),
    Column("kind", String(16), nullable=False),  # related, merged (case into other), split (other out of case)
    *_by(),
)

hand_over = Table(
    "hand_over",
    metadata,
    Column("id", ID, primary_key=True),
    _of_case(),
    Column("from_team", String(64), nullable=False, index=True),
    *_by(),
)

review = Table(
    "review",
    metadata,
    Column("id", ID, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False, index=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("figures", Text, nullable=False),
    Column("looked_by", String(320), nullable=False, default="", server_default=""),
    Column("looked_at", UtcDateTime),
    Column("words", Sealed(To.SERVICE)),  # sealed to the service: what was found
    Column("signed_by", String(320), nullable=False, default="", server_default=""),
    Column("signed_at", UtcDateTime),
)
