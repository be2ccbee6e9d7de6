"""A calendar knows which one has taken its place, for clocks that start again under it."""

import sqlalchemy as sa
from alembic import op

revision = "r0018_calendars"
down_revision = "r0017_learning"


def upgrade() -> None:
    """Apply."""
    op.add_column("calendar", sa.Column("replaced_by", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column("calendar", "replaced_by")
