"""People ask what is known about them: requests, what was found, the answers of who reads sealed cases."""

import sqlalchemy as sa
from alembic import op

revision = "r0014_subjects"
down_revision = "r0013_reporter_contact"

ID = sa.String(length=32)


def upgrade() -> None:
    """Apply."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "subject_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("opened_by", sa.String(length=320), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_subject_request"),
    )
    op.create_table(
        "subject_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["subject_request.id"], name="fk_subject_item_request_id_subject_request"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_subject_item_case_id_case_file"),
        sa.PrimaryKeyConstraint("id", name="pk_subject_item"),
    )
    op.create_index("ix_subject_item_case_id", "subject_item", ["case_id"])
    op.create_index("ix_subject_item_request", "subject_item", ["request_id", "message_id"], unique=True)
    op.create_table(
        "subject_search",
        sa.Column("request_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["subject_request.id"], name="fk_subject_search_request_id_subject_request"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_subject_search_person_id_person"),
        sa.PrimaryKeyConstraint("request_id", "person_id", name="pk_subject_search"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("subject_search")
    op.drop_index("ix_subject_item_request", "subject_item")
    op.drop_index("ix_subject_item_case_id", "subject_item")
    op.drop_table("subject_item")
    op.drop_table("subject_request")
