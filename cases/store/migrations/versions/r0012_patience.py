"""A routine notice to a colleague goes after every mail that somebody outside waits for."""

import sqlalchemy as sa
from alembic import op

revision = "r0012_patience"
down_revision = "r0011_trail"

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Apply."""
    op.add_column("outbox", sa.Column("patient", sa.Boolean(), nullable=False, server_default=sa.false()))
    _index("urgent", "patient", "due_at")


def downgrade() -> None:
    """Take back."""
    _index("urgent", "due_at")
    op.drop_column("outbox", "patient")


def _index(*columns: str) -> None:
    op.drop_index("ix_outbox_pending", "outbox")
    op.create_index("ix_outbox_pending", "outbox", columns, sqlite_where=PENDING, postgresql_where=PENDING)
