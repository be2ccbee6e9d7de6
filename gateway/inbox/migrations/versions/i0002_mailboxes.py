"""Mailboxes: when each was last read, what could not be fetched; and the addresses that doors accept."""

import sqlalchemy as sa
from alembic import op

from cases.store.engine import UtcDateTime

revision = "i0002_mailboxes"
down_revision = "i0001_envelope"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("good_at", UtcDateTime(), nullable=True),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )
    op.create_table(
        "mailbox_mark",
        sa.Column("mailbox", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid_next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "at", name=op.f("pk_mailbox_mark")),
    )
    op.create_table(
        "unfetched",
        sa.Column("mailbox", sa.String(length=40), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uid_validity", "uid", name=op.f("pk_unfetched")),
    )
    op.create_table(
        "accepted",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_accepted")),
    )


def downgrade() -> None:
    """Take back."""
    for name in ("accepted", "unfetched", "mailbox_mark", "mailbox"):
        op.drop_table(name)
