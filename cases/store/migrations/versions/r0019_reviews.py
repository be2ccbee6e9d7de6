"""Regular reviews of the case load, looked through by one person and signed by another."""

import sqlalchemy as sa
from alembic import op

from cases.store.engine import UtcDateTime

revision = "r0019_reviews"
down_revision = "r0018_calendars"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "review",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("looked_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("signed_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_until", "review", ["until"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_review_until", table_name="review")
    op.drop_table("review")
