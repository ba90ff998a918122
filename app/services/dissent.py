"""Attach a statement to a vote (소수의견): by a member who took part, after the close, before the sitting ends."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.extensions import db
from app.models import Case, Dissent
from app.queries.sittings import item_of
from app.services.act import act_once
from workflows.engine import Refused
from workflows.text import because


def dissent(who: Viewer, number: str, text: str, once: str = "") -> Case:
    """Store the statement of `who` on the vote; one a member and vote. Raises as `act`.

    Whether it is printed in the minutes is the committee's rule; nothing in the event tells what it says.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = item_of(case)
        query = sa.select(Dissent.id).where(Dissent.item_id == item.id, Dissent.round == item.round)
        if db.session.scalar(query.where(Dissent.user_id == who.id)) is not None:
            raise Refused(
                because(
                    "dissent_attached",
                    "이 표결에 이미 소수의견을 남기셨습니다.",
                    "You have attached your statement to this vote already.",
                )
            )
        row = Dissent(
            case_id=case.id, item_id=item.id, round=item.round, user_id=who.id, text=text.strip(), written_at=now
        )
        db.session.add(row)
        db.session.flush()
        return [row]

    data = {"person": {"ko": who.name_ko, "en": who.name_en}}
    return act_once(who, number, "dissent", once, inputs={"in_text": bool(text.strip())}, data=data, change=change)
