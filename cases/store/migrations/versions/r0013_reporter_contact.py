"""Where mail to a protected reporter goes, sealed to the workers."""

import sqlalchemy as sa
from alembic import op

revision = "r0013_reporter_contact"
down_revision = "r0012_patience"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reporter_contact",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_reporter_contact_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_reporter_contact"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("reporter_contact")
