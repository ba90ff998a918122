"""K12d: the consultant judges an answered item as met or not met, with a reason, once."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.models import Case
from app.queries.consulting import advice_item
from app.services.act import act_once
from app.services.answer_advice import JUDGED
from workflows.engine import Refused
from workflows.text import Text, because


def judge_advice(who: Viewer, number: str, advice_id: int, met: bool, reason: str, *, once: str | None = None) -> None:
    """Judge one item. Silence of the applicant is no answer, so nothing is judged without one.

    Raises:
        NotFound: no such item in this case.
        Refused: not answered yet, or judged already.
    """
    if not reason.strip():
        raise Invalid("judgement", Text("판정 이유를 적어 주십시오.", "Give the reason."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = advice_item(case, advice_id)
        if item.met is not None:
            raise Refused(JUDGED)
        if item.answered_at is None:
            raise Refused(
                because(
                    "not_answered", "신청기관이 아직 답변하지 않았습니다.", "The applicant has not answered it yet."
                )
            )
        item.met, item.judgement, item.judged_at = met, reason, now
        return []

    data = {"item": advice_id, "met": met, "reason": reason}
    act_once(who, number, "judge_advice", once=once, data=data, change=change)
