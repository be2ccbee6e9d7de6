"""Closed cases in the order of their closing, without sorting all of them."""

from alembic import op

revision = "r0004_closed_cases"
down_revision = "r0003_reporting_lines"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_case_file_closed_at", "case_file", ["closed_at"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_case_file_closed_at", table_name="case_file")
