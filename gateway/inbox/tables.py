"""The inbox's one table. It lives in a database of its own: doors see nothing else."""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, text

from cases.store.engine import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

envelope = Table(
    "envelope",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("reference", String(12), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # new, triaged, held
    Column("received_at", UtcDateTime, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sealed", LargeBinary),  # to the triage key; gone once triaged
    Column("quiet", Integer, nullable=False, default=0),  # 1: ingested, nothing is sent for it
    Column("attempts", Integer, nullable=False, default=0),
    Column("batch", String(32), nullable=False, default=""),
    Column("leased_until", UtcDateTime),
    Column("error", String(300), nullable=False, default=""),
    Column("ended_at", UtcDateTime),
    Index("ix_envelope_new", "received_at", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    Index("ix_envelope_held", "ended_at", sqlite_where=text("state = 'held'"), postgresql_where=text("state = 'held'")),
)
