"""Proof of conditions, reconsideration.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

import app.base
from migrations.append_only import protect, release

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = app.base.Moment(timezone=True)
ONE_A_HEARING = ("ranking", "allocation", "decision")
"""What there was one of a case, and is now one of a case and hearing."""


def upgrade() -> None:
    """Build it."""
    for table in ("case", "duty"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("hearing", sa.BigInteger(), nullable=False, server_default="1"))
    release(*ONE_A_HEARING)
    for table in ONE_A_HEARING:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("hearing", sa.BigInteger(), nullable=False, server_default="1"))
        _one(table, ["case_id"], ["case_id", "hearing"])
    protect(*ONE_A_HEARING)
    with op.batch_alter_table("condition") as batch:
        batch.add_column(sa.Column("purpose", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("objection") as batch:
        batch.add_column(sa.Column("extended_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("extension_reason", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("case_clock") as batch:
        batch.add_column(sa.Column("condition_id", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_case_clock_condition_id"), "condition", ["condition_id"], ["id"])
    _conditions()
    _money()
    _accounts()
    protect("condition_step", "allocation_release")


def _one(table: str, before: list[str], after: list[str]) -> None:
    """Let rows be one a `after` where they were one a `before`, with whatever else stood in the constraint."""
    known = sa.inspect(op.get_bind()).get_unique_constraints(table)
    found = next(one for one in known if one["column_names"][: len(before)] == before)
    columns = [*after, *found["column_names"][len(before) :]]
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(str(found["name"])), type_="unique")
        batch.create_unique_constraint(op.f(f"uq_{table}_{'_'.join(columns)}"), columns)


def _conditions() -> None:
    op.create_table(
        "condition_step",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("condition_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.CheckConstraint(
            "act IN ('evidence', 'accept', 'send_back', 'breach', 'ask_change', 'grant_change', 'refuse_change', 'carry')",
            name=op.f("ck_condition_step_act"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_condition_step_case_id")),
        sa.ForeignKeyConstraint(["condition_id"], ["condition.id"], name=op.f("fk_condition_step_condition_id")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_condition_step_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_step")),
        sa.UniqueConstraint("condition_id", "number", name=op.f("uq_condition_step_condition_id_number")),
    )
    with op.batch_alter_table("condition_step") as batch:
        batch.create_index(batch.f("ix_condition_step_case_id"), ["case_id"], unique=False)


def _money() -> None:
    op.create_table(
        "allocation_release",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("allocation_id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("amount_krw", sa.BigInteger(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_allocation_release_case_id")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"], name=op.f("fk_allocation_release_allocation_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["envelope.cycle_id"], name=op.f("fk_allocation_release_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_release")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_allocation_release_allocation_id")),
    )
    with op.batch_alter_table("allocation_release") as batch:
        batch.create_index(batch.f("ix_allocation_release_case_id"), ["case_id"], unique=False)
        batch.create_index(batch.f("ix_allocation_release_cycle_id"), ["cycle_id"], unique=False)


def _accounts() -> None:
    with op.batch_alter_table("login_session") as batch:
        batch.add_column(sa.Column("proved_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("awaits_code", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "second_factor",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_second_factor_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factor_user_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    op.drop_column("login_session", "awaits_code")
    op.drop_column("login_session", "proved_at")
    release("condition_step", "allocation_release", *ONE_A_HEARING)
    op.drop_table("allocation_release")
    op.drop_table("condition_step")
    with op.batch_alter_table("case_clock") as batch:
        batch.drop_constraint(op.f("fk_case_clock_condition_id"), type_="foreignkey")
        batch.drop_column("condition_id")
    with op.batch_alter_table("objection") as batch:
        batch.drop_column("extension_reason")
        batch.drop_column("extended_at")
    release("condition")
    with op.batch_alter_table("condition") as batch:
        batch.drop_column("purpose")
    for table in ONE_A_HEARING:
        _one(table, ["case_id", "hearing"], ["case_id"])
        with op.batch_alter_table(table) as batch:
            batch.drop_column("hearing")
    protect("condition", *ONE_A_HEARING)
    for table in ("duty", "case"):
        op.drop_column(table, "hearing")
