"""History is append-only: the database itself refuses to change or delete a recorded fact.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from migrations.append_only import protect, release

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FACTS = (
    "event",
    "version",
    "score_sheet",
    "ranking",
    "declaration",
    "motion",
    "ballot",
    "resolution",
    "condition",
    "decision",
    "allocation",
    "message",
    "cycle_revision",
)

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END;
$$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    """Put the triggers in place."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(REFUSE)
    protect(*FACTS)


def downgrade() -> None:
    """Take them away."""
    release(*FACTS)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")
