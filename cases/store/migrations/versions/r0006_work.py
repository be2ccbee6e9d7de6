"""What HR works out about a case: parties with threads, evidence, conclusions, actions, steps, holds, links, hand-overs."""

import sqlalchemy as sa
from alembic import op

from cases.store.engine import UtcDateTime

revision = "r0006_work"
down_revision = "r0005_alike_mail"

ID = sa.String(length=32)


def upgrade() -> None:
    """Apply."""
    op.add_column("case_file", sa.Column("merged_into", ID, nullable=False, server_default=""))
    op.add_column("case_file", sa.Column("completeness", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("message", sa.Column("party_id", ID, nullable=False, server_default=""))
    _own(
        "party",
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("known", sa.LargeBinary(), nullable=False),
        sa.Column("address_hash", sa.String(length=32), nullable=False),
        sa.Column("origin", ID, nullable=False),
        *_by(),
        sa.Column("thread_opened_by", sa.String(length=320), nullable=False),
        sa.Column("thread_opened_at", UtcDateTime()),
    )
    op.create_index("ix_party_address_hash", "party", ["address_hash"])
    _own(
        "evidence",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", ID, sa.ForeignKey("message.id", name="fk_evidence_message_id"), nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_by(),
        sa.UniqueConstraint("case_id", "number", name="uq_evidence_case_number"),
    )
    _own(
        "conclusion",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_by(),
        sa.UniqueConstraint("case_id", "number", name="uq_conclusion_case_number"),
    )
    _own(
        "action_item",
        sa.Column("owner", sa.String(length=320), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended_by", sa.String(length=320), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_by(),
    )
    op.create_index("ix_action_item_owner_state", "action_item", ["owner", "state", "due_on"])
    op.create_table(
        "step",
        sa.Column("case_id", ID, sa.ForeignKey("case_file.id", name="fk_step_case_id"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary()),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_by(),
        sa.PrimaryKeyConstraint("case_id", "words", name="pk_step"),
    )
    _own(
        "legal_hold",
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary()),
        *_by(),
        sa.Column("asked_by", sa.String(length=320), nullable=False),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("asked_epoch", sa.Integer()),
        sa.Column("asked_reason", sa.LargeBinary()),
        sa.Column("lifted_by", sa.String(length=320), nullable=False),
        sa.Column("lifted_at", UtcDateTime()),
    )
    op.create_table(
        "case_link",
        sa.Column("case_id", ID, sa.ForeignKey("case_file.id", name="fk_case_link_case_id"), nullable=False),
        sa.Column("other_id", ID, sa.ForeignKey("case_file.id", name="fk_case_link_other_id"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        *_by(),
        sa.PrimaryKeyConstraint("case_id", "other_id", name="pk_case_link"),
    )
    op.create_index("ix_case_link_other_id", "case_link", ["other_id"])
    _own("hand_over", sa.Column("from_team", sa.String(length=64), nullable=False), *_by())
    op.create_index("ix_hand_over_from_team", "hand_over", ["from_team"])


def downgrade() -> None:
    """Take back."""
    for table in ("hand_over", "case_link", "legal_hold", "step", "action_item", "conclusion", "evidence", "party"):
        op.drop_table(table)
    op.drop_column("message", "party_id")
    op.drop_column("case_file", "completeness")
    op.drop_column("case_file", "merged_into")


def _own(name: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of rows with an id, each of one case."""
    foreign = sa.ForeignKey("case_file.id", name=f"fk_{name}_case_id")
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, foreign, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_case_id", name, ["case_id"])


def _by() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("author", sa.String(length=320), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
