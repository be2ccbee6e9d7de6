"""The tables of what the classifier learns from: corrections by people, and every training with what came of it."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from cases.store.engine import UtcDateTime
from cases.store.metadata import ID, metadata
from cases.store.sealed import Sealed, To

correction = Table(
    "correction",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("message_id", ID, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("author", String(320), nullable=False),
    Column("category", String(64), nullable=False),
    Column("risk", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("persona", String(32), nullable=False),  # keyed hash of who wrote: folds and rare terms go by person
    Column("content", Sealed(To.SERVICE), nullable=False),  # masked words, sealed to the service key
)

refit = Table(
    "refit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(320), nullable=False),
    Column("outcome", String(16), nullable=False),  # kept, refused, failed, rolled_back
    Column("model", String(80), nullable=False, default=""),
    Column("before", String(80), nullable=False, default=""),
    Column("corrections", Integer, nullable=False, default=0),
    Column("because", Text, nullable=False, default=""),
    Column("figures", Text, nullable=False, default="{}"),  # JSON: name → [before, after], on the frozen set
)
