"""Say, before a file opens, whether one has an interest in it. A change is a new declaration beside the old.

Never guesses: who has said nothing is undeclared, which is neither "none" nor "conflict".
"""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Declaration
from app.services.act import act_once
from workflows.text import Text

TRIGGERS = {
    "consultant": "declare_consulting",
    "evaluator": "declare_evaluation",
    "member": "declare_sitting",
}


def declare(who: Viewer, number: str, capacity: str, answer: str, ground: str = "", once: str = "") -> Case:
    """Declare in `capacity` (evaluator, member, consultant): none, or conflict with its ground.

    A conflict closes the file to this person at once (공직자의 이해충돌 방지법 제5조).
    Raises as `act`, and Invalid for an answer that is neither or a conflict without its ground.
    """
    if answer not in ("none", "conflict"):
        raise Invalid("answer", Text("이해충돌 여부를 선택해 주십시오.", "Say whether there is a conflict."))
    if answer == "conflict" and not ground.strip():
        raise Invalid("ground", Text("이해충돌의 내용을 적어 주십시오.", "Say what the conflict is."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        where = (
            Declaration.case_id == case.id,
            Declaration.user_id == who.id,
            Declaration.capacity == capacity,
        )
        last = db.session.scalar(sa.select(sa.func.max(Declaration.number)).where(*where)) or 0
        row = Declaration(
            case_id=case.id,
            user_id=who.id,
            capacity=capacity,
            number=last + 1,
            answer=answer,
            ground=ground.strip(),
            declared_at=now,
        )
        db.session.add(row)
        db.session.flush()
        return [row]

    data = {"person": {"ko": who.name_ko, "en": who.name_en}, "answer": answer}
    return act_once(who, number, TRIGGERS[capacity], once, data=data, change=change)
