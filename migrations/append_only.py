"""Triggers by which the database itself refuses to change or delete a recorded fact."""

from alembic import op


def protect(*tables: str) -> None:
    """Make `tables` append-only."""
    lite = op.get_bind().dialect.name == "sqlite"
    for table in tables:
        if not lite:
            op.execute(
                f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f'CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {act} on {table} is refused'); END"
            )


def release(*tables: str) -> None:
    """Take the triggers away."""
    lite = op.get_bind().dialect.name == "sqlite"
    for table in tables:
        if not lite:
            op.execute(f'DROP TRIGGER {table}_append_only ON "{table}"')
            continue
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
