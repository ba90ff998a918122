"""The terms a case is under: its cycle as it read at the revision the case was submitted under.

An administrator may change a cycle while cases are running. What was promised to a case stays: criteria, lengths,
cap, rules. The money that is left is the cycle's own and never a matter of revisions.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.models import Case, Cycle
from app.queries.programmes import content_at


def terms_of(case: Case) -> Cycle:
    """The cycle's terms for `case`: the stored row, or one of its earlier revisions (read only, never stored)."""
    cycle = db.session.get_one(Cycle, case.cycle_id)
    if case.received_at is None or cycle.revision == case.cycle_revision:
        return cycle
    return _cycle_of(content_at(cycle.id, case.cycle_revision))


def _cycle_of(content: dict[str, Any]) -> Cycle:
    columns = sa.inspect(Cycle).columns
    return Cycle(**{column.key: _value(column, content[column.key]) for column in columns})


def _value(column: sa.Column[Any], stored: Any) -> Any:
    if stored is None or not isinstance(stored, str):
        return stored
    if column.key in ("opens_at", "closes_at"):
        return datetime.fromisoformat(stored)
    return date.fromisoformat(stored) if column.key == "cut_off_on" else stored
