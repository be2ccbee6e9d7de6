"""A mail that is held is known by a keyed hash of its Message-ID, so that what answers it can wait for it."""

import sqlalchemy as sa
from alembic import op

revision = "i0003_mail_key"
down_revision = "i0002_mailboxes"


def upgrade() -> None:
    """Apply."""
    op.add_column("envelope", sa.Column("mail_key", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column("envelope", "mail_key")
