"""Before the first request: every definition that a stored case lives under must load, with the state it is in.

Refuses to start otherwise and says which: a case under an unknown definition could be neither shown nor moved.
"""

import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.models import Case, Counter
from workflows import schema


class UnknownDefinition(RuntimeError):
    """The database holds cases that this release does not know how to carry."""


def check(app: Flask) -> None:
    """Look at what the database holds; an empty or not yet migrated one holds nothing.

    Raises:
        UnknownDefinition: a definition, version or state in the database is not published here.
    """
    with app.app_context():
        try:
            if not sa.inspect(db.engine).has_table(Case.__tablename__):
                return
            unknown = [*_versions(), *_states()]
        except sa.exc.OperationalError:
            return  # no database yet: /healthz says so
        finally:
            db.session.remove()
    if unknown:
        raise UnknownDefinition("the database holds what is not published here: " + "; ".join(unknown))


def _versions() -> list[str]:
    query = sa.select(Case.definition_id, Case.definition_version).distinct()
    known = set(schema.locked())
    return [f"{row[0]} v{row[1]}" for row in db.session.execute(query) if (row[0], row[1]) not in known]


def _states() -> list[str]:
    query = sa.select(Counter.definition_id, Counter.state).where(Counter.n > 0).distinct()
    names = {definition_id for definition_id, _ in schema.locked()}
    return [
        f"{row[0]} in state {row[1]}"
        for row in db.session.execute(query)
        if row[0] in names and not any(row[1] in d.states for d in schema.all_published() if d.id == row[0])
    ]
