"""Tables around keys: the identity compartment, files in sealed pieces, training, and what waits for a second person."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from cases.store.engine import UtcDateTime
from cases.store.sealed import Sealed, To
from cases.store.tables import ID, metadata

identity_key = Table(
    "identity_key",
    metadata,
    Column("case_id", ID, ForeignKey("case_file.id"), primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

identity = Table(
    "identity",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("envelope_id", ID, unique=True),  # the delivery it came with: sent twice, it is kept once
    Column("sealed", Sealed(To.IDENTITY), nullable=False),  # to the identity key: name and contact as JSON
    Column("given_at", UtcDateTime, nullable=False),
)

identity_request = Table(
    "identity_request",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False),
    Column("state", String(16), nullable=False),  # asked, granted, refused, ended
    Column("asked_at", UtcDateTime, nullable=False),
    Column("reason", Sealed(To.IDENTITY), nullable=False),  # sealed to the identity key, like the answer
    Column("decided_by", String(320), nullable=False, default=""),
    Column("decided_at", UtcDateTime),
    Column("answer", Sealed(To.IDENTITY)),
    Column("expires_at", UtcDateTime),
    Index("ix_identity_request_state_expires", "state", "expires_at"),
)

reporter_contact = Table(
    "reporter_contact",
    metadata,
    Column("case_id", ID, ForeignKey("case_file.id"), primary_key=True),
    Column(
        "sealed", Sealed(To.TRIAGE), nullable=False
    ),  # to the triage key: workers send with it, the console cannot read it
)

file = Table(
    "file",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("message_id", ID, nullable=False),
    Column(
        "number", Integer, nullable=False
    ),  # which attachment of its message; -1: the delivery itself; -2: it, to the identity key
    Column("epoch", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("key", Sealed(To.CASE), nullable=False),  # sealed to the case: the stream's own key
    UniqueConstraint("message_id", "number", name="uq_file_message_number"),
)

file_piece = Table(
    "file_piece",
    metadata,
    Column("file_id", ID, primary_key=True),  # no foreign key: pieces are stored before what they belong to
    Column("number", Integer, primary_key=True),
    Column("day", UtcDateTime, nullable=False, index=True),  # nothing finer: it may be an anonymous reporter's
    Column("body", Sealed(To.STREAM), nullable=False),
)

original = Table(
    "original",
    metadata,
    Column("id", ID, primary_key=True),  # of its pieces, too
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("envelope_id", ID, nullable=False),
    Column("number", Integer, nullable=False),  # which file of its delivery
    Column("size", Integer, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column(
        "sealed", Sealed(To.IDENTITY), nullable=False
    ),  # to the identity key: the name it was sent with, the stream's own key
    UniqueConstraint("envelope_id", "number", name="uq_original_envelope_number"),
)

training = Table(
    "training",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False, index=True),
    Column("course", String(200), nullable=False),
    Column("completed_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(320), nullable=False),
)

pending = Table(
    "pending",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),  # roles, reset, access
    Column("person_id", ID, ForeignKey("person.id")),
    Column("case_id", ID, ForeignKey("case_file.id"), index=True),
    Column("value", Text, nullable=False, default=""),
    Column("state", String(16), nullable=False),  # asked, approved, refused
    Column("asked_by", String(320), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("decided_by", String(320), nullable=False, default=""),
    Column("decided_at", UtcDateTime),
    Index("ix_pending_state", "state"),
)

recovery_key = Table(
    "recovery_key",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", String(16), nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("scopes", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)
