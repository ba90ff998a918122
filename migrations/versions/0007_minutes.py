"""Minutes: versions, signatures, corrections, publication; calendar feeds, and the times of an agenda.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from app.base import Id, Moment
from migrations.append_only import protect, release

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FACTS = ("minutes", "minutes_review", "minutes_correction", "minutes_signature", "minutes_publication")


def upgrade() -> None:
    """Build it."""
    op.create_table(
        "calendar_feed",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_calendar_feed_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_user_id"), "calendar_feed", ["user_id"], unique=False)
    op.create_table(
        "minutes",
        sa.Column("sitting_id", Id, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_minutes_made_by")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_minutes_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("sitting_id", "number", name=op.f("uq_minutes_sitting_id_number")),
    )
    op.create_table(
        "minutes_draft",
        sa.Column("sitting_id", Id, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("observers", sa.JSON(), nullable=False),
        sa.Column("gists", sa.JSON(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("saved_by", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_minutes_draft_saved_by")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_minutes_draft_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_draft")),
        sa.UniqueConstraint("sitting_id", name=op.f("uq_minutes_draft_sitting_id")),
    )
    op.create_table(
        "minutes_correction",
        sa.Column("sitting_id", Id, nullable=False),
        sa.Column("minutes_id", Id, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_minutes_correction_number")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_minutes_correction_sitting_id")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_minutes_correction_made_by")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_correction_minutes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_correction")),
        sa.UniqueConstraint("minutes_id", "number", name=op.f("uq_minutes_correction_minutes_id_number")),
    )
    op.create_table(
        "minutes_publication",
        sa.Column("sitting_id", Id, nullable=False),
        sa.Column("minutes_id", Id, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("disclosure", sa.JSON(), nullable=False),
        sa.Column("published_by", Id, nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_minutes_publication_sitting_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_publication_minutes_id")),
        sa.ForeignKeyConstraint(["published_by"], ["account.id"], name=op.f("fk_minutes_publication_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_publication")),
        sa.UniqueConstraint("minutes_id", "number", name=op.f("uq_minutes_publication_minutes_id_number")),
    )
    op.create_table(
        "minutes_review",
        sa.Column("sitting_id", Id, nullable=False),
        sa.Column("minutes_id", Id, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewed_by", Id, nullable=False),
        sa.Column("reviewed_at", Moment(), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.CheckConstraint("passed OR reason <> ''", name=op.f("ck_minutes_review_reason")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_minutes_review_sitting_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_review_minutes_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["account.id"], name=op.f("fk_minutes_review_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_review")),
        sa.UniqueConstraint("minutes_id", name=op.f("uq_minutes_review_minutes_id")),
    )
    op.create_table(
        "minutes_signature",
        sa.Column("sitting_id", Id, nullable=False),
        sa.Column("minutes_id", Id, nullable=False),
        sa.Column("correction", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.String(8), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("without", sa.JSON(), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.CheckConstraint("capacity IN ('chair', 'clerk')", name=op.f("ck_minutes_signature_capacity")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_minutes_signature_sitting_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_signature_minutes_id")),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_minutes_signature_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_signature")),
        sa.UniqueConstraint(
            "minutes_id", "correction", "capacity", name=op.f("uq_minutes_signature_minutes_id_correction_capacity")
        ),
        sa.UniqueConstraint(
            "minutes_id", "correction", "user_id", name=op.f("uq_minutes_signature_minutes_id_correction_user_id")
        ),
    )
    op.add_column("agenda_item", sa.Column("minutes", sa.BigInteger(), server_default="15", nullable=False))
    op.add_column("delivery", sa.Column("calendar", sa.Text(), nullable=True))
    protect(*FACTS)


def downgrade() -> None:
    """Take it away."""
    release(*FACTS)
    op.drop_column("delivery", "calendar")
    op.drop_column("agenda_item", "minutes")
    for table in reversed(("minutes", "minutes_draft", *FACTS[1:], "calendar_feed")):
        op.drop_table(table)
