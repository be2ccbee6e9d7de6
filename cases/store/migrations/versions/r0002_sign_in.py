"""How people sign in: the second factor of each, and whether their password is their own."""

import sqlalchemy as sa
from alembic import op

from cases.store.engine import UtcDateTime

revision = "r0002_sign_in"
down_revision = "r0001_first_path"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sign_in",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=True),
        sa.Column("own_password_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_sign_in")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("sign_in")
