"""The inbox's tables. They live in a database of their own: doors see nothing else."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, text

from cases.store.engine import UtcDateTime
from cases.store.sealed import Sealed, To

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
    Column("sealed", Sealed(To.TRIAGE)),  # to the triage key; gone once triaged
    Column("quiet", Integer, nullable=False, default=0),  # 1: ingested, nothing is sent for it
    Column("attempts", Integer, nullable=False, default=0),
    Column("batch", String(32), nullable=False, default=""),
    Column("leased_until", UtcDateTime),
    Column("error", String(300), nullable=False, default=""),
    Column("ended_at", UtcDateTime),
    Column(
        "mail_key", String(64), nullable=False, default="", server_default=""
    ),  # of one that failed: its Message-ID, hashed
    Index("ix_envelope_new", "received_at", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    Index("ix_envelope_held", "ended_at", sqlite_where=text("state = 'held'"), postgresql_where=text("state = 'held'")),
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("salt", String(32), nullable=False),  # keys the ids of its envelopes: they tell nothing of a mail
    Column("good_at", UtcDateTime),  # the last time all its folders were read
    Column("tried_at", UtcDateTime),
    Column("trouble", String(200), nullable=False, default=""),
    Column("set_aside", Integer, nullable=False, default=0),  # mails in its held folder
)

mailbox_mark = Table(  # the done folder's next UID at a moment: whatever is below it was there by then
    "mailbox_mark",
    metadata,
    Column("mailbox", String(40), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("uid_validity", BigInteger, nullable=False),
    Column("uid_next", BigInteger, nullable=False),
)

unfetched = Table(
    "unfetched",
    metadata,
    Column("mailbox", String(40), primary_key=True),
    Column("folder", String(200), primary_key=True),
    Column("uid_validity", BigInteger, primary_key=True),
    Column("uid", BigInteger, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("error", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("set_aside", Integer, nullable=False, default=0),  # 1: moved to the held folder
)

accepted = Table(  # addresses of the published ruleset's aliases, for the doors
    "accepted",
    metadata,
    Column("address", String(320), primary_key=True),
)
