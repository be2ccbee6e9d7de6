"""Lists are filtered and sorted in indexes that hold all they ask; the wide rows of cases are read for one page alone."""

import sqlalchemy as sa
from alembic import op

revision = "r0020_listed"
down_revision = "r0019_reviews"
LISTED = [
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
]
UNENDED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_case_file_listed", "case_file", LISTED)
    _pressing("case_id", "state", "due_at", "ended_at")


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_case_file_listed", "case_file")
    _pressing("case_id", "state", "due_at")


def _pressing(*columns: str) -> None:
    op.drop_index("ix_clock_unended", "clock")
    op.create_index("ix_clock_unended", "clock", list(columns), sqlite_where=UNENDED, postgresql_where=UNENDED)
