"""Run the migrations against the application's own engine, on SQLite and PostgreSQL alike."""

from typing import Any

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    """Upgrade or downgrade inside one transaction."""
    arguments: dict[str, Any] = current_app.extensions["migrate"].configure_args
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
