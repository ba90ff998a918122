"""K12c: the applicant says how an advice item was met. May be corrected until it is judged."""

from datetime import datetime

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.models import Case
from app.queries.consulting import advice_item
from app.services.act import act_once
from workflows.engine import Refused
from workflows.text import Text, because

JUDGED = because("judged", "이미 판정된 자문 사항입니다.", "That item has been judged already.")


def answer_advice(who: Viewer, number: str, advice_id: int, answer: str, *, once: str | None = None) -> None:
    """Answer one item.

    Raises:
        NotFound: no such item in this case.
        Refused: judged already.
    """
    if not answer.strip():
        raise Invalid("answer", Text("어떻게 반영하였는지 적어 주십시오.", "Say how the advice was met."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        item = advice_item(case, advice_id)
        if item.met is not None:
            raise Refused(JUDGED)
        item.answer, item.answered_at = answer, now
        return []

    data = {"item": advice_id, "answer": answer}
    act_once(who, number, "answer_advice", once=once, data=data, change=change)
