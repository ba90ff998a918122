"""Store many new rows of one table in one statement."""

from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from app.extensions import db

Row = TypeVar("Row", bound=Any)


def insert_all(rows: Sequence[Row]) -> list[Row]:
    """Insert `rows`, every column of which is set but the id, in their order; gives back the stored ones.

    The unit of work would send one statement a row, because it must know which id belongs to which.
    """
    if not rows:
        return []
    model = type(rows[0])
    names = [column.key for column in sa.inspect(model).column_attrs if column.key != "id"]
    values = [{name: getattr(row, name) for name in names} for row in rows]
    return list(db.session.scalars(sa.insert(model).returning(model), values))
