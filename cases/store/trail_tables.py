"""Tables around the trail's proof and the end of a case: signed anchors, backups, what is about to be erased."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from cases.store.engine import UtcDateTime
from cases.store.metadata import ID, metadata

anchor = Table(
    "anchor",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seq", Integer, nullable=False),  # of the deployment's head that it signs
    Column("hash", String(64), nullable=False),
    Column("key", String(64), nullable=False),  # Ed25519, public half, in hex
    Column("signature", String(128), nullable=False),
)

backup = Table(
    "backup",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False),  # when it is to be destroyed
)

expiry = Table(
    "expiry",
    metadata,
    Column("case_id", ID, ForeignKey("case_file.id"), primary_key=True),
    Column("closed_at", UtcDateTime, nullable=False),  # of the closing that the warning was about
    Column("warned_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
)
