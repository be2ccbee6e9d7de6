"""The tables of what people ask about themselves: requests, what was found for them, and what readers of sealed cases answer."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from cases.store.engine import UtcDateTime
from cases.store.metadata import ID, metadata
from cases.store.sealed import Sealed, To

subject_request = Table(
    "subject_request",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),  # access, rectification, erasure
    Column("state", String(16), nullable=False),  # searching, open, closed
    Column("about", Sealed(To.SERVICE), nullable=False),  # sealed to the service: name, addresses, what they wrote
    Column("opened_by", String(320), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)

subject_item = Table(
    "subject_item",
    metadata,
    Column("id", ID, primary_key=True),
    Column("request_id", ID, ForeignKey("subject_request.id"), nullable=False),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("message_id", ID, nullable=False),
    Column("why", String(16), nullable=False),  # wrote, party, named
    Column("state", String(16), nullable=False),  # open, given, redacted, withheld
    Column("reason", String(24), nullable=False, default=""),
    Column("words", Sealed(To.SERVICE)),  # sealed to the service: the text as redacted, and why
    Column("decided_by", String(320), nullable=False, default=""),
    Column("decided_at", UtcDateTime),
    Index("ix_subject_item_request", "request_id", "message_id", unique=True),
)

subject_search = Table(
    "subject_search",
    metadata,
    Column("request_id", ID, ForeignKey("subject_request.id"), primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("state", String(16), nullable=False),  # asked, nothing, given, withheld
    Column("reason", String(24), nullable=False, default=""),
    Column("words", Sealed(To.SERVICE)),
    Column("answered_at", UtcDateTime),
)
