"""Lists are sorted by each case's most pressing deadline: found in an index, however many cases there are."""

import sqlalchemy as sa
from alembic import op

revision = "r0015_pressing"
down_revision = "r0014_subjects"


def upgrade() -> None:
    """Apply."""
    unended = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_clock_unended", "clock", ["case_id", "state", "due_at"], sqlite_where=unended, postgresql_where=unended
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_clock_unended", "clock")
