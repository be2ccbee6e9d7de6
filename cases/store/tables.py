"""The record's tables. Sealed columns are bytes that open only with a wrap; everything else is metadata."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from cases.store import metadata as shared
from cases.store import work_tables
from cases.store.engine import UtcDateTime
from cases.store.sealed import Sealed, To

metadata, ID = shared.metadata, shared.ID
party = work_tables.party
evidence = work_tables.evidence
conclusion = work_tables.conclusion
action_item = work_tables.action_item
step = work_tables.step
legal_hold = work_tables.legal_hold
case_link = work_tables.case_link
hand_over = work_tables.hand_over

case = Table(
    "case_file",
    metadata,
    Column("id", ID, primary_key=True),
    Column("reference", String(12), nullable=False, unique=True),
    Column("envelope_id", ID, nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("category", String(64), nullable=False),
    Column("risk", String(32), nullable=False),
    Column("access", String(16), nullable=False),
    Column("status", String(32), nullable=False),
    Column("team", String(64), nullable=False, default=""),
    Column("owner", String(320), nullable=False, default=""),
    Column("backup", String(320), nullable=False, default=""),
    Column("language", String(8), nullable=False, default=""),
    Column("tags", Text, nullable=False, default=""),
    Column("legal_hold", Boolean, nullable=False, default=False),
    Column("sender_hash", String(32), nullable=False, default="", index=True),
    Column("likeness", String(32), nullable=False, default="", server_default=""),  # keyed; alike words, same value
    Column("received_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("outcome", String(64), nullable=False, default=""),
    Column("erased_at", UtcDateTime),  # from then on it is a line in the statistics, and its trail
    Column("ruleset", String(64), nullable=False),
    Column("model", String(64), nullable=False),
    Column("engine", String(32), nullable=False),
    Column("epoch", Integer, nullable=False, default=1),
    Column("public_key", LargeBinary, nullable=False),
    Column("decision", Sealed(To.CASE), nullable=False),  # sealed: quotes words in its trace
    Column("undeliverable", Boolean, nullable=False, default=False),
    Column("merged_into", ID, nullable=False, default="", server_default=""),  # the case that lives on
    Column(
        "completeness", Integer, nullable=False, default=0, server_default="0"
    ),  # percent, of cases.model.completeness
    Column("needs_look", Boolean, nullable=False, default=False, server_default=false()),  # before anything is quoted
    Column(
        "meant_for", String(64), nullable=False, default="", server_default=""
    ),  # the outside team that waits for it
    Index("ix_case_file_needs_look", "id", sqlite_where=text("needs_look"), postgresql_where=text("needs_look")),
    Index("ix_case_file_status_received", "status", "received_at"),
    # All that decides who sees a case and in which list: the wide rows are read for one page alone.
    Index(
        "ix_case_file_listed",
        "status",
        "access",
        "team",
        "owner",
        "backup",
        "erased_at",
        "category",
        "needs_look",
        "received_at",
        "reference",
        "id",
    ),
    Index("ix_case_file_closed_at", "closed_at"),
    Index("ix_case_file_owner_status", "owner", "status"),
    Index("ix_case_file_category_received", "category", "received_at"),
)

message = Table(
    "message",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("envelope_id", ID, unique=True),  # none for what staff write in the console
    Column("party_id", ID, nullable=False, default="", server_default=""),  # whose thread; the reporter's when empty
    Column("direction", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("author", String(320), nullable=False, default=""),  # staff only; reporters are sealed
    Column("automatic", String(16), nullable=False, default="none"),
    Column("authenticity", String(8), nullable=False, default="none"),
    Column("confirmed", Boolean, nullable=False, default=True),
    Column("at", UtcDateTime, nullable=False),
    Column("epoch", Integer, nullable=False, default=1),
    Column("content", Sealed(To.CASE)),  # sealed to the case: the submission as JSON
    Column("raw", Sealed(To.CASE)),  # sealed to the case: the delivery as received
    Column("digest", String(64), nullable=False),  # salted; the salt is sealed with the content
    UniqueConstraint("case_id", "number", name="uq_message_case_number"),
)

mail_id = Table(
    "mail_id",
    metadata,
    Column("hash", String(32), primary_key=True),
    Column("message_id", ID, ForeignKey("message.id"), primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("fingerprint", String(32), nullable=False),  # keyed hash of From, Date, Subject and body
    Column("at", UtcDateTime, nullable=False),
    Index("ix_mail_id_fingerprint", "fingerprint"),
)

wrap = Table(
    "wrap",
    metadata,
    Column("case_id", ID, ForeignKey("case_file.id"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("compartment", String(16), primary_key=True),
    Column("reader_kind", String(16), primary_key=True),  # service, staff, receipt, status, recovery
    Column("reader", String(64), primary_key=True),
    Column("public", LargeBinary),  # of who has no account: later keys are wrapped to it
    Column("sealed", Sealed(To.READER), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_wrap_reader", "reader_kind", "reader"),
)

exclusion = Table(
    "exclusion",
    metadata,
    Column("case_id", ID, ForeignKey("case_file.id"), primary_key=True),
    Column("person", String(320), primary_key=True),
    Column("reason", String(128), nullable=False, default=""),
    Index("ix_exclusion_person", "person"),
)

clock = Table(
    "clock",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("kind", String(64), nullable=False),
    Column("sla", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("pause_while", String(64), nullable=False, default=""),
    Column("paused_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(64), nullable=False, default="", server_default=""),  # a word, or the mail that met it
    Column("span", String(160), nullable=False, default="", server_default=""),  # what was promised
    Column("calendar", String(32), nullable=False, default="", server_default=""),  # the one it counts in, by content
    Column(
        "pauses", Text, nullable=False, default="", server_default=""
    ),  # JSON: [[since, reason, until, ended by], …]
    Column("turn", Integer, nullable=False, default=1, server_default="1"),
    Index(
        "ix_clock_unended",  # each open case's most pressing one: what lists are sorted by
        "case_id",
        "state",
        "due_at",
        "ended_at",  # always null here: with it, the rows are not read
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(
        "ix_clock_running_due",
        "due_at",
        sqlite_where=text("state = 'running'"),
        postgresql_where=text("state = 'running'"),
    ),
)

calendar = Table(
    "calendar",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("place", String(200), nullable=False, default=""),  # which variation of it
    Column("definition", Text, nullable=False),
    Column("replaced_by", String(32), nullable=False, default="", server_default=""),  # the one in force in its place
)

rung = Table(
    "rung",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("clock_id", ID, ForeignKey("clock.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("percent", Float, nullable=False, default=100.0, server_default="100"),
    Column("offset_seconds", Integer, nullable=False, default=0, server_default="0"),
    Column("notify", Text, nullable=False, default=""),  # names in the ruleset: who they are is asked when it comes
    Column("escalate_to", Text, nullable=False, default=""),
    Column("state", String(16), nullable=False, default="waiting"),  # waiting, held, fired, lapsed
    UniqueConstraint("clock_id", "number", name="uq_rung_clock_number"),
    Index(
        "ix_rung_waiting_at", "at", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("case_file.id"), index=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("urgent", Boolean, nullable=False, default=False),
    Column(
        "patient", Boolean, nullable=False, default=False, server_default=false()
    ),  # goes after those who wait outside
    Column("state", String(16), nullable=False, default="pending"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("deaths", Integer, nullable=False, default=0, server_default="0"),  # workers that died holding it
    Column(
        "bundle", String(32), nullable=False, default="", server_default=""
    ),  # keyed hash of who gets one mail of many
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("batch", String(32), nullable=False, default=""),
    Column("leased_until", UtcDateTime),
    Column("payload", Sealed(To.SERVICE)),  # sealed to the service key; gone when done
    Column("done_at", UtcDateTime),
    Column("error", String(200), nullable=False, default=""),
    Index(
        "ix_outbox_pending",
        "urgent",
        "patient",
        "due_at",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
)

stream = Table(
    "stream",
    metadata,
    Column("id", ID, primary_key=True),  # a case's id, or "deployment"
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("chained_seq", Integer, nullable=False, default=0),
    Index(
        "ix_stream_unchained", "id", sqlite_where=text("seq > chained_seq"), postgresql_where=text("seq > chained_seq")
    ),
)

event = Table(
    "event",
    metadata,
    Column("stream_id", ID, ForeignKey("stream.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("verb", String(64), nullable=False),
    Column("actor", String(320), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("data", Text, nullable=False),  # canonical JSON of ids and words from closed sets, never content
    Column("hash", String(64), nullable=False),
)

chain_head = Table(
    "chain_head",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("entries", Text, nullable=False),  # canonical JSON: [[stream, seq, hash], …]
    Column("hash", String(64), nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", ID, primary_key=True),
    Column("address", String(320), nullable=False, unique=True),
    Column("name", String(200), nullable=False, default=""),
    Column("roles", Text, nullable=False, default=""),
    Column("active", Boolean, nullable=False, default=True),
    Column("reports_to", String(320), nullable=False, default="", server_default=""),
    Column("language", String(8), nullable=False, default="", server_default=""),
    Column("vault_public", LargeBinary, nullable=False),
    Column("vault_wrapped", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

employee = Table(
    "employee",
    metadata,
    Column("address", String(320), primary_key=True),
    *(Column(name, String(200), nullable=False, default="") for name in (
        "name", "department", "location", "country", "organisation", "grade", "job_title", "language")),
    Column("manager", String(320), nullable=False, default=""),
    Column("aliases", Text, nullable=False, default=""),  # one a line
    Column("nicknames", Text, nullable=False, default=""),  # one a line
    Column("left_at", UtcDateTime),
)  # fmt: skip

directory_import = Table(
    "directory_import",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(320), nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("people", "added", "changed", "left")),
)

absence = Table(
    "absence",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person", String(320), nullable=False, index=True),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("by", String(320), nullable=False),
    Index("ix_absence_ends_at", "ends_at"),
)

turn = Table(
    "turn",
    metadata,
    Column("team", String(64), primary_key=True),
    Column("next", Integer, nullable=False),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("secret", Sealed(To.VAULT)),  # of the second factor, sealed to the person's vault; none until it is set up
    Column("last_step", Integer, nullable=False, default=0),  # RFC 6238 step of the last code taken: none works twice
    Column("enrolled_at", UtcDateTime),
    Column("own_password_at", UtcDateTime),  # when they chose a password that nobody else knows
    Column("subject", String(500), nullable=False, default="", server_default=""),  # who they are to the OIDC provider
)

ruleset = Table(
    "ruleset",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

publication = Table(
    "publication",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("ruleset", String(64), ForeignKey("ruleset.hash"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(320), nullable=False),
    Column("reason", String(500), nullable=False, default=""),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

from cases.store import (  # noqa: E402, F401  tables in files of their own, of the same metadata
    key_tables,
    learning_tables,
    subject_tables,
    trail_tables,
)
