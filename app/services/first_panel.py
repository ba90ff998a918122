"""Who judged a case the first time does not judge it again: asked wherever somebody is put on its panel."""

import sqlalchemy as sa

from app.extensions import db
from app.models import Case, Duty
from workflows.engine import Refused
from workflows.text import because


def first_panel(case: Case) -> frozenset[int]:
    """The accounts that had a duty in an earlier hearing of the case, whether they scored or not."""
    if case.hearing == 1:
        return frozenset()
    query = sa.select(Duty.user_id).where(Duty.case_id == case.id, Duty.hearing < case.hearing)
    return frozenset(db.session.scalars(query))


def refuse_first_panel(case: Case, user_id: int) -> None:
    """Raise Refused for somebody of the first panel of a case that is heard anew."""
    if user_id in first_panel(case):
        raise Refused(
            because(
                "on_first_panel",
                "첫 평가에 참여한 위원은 재심의의 평가위원이 될 수 없습니다.",
                "Whoever was on the first panel cannot be on the panel of the reconsideration.",
            )
        )
