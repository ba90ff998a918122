"""History is append-only: the database itself refuses to change or delete a recorded fact.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

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
    if op.get_bind().dialect.name == "sqlite":
        for table in FACTS:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'append-only: {act} on {table} is refused'); END"
                )
        return
    op.execute(REFUSE)
    for table in FACTS:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        for table in FACTS:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    for table in FACTS:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
