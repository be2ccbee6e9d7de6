"""Clocks keep what they were promised and every pause; ladders their shares; effects the workers that died of them."""

import sqlalchemy as sa
from alembic import op

revision = "r0009_clocks"
down_revision = "r0008_keys"

CLOCK = ("ended_by", "span", "calendar", "pauses", "turn")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendar",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar"),
    )
    op.add_column("clock", sa.Column("ended_by", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("clock", sa.Column("span", sa.String(length=160), nullable=False, server_default=""))
    op.add_column("clock", sa.Column("calendar", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("clock", sa.Column("pauses", sa.Text(), nullable=False, server_default=""))
    op.add_column("clock", sa.Column("turn", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("rung", sa.Column("percent", sa.Float(), nullable=False, server_default="100"))
    op.add_column("rung", sa.Column("offset_seconds", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("deaths", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("bundle", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column("outbox", "bundle")
    op.drop_column("outbox", "deaths")
    op.drop_column("rung", "offset_seconds")
    op.drop_column("rung", "percent")
    for name in reversed(CLOCK):
        op.drop_column("clock", name)
    op.drop_table("calendar")
