"""Tokens of the intake API, as hashes."""

import sqlalchemy as sa
from alembic import op

from cases.store.engine import UtcDateTime

revision = "r0010_api_tokens"
down_revision = "r0009_clocks"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("name", name="uq_api_token_name"),
        sa.UniqueConstraint("hash", name="uq_api_token_hash"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("api_token")
