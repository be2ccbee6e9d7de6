"""Alike mails of one sender are counted, so that two machines that answer each other end."""

import sqlalchemy as sa
from alembic import op

revision = "r0005_alike_mail"
down_revision = "r0004_closed_cases"


def upgrade() -> None:
    """Apply."""
    op.add_column("case_file", sa.Column("likeness", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column("case_file", "likeness")
