"""The trail is anchored, backups are known, cases end: signed heads, when a backup expires, who was warned of an erasure."""

import sqlalchemy as sa
from alembic import op

revision = "r0011_trail"
down_revision = "r0010_api_tokens"


def upgrade() -> None:
    """Apply."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "anchor",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_anchor"),
    )
    op.create_table(
        "backup",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backup"),
    )
    op.create_index("ix_backup_at", "backup", ["at"])
    op.create_table(
        "expiry",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("closed_at", moment, nullable=False),
        sa.Column("warned_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_expiry_case_id_case_file"),
        sa.PrimaryKeyConstraint("case_id", name="pk_expiry"),
    )
    op.add_column("case_file", sa.Column("erased_at", moment, nullable=True))
    op.create_index("ix_event_at", "event", ["at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_event_at", "event")
    op.drop_column("case_file", "erased_at")
    op.drop_table("expiry")
    op.drop_index("ix_backup_at", "backup")
    op.drop_table("backup")
    op.drop_table("anchor")
