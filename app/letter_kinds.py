"""Which letter of a case is which: one a decision, and one that answers an objection."""

import sqlalchemy as sa

from app.models import Case

DECISION, DECISION_ANEW, OBJECTION = "decision", "decision_anew", "objection"
KINDS = (DECISION, OBJECTION, DECISION_ANEW)
"""In the order in which a case gets them."""


def kind_of(case: Case) -> str:
    """The letter of the decision of the hearing the case is in."""
    return DECISION if case.hearing == 1 else DECISION_ANEW


def kind_column() -> sa.ColumnElement[str]:
    """The same as a column."""
    return sa.case((Case.hearing == 1, DECISION), else_=DECISION_ANEW)
