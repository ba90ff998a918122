"""An objection to the decision: filed once within its days, answered with reasons (행정기본법 제36조).

The decision itself does not move while an objection is open.
"""

from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Objection
from app.queries.terms import terms_of
from app.services.act import act, act_once
from workflows import deadlines
from workflows.engine import Refused
from workflows.text import Text, because


def file_objection(who: Viewer, number: str, text: str, once: str = "") -> Case:
    """The applicant's signatory objects; the answer is due in 14 days (cycle's setting). Raises as `act`."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        if objection_of(case) is not None:
            words = because(
                "already_objected", "이의신청은 한 번만 할 수 있습니다.", "An objection is filed only once."
            )
            raise Refused(words)
        settings = terms_of(case).settings
        length = deadlines.Length(int(settings.get("objection_answer_days", 14)), "days")
        today = clock.day_of(now)
        db.session.add(
            Objection(
                case_id=case.id,
                text=text.strip(),
                filed_at=now,
                filed_by=who.id,
                answer_due_on=deadlines.due("civil", today, length),
            )
        )
        return []

    return act_once(
        who,
        number,
        "file_objection",
        once,
        inputs={"in_reason": text},
        data={"reason": text.strip()},
        change=change,
    )


def answer_objection(who: Viewer, number: str, upheld: bool | None, answer: str, revision: int | None = None) -> Case:
    """Answer with reasons: upheld or dismissed. Raises as `act`, and Invalid("upheld") for neither."""
    if upheld is None:
        raise Invalid("upheld", Text("인용 여부를 선택해 주십시오.", "Say whether it is upheld."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        objection = objection_of(case)
        assert objection is not None, "the guard has seen one"
        objection.answer, objection.upheld = answer.strip(), upheld
        objection.answered_at, objection.answered_by = now, who.id
        return []

    return act(
        who,
        number,
        "answer_objection",
        inputs={"in_reason": answer},
        revision=revision,
        data={"reason": answer.strip(), "upheld": upheld},
        change=change,
    )


def objection_of(case: Case) -> Objection | None:
    """The objection against the decision of this case."""
    return db.session.scalar(sa.select(Objection).where(Objection.case_id == case.id))
