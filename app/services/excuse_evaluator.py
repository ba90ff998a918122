"""Take an evaluator off a panel, with the reason, and put another in the place if one is named."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Duty, User
from app.services.act import act_within
from app.services.invite_evaluator import invite_within
from workflows.text import Text


def excuse(
    who: Viewer,
    number: str,
    user_id: int,
    reason: str,
    replacement: int | None = None,
    revision: int | None = None,
) -> Case:
    """Excuse `user_id` from the duty; with `replacement`, invite that account in the same step.

    A sheet already submitted stays on record and no longer counts. Raises as `act`, and Invalid("evaluator").
    """
    person = db.session.get(User, user_id)

    def change(case: Case, now: datetime) -> list[Sealed]:
        query = sa.select(Duty).where(Duty.case_id == case.id, Duty.user_id == user_id)
        duty = db.session.scalar(query.where(Duty.excused_at.is_(None)))
        if duty is None:
            words = Text("이 사건의 평가위원이 아닙니다.", "Not an evaluator of this case.")
            raise Invalid("evaluator", words)
        duty.excused_at = now
        duty.excuse = reason.strip()
        return []

    name = {"ko": person.name_ko, "en": person.name_en} if person else None
    with unit_of_work():
        case = act_within(
            who,
            number,
            "excuse_evaluator",
            inputs={"in_reason": reason},
            revision=revision,
            data={"person": name, "reason": reason.strip()},
            change=change,
        )
        if replacement is not None:
            case = invite_within(who, number, replacement)
        return case
