"""Who works here, who is away, and whose turn it is."""

import sqlalchemy as sa
from alembic import op

from cases.store.engine import UtcDateTime

revision = "r0007_directory"
down_revision = "r0006_work"

ATTRIBUTES = ("name", "department", "location", "country", "organisation", "grade", "job_title", "language")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "employee",
        sa.Column("address", sa.String(length=320), nullable=False),
        *(sa.Column(name, sa.String(length=200), nullable=False) for name in ATTRIBUTES),
        sa.Column("manager", sa.String(length=320), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("nicknames", sa.Text(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_employee")),
    )
    op.create_table(
        "directory_import",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("people", "added", "changed", "left")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_directory_import")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_person"), "absence", ["person"])
    op.create_index("ix_absence_ends_at", "absence", ["ends_at"])
    op.create_table(
        "turn",
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_turn")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("turn")
    op.drop_index("ix_absence_ends_at", table_name="absence")
    op.drop_index(op.f("ix_absence_person"), table_name="absence")
    op.drop_table("absence")
    op.drop_table("directory_import")
    op.drop_table("employee")
