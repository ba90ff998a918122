"""Which letter of a case is which: one a decision, one that answers an objection, one that ends a reserve listing."""

import sqlalchemy as sa

from app.models import Case

DECISION, DECISION_ANEW, OBJECTION, LAPSE = "decision", "decision_anew", "objection", "lapse"
KINDS = (DECISION, OBJECTION, DECISION_ANEW, LAPSE)
"""In the order in which a case gets them."""


def kind_of(case: Case) -> str:
    """The letter of the decision of the hearing the case is in; of a reserve listing that ended, of its end."""
    if case.state == "LAPSED":
        return LAPSE
    return DECISION if case.hearing == 1 else DECISION_ANEW


def kind_column() -> sa.ColumnElement[str]:
    """The letter of a decision as a column."""
    return sa.case((Case.hearing == 1, DECISION), else_=DECISION_ANEW)
