"""What the classifier learns from, its trainings, and cases that a triager looks at first."""

import sqlalchemy as sa
from alembic import op

from cases.store.engine import UtcDateTime

revision = "r0017_learning"
down_revision = "r0016_originals"


def upgrade() -> None:
    """Apply."""
    op.add_column("case_file", sa.Column("needs_look", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("case_file", sa.Column("meant_for", sa.String(length=64), nullable=False, server_default=""))
    op.create_index(
        "ix_case_file_needs_look",
        "case_file",
        ["id"],
        sqlite_where=sa.text("needs_look"),
        postgresql_where=sa.text("needs_look"),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(length=320), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("risk", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("persona", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_correction_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_case_id", "correction", ["case_id"])
    op.create_index("ix_correction_at", "correction", ["at"])
    op.create_table(
        "refit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("before", sa.String(length=80), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_refit"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("refit")
    op.drop_index("ix_correction_at", table_name="correction")
    op.drop_index("ix_correction_case_id", table_name="correction")
    op.drop_table("correction")
    op.drop_index("ix_case_file_needs_look", table_name="case_file")
    op.drop_column("case_file", "meant_for")
    op.drop_column("case_file", "needs_look")
