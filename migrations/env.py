"""Run the migrations against the application's own engine, on SQLite and PostgreSQL alike."""

from typing import Any

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def modelled(name: str | None, kind: str, parents: Any) -> bool:
    """Whether the models speak of it: the index of words (0003) is the database's own, a different one on each."""
    return not (kind in ("table", "index") and (name or "").removeprefix("ix_").startswith("case_search"))


def run() -> None:
    """Upgrade or downgrade inside one transaction."""
    arguments: dict[str, Any] = current_app.extensions["migrate"].configure_args
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, include_name=modelled, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
