"""Grounds of declarations, what the secretariat found, challenges and rulings, and people's ties.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

import app.base
from migrations.append_only import protect, release

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SEALED = ("interest_finding", "challenge", "challenge_ruling")
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WHEN = app.base.Moment(timezone=True)
CAPACITY = "capacity IN ('consultant', 'evaluator', 'member')"


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _answers(words: str) -> None:
    """The answers a declaration may hold. SQLite writes the table anew for it, and its triggers are lost."""
    lite = op.get_bind().dialect.name == "sqlite"
    if lite:
        release("declaration")
    with op.batch_alter_table("declaration") as batch:
        batch.drop_constraint(op.f("ck_declaration_answer"), type_="check")
        batch.create_check_constraint(op.f("ck_declaration_answer"), f"answer IN ({words})")
    if lite:
        protect("declaration")


def upgrade() -> None:
    """Build it."""
    op.add_column("declaration", sa.Column("rule_set", sa.String(60), nullable=False, server_default=""))
    op.add_column("declaration", sa.Column("grounds", sa.JSON(), nullable=False, server_default="[]"))
    _answers("'none', 'conflict', 'asked'")
    op.create_table(
        "interest_finding",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("capacity", sa.String(12), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("article", sa.String(300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule_set", sa.String(60), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("found_by", ID, nullable=False),
        sa.Column("found_at", WHEN, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.CheckConstraint("answer IN ('excluded', 'clear', 'unsure')", name=op.f("ck_interest_finding_answer")),
        sa.CheckConstraint(CAPACITY, name=op.f("ck_interest_finding_capacity")),
        _reference("interest_finding", "case_id", "case.id"),
        _reference("interest_finding", "user_id", "account.id"),
        _reference("interest_finding", "found_by", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_finding")),
        sa.UniqueConstraint("case_id", "user_id", "number", name=op.f("uq_interest_finding_case_id_user_id_number")),
    )
    op.create_index(op.f("ix_interest_finding_user_id_case_id"), "interest_finding", ["user_id", "case_id"])
    op.create_table(
        "challenge",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("rule_set", sa.String(60), nullable=False),
        sa.Column("filed_by", ID, nullable=False),
        sa.Column("filed_at", WHEN, nullable=False),
        sa.Column("id", ID, nullable=False),
        _reference("challenge", "case_id", "case.id"),
        _reference("challenge", "user_id", "account.id"),
        _reference("challenge", "filed_by", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_challenge_case_id_user_id")),
    )
    op.create_index(op.f("ix_challenge_user_id_case_id"), "challenge", ["user_id", "case_id"])
    op.create_table(
        "challenge_ruling",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("challenge_id", ID, nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_at", WHEN, nullable=False),
        sa.Column("id", ID, nullable=False),
        _reference("challenge_ruling", "case_id", "case.id"),
        _reference("challenge_ruling", "challenge_id", "challenge.id"),
        _reference("challenge_ruling", "recorded_by", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_ruling")),
        sa.UniqueConstraint("challenge_id", name=op.f("uq_challenge_ruling_challenge_id")),
    )
    op.create_index(op.f("ix_challenge_ruling_case_id"), "challenge_ruling", ["case_id"])
    op.create_table(
        "affiliation",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("register_number", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(14), nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("entered_at", WHEN, nullable=False),
        sa.Column("withdrawn_at", WHEN, nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.CheckConstraint(
            "kind IN ('employment', 'officer', 'advisory', 'holding', 'family')", name=op.f("ck_affiliation_kind")
        ),
        sa.CheckConstraint("source IN ('self', 'administrator')", name=op.f("ck_affiliation_source")),
        sa.CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name=op.f("ck_affiliation_span")),
        _reference("affiliation", "user_id", "account.id"),
        _reference("affiliation", "entered_by", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    op.create_index(op.f("ix_affiliation_user_id_withdrawn_at"), "affiliation", ["user_id", "withdrawn_at"])
    op.create_table(
        "ties_stated",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("stated_at", WHEN, nullable=False),
        sa.Column("id", ID, nullable=False),
        _reference("ties_stated", "user_id", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties_stated")),
        sa.UniqueConstraint("user_id", name=op.f("uq_ties_stated_user_id")),
    )
    protect(*SEALED)


def downgrade() -> None:
    """Take it away; rows that only the new answers allow go with it."""
    release(*SEALED)
    for table in ("ties_stated", "affiliation", "challenge_ruling", "challenge", "interest_finding"):
        op.drop_table(table)
    release("declaration")
    op.execute("DELETE FROM declaration WHERE answer = 'asked'")
    protect("declaration")
    _answers("'none', 'conflict'")
    if op.get_bind().dialect.name == "sqlite":
        release("declaration")
    with op.batch_alter_table("declaration") as batch:
        batch.drop_column("grounds")
        batch.drop_column("rule_set")
    if op.get_bind().dialect.name == "sqlite":
        protect("declaration")
