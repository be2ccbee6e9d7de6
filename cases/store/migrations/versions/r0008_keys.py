"""Keys: the identity compartment, files in pieces, training records, what waits for a second person."""

import sqlalchemy as sa
from alembic import op

from cases.store.engine import UtcDateTime

revision = "r0008_keys"
down_revision = "r0007_directory"

ID = sa.String(length=32)
NEW = ("recovery_key", "pending", "training", "file_piece", "file", "identity_request", "identity", "identity_key")


def upgrade() -> None:
    """Apply."""
    op.add_column("wrap", sa.Column("public", sa.LargeBinary(), nullable=True))
    op.add_column("sign_in", sa.Column("subject", sa.String(length=500), nullable=False, server_default=""))
    _identity()
    _files()
    _people()


def _identity() -> None:
    op.create_table(
        "identity_key",
        sa.Column("case_id", ID, sa.ForeignKey("case_file.id", name="fk_identity_key_case_id"), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_identity_key"),
    )
    op.create_table(
        "identity",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, sa.ForeignKey("case_file.id", name="fk_identity_case_id"), nullable=False),
        sa.Column("envelope_id", ID, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("envelope_id", name="uq_identity_envelope_id"),
    )
    op.create_index("ix_identity_case_id", "identity", ["case_id"])
    op.create_table(
        "identity_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, sa.ForeignKey("case_file.id", name="fk_identity_request_case_id"), nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("person.id", name="fk_identity_request_person_id"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_identity_request"),
    )
    op.create_index("ix_identity_request_case_id", "identity_request", ["case_id"])
    op.create_index("ix_identity_request_state_expires", "identity_request", ["state", "expires_at"])


def _files() -> None:
    op.create_table(
        "file",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, sa.ForeignKey("case_file.id", name="fk_file_case_id"), nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
        sa.UniqueConstraint("message_id", "number", name="uq_file_message_number"),
    )
    op.create_index("ix_file_case_id", "file", ["case_id"])
    op.create_table(
        "file_piece",
        sa.Column("file_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", UtcDateTime(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "number", name="pk_file_piece"),
    )
    op.create_index("ix_file_piece_day", "file_piece", ["day"])


def _people() -> None:
    op.create_table(
        "training",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("person.id", name="fk_training_person_id"), nullable=False),
        sa.Column("course", sa.String(length=200), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_training"),
    )
    op.create_index("ix_training_person_id", "training", ["person_id"])
    op.create_table(
        "pending",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("person.id", name="fk_pending_person_id"), nullable=True),
        sa.Column("case_id", ID, sa.ForeignKey("case_file.id", name="fk_pending_case_id"), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=320), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_pending"),
    )
    op.create_table(
        "recovery_key",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_recovery_key"),
        sa.UniqueConstraint("id", name="uq_recovery_key_id"),
    )
    op.create_index("ix_pending_case_id", "pending", ["case_id"])
    op.create_index("ix_pending_state", "pending", ["state"])


def downgrade() -> None:
    """Take back."""
    for name in NEW:
        op.drop_table(name)
    op.drop_column("sign_in", "subject")
    op.drop_column("wrap", "public")
