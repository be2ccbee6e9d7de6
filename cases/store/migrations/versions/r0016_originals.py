"""Files as protected reporters sent them: in the identity compartment."""

import sqlalchemy as sa
from alembic import op

revision = "r0016_originals"
down_revision = "r0015_pressing"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "original",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("envelope_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_original_case_id_case_file"),
        sa.PrimaryKeyConstraint("id", name="pk_original"),
        sa.UniqueConstraint("envelope_id", "number", name="uq_original_envelope_number"),
    )
    op.create_index("ix_original_case_id", "original", ["case_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_original_case_id", table_name="original")
    op.drop_table("original")
