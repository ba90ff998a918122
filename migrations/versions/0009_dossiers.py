"""Signing keys, daily roots, and the codes of letters as they are looked up.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from app.base import Id, Moment
from migrations.append_only import protect, release

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FACTS = ("signing_key", "daily_root", "daily_leaf")


def upgrade() -> None:
    """Build it."""
    op.create_table(
        "signing_key",
        sa.Column("id", Id, nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("key_id", name=op.f("uq_signing_key_key_id")),
    )
    op.create_table(
        "daily_root",
        sa.Column("id", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("chains", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.CheckConstraint("chains >= 0", name=op.f("ck_daily_root_chains")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_root")),
        sa.UniqueConstraint("day", name=op.f("uq_daily_root_day")),
    )
    op.create_table(
        "daily_leaf",
        sa.Column("id", Id, nullable=False),
        sa.Column("root_id", Id, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["root_id"], ["daily_root.id"], name=op.f("fk_daily_leaf_root_id_daily_root")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_leaf")),
        sa.UniqueConstraint("root_id", "position", name=op.f("uq_daily_leaf_root_id_position")),
    )
    op.create_index(op.f("ix_daily_leaf_chain_root_id"), "daily_leaf", ["chain", "root_id"])
    op.add_column("letter", sa.Column("code_hash", sa.String(64), nullable=True))
    op.create_index(op.f("ix_letter_code_hash"), "letter", ["code_hash"])
    protect(*FACTS)


def downgrade() -> None:
    """Take it away."""
    release(*FACTS)
    op.drop_index(op.f("ix_letter_code_hash"), "letter")
    op.drop_column("letter", "code_hash")
    for table in reversed(FACTS):
        op.drop_table(table)
