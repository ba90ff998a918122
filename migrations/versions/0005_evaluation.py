"""Invitations, draws, drafts of sheets, consensus.

Revision ID: 0005
Revises: 0004
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.base import Id, Json, Moment
from migrations.append_only import protect, release

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FACTS = ("panel_pool", "panel_draw", "consensus_report", "consensus_answer", "placing")
TYPED = ("evaluator_profile", "draft_sheet")


def _id(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Id, nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _text(name: str, length: int | None = None, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False, server_default=default)


def _time(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Moment(), nullable=nullable)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, Json, nullable=False)


def _make(
    table: str, *parts: Any, to: dict[str, str], unique: tuple[str, ...] = (), index: tuple[str, ...] = ()
) -> None:
    """A table with a surrogate key; `to`: column -> the table it refers to; `unique`, `index`: columns with spaces."""
    keys = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in to.items()
    ]
    once = [
        sa.UniqueConstraint(*columns.split(), name=op.f(f"uq_{table}_{columns.replace(' ', '_')}"))
        for columns in unique
    ]
    op.create_table(table, *parts, _id("id"), *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")), *once)
    for columns in index:
        op.create_index(op.f(f"ix_{table}_{columns.replace(' ', '_')}"), table, columns.split())


def upgrade() -> None:
    """Build it."""
    with op.batch_alter_table("duty") as duty:
        duty.add_column(_time("accepted_at", nullable=True))
        duty.add_column(_time("declined_at", nullable=True))
        duty.add_column(_text("proposed", default=""))
        duty.add_column(_text("basis", 10, default="hand"))
        duty.add_column(_time("rapporteur_at", nullable=True))
        duty.create_check_constraint(op.f("ck_duty_basis"), "basis IN ('hand', 'proposal', 'draw')")
    op.add_column("score_sheet", _text("correction", default=""))
    _typed()
    _panels()
    _consensus()
    protect(*FACTS)


def _typed() -> None:
    _make(
        "evaluator_profile",
        _id("user_id"), _json("expertise"), _text("institution", 200), _text("region", 20), _number("yearly_cap"),
        _number("revision"), _time("saved_at"), _id("saved_by"),
        sa.CheckConstraint("yearly_cap BETWEEN 0 AND 100", name=op.f("ck_evaluator_profile_yearly_cap")),
        to={"user_id": "account", "saved_by": "account"}, unique=("user_id",),
    )  # fmt: skip
    _make(
        "draft_sheet",
        _id("case_id"), _id("user_id"), _text("stage", 20), _json("typed"), _time("saved_at"),
        to={"case_id": "case", "user_id": "account"}, unique=("case_id user_id stage",), index=("user_id",),
    )  # fmt: skip


def _panels() -> None:
    _make(
        "panel_pool",
        _id("case_id"), _number("number"), _json("entries"), _json("left_out"), _number("seats"),
        _number("most_per_institution"), _text("seed_source"), sa.Column("seed_on", sa.Date(), nullable=False),
        _text("sha256", 64), _time("frozen_at"), _id("frozen_by"),
        to={"case_id": "case", "frozen_by": "account"}, unique=("case_id number",),
    )  # fmt: skip
    _make(
        "panel_draw",
        _id("case_id"), _id("pool_id"), _text("seed"), _json("drawn"), _time("drawn_at"), _id("drawn_by"),
        to={"case_id": "case", "pool_id": "panel_pool", "drawn_by": "account"}, unique=("pool_id",),
        index=("case_id",),
    )  # fmt: skip


def _consensus() -> None:
    _make(
        "consensus_report",
        _id("case_id"), _number("number"), _id("author_id"), _text("text"), _json("remarks"), _time("written_at"),
        to={"case_id": "case", "author_id": "account"}, unique=("case_id number",),
    )  # fmt: skip
    _make(
        "consensus_answer",
        _id("case_id"), _id("report_id"), _id("user_id"), _text("answer", 10), _text("words"), _time("answered_at"),
        sa.CheckConstraint("answer IN ('agree', 'dissent')", name=op.f("ck_consensus_answer_answer")),
        to={"case_id": "case", "report_id": "consensus_report", "user_id": "account"}, unique=("report_id user_id",),
        index=("case_id",),
    )  # fmt: skip
    _make(
        "placing",
        _id("case_id"), _id("cycle_id"), _number("number"), _number("rank", nullable=True), _json("rule"),
        _json("entries"), _json("words"), _text("reason"), _time("frozen_at"), _id("frozen_by"),
        to={"case_id": "case", "cycle_id": "cycle", "frozen_by": "account"}, unique=("case_id number",),
        index=("cycle_id number",),
    )  # fmt: skip


def downgrade() -> None:
    """Take it away."""
    release(*FACTS)
    for table in (*reversed(FACTS), *TYPED):
        op.drop_table(table)
    release("score_sheet")
    with op.batch_alter_table("score_sheet") as sheet:
        sheet.drop_column("correction")
    protect("score_sheet")
    with op.batch_alter_table("duty") as duty:
        duty.drop_constraint(op.f("ck_duty_basis"), type_="check")
        for column in ("rapporteur_at", "basis", "proposed", "declined_at", "accepted_at"):
            duty.drop_column(column)
