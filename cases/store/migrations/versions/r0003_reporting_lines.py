"""Whom a member of staff reports to: guardians must stand in different lines."""

import sqlalchemy as sa
from alembic import op

revision = "r0003_reporting_lines"
down_revision = "r0002_sign_in"


def upgrade() -> None:
    """Apply."""
    op.add_column("person", sa.Column("reports_to", sa.String(length=320), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("person") as batch:
        batch.drop_column("reports_to")
