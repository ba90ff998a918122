"""K09b: a body asked gives its opinion, once. Late is still an answer."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Opinion
from app.services.act import act_once
from workflows.engine import Refused
from workflows.text import Text, because

STANCES = {
    "support": Text("찬성", "Support"),
    "remarks": Text("조건부 찬성(의견 있음)", "Support with remarks"),
    "oppose": Text("반대", "Oppose"),
    "no_interest": Text("해당 없음", "No interest"),
}


def reply_opinion(who: Viewer, number: str, stance: str, remarks: str, *, once: str | None = None) -> None:
    """Give the opinion of the body this person speaks for.

    Raises:
        Invalid: no stance; support with remarks or opposition without saying why.
        Refused: answered before.
    """
    if stance not in STANCES:
        raise Invalid("stance", Text("의견을 선택해 주십시오.", "Choose your opinion."))
    if stance in ("remarks", "oppose") and not remarks.strip():
        raise Invalid("remarks", Text("의견의 내용을 적어 주십시오.", "Please say why, or what you remark."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        query = sa.select(Opinion).where(
            Opinion.case_id == case.id,
            Opinion.organisation_id.in_(who.speaks_for),
            Opinion.replied_at.is_(None),
        )
        opinion = db.session.scalar(query.order_by(Opinion.id).limit(1))
        if opinion is None:
            raise Refused(
                because("replied_before", "이미 의견을 제출하셨습니다.", "Your opinion has been given already.")
            )
        opinion.stance, opinion.remarks = stance, remarks
        opinion.replied_at, opinion.replied_by = now, who.id
        return []

    data = {"stance": stance, "remarks": remarks}
    act_once(who, number, "reply_opinion", once=once, data=data, change=change)
