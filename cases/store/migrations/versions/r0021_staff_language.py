"""Staff may be written to in a language of their own, where no directory says which."""

import sqlalchemy as sa
from alembic import op

revision = "r0021_staff_language"
down_revision = "r0020_listed"


def upgrade() -> None:
    """Apply."""
    op.add_column("person", sa.Column("language", sa.String(length=8), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("person") as batch:
        batch.drop_column("language")
