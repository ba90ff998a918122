"""An objection to the decision: filed once within its days, answered with reasons (행정기본법 제36조).

The decision itself does not move while an objection is open.
"""

from datetime import datetime

import sqlalchemy as sa

from app import clock, letter_code, letter_kinds
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Letter, Objection
from app.queries.letters import as_content
from app.queries.objection_letter import compose_answer
from app.services import clocks
from app.services.act import act, act_once
from app.services.preview_letter import letter_number
from workflows import deadlines, schema
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
        rule = schema.load(case.definition_id, case.definition_version).clocks["objection_answer"]
        db.session.add(
            Objection(
                case_id=case.id,
                text=text.strip(),
                filed_at=now,
                filed_by=who.id,
                answer_due_on=clocks.runs_out_on(case, rule, clock.day_of(now)),
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
    """Answer with reasons: upheld or dismissed. The answer goes out as a letter with the ways that are open next.

    Raises as `act`, and Invalid("upheld") for neither.
    """
    if upheld is None:
        raise Invalid("upheld", Text("인용 여부를 선택해 주십시오.", "Say whether it is upheld."))

    def change(case: Case, now: datetime) -> list[Sealed]:
        objection = objection_of(case)
        assert objection is not None, "the guard has seen one"
        objection.answer, objection.upheld = answer.strip(), upheld
        objection.answered_at, objection.answered_by = now, who.id
        on = clock.day_of(now)
        letter = Letter(
            case_id=case.id,
            kind=letter_kinds.OBJECTION,
            number=letter_number(case, now),
            content={},
            issued_on=on,
            previewed_by=who.id,
            served_at=now,
        )
        letter.content = as_content(compose_answer(case, objection, on, letter.number, letter_code.draw()))
        db.session.add(letter)
        db.session.flush()
        return [letter]

    return act(
        who,
        number,
        "answer_objection",
        inputs={"in_reason": answer},
        revision=revision,
        data={"reason": answer.strip(), "upheld": upheld},
        change=change,
    )


def extend_objection(who: Viewer, number: str, days: int, reason: str, revision: int | None = None) -> Case:
    """Extend the time to answer once, by at most ten days counted from the day after it ends, with the reason that
    the applicant is told (행정기본법 제36조제2항). Raises as `act`.
    """
    data: dict[str, str] = {"reason": reason.strip()}

    def change(case: Case, now: datetime) -> list[Sealed]:
        objection = objection_of(case)
        assert objection is not None, "the guard has seen one"
        objection.answer_due_on = deadlines.due("civil", objection.answer_due_on, deadlines.Length(days, "days"))
        objection.extended_at, objection.extension_reason = now, reason.strip()
        clocks.reset(case, "objection_answer", objection.answer_due_on)
        data["due_on"] = objection.answer_due_on.isoformat()
        return []

    inputs = {"in_reason": reason, "in_extension_days": days}
    return act(who, number, "extend_objection", inputs=inputs, revision=revision, data=data, change=change)


def objection_of(case: Case) -> Objection | None:
    """The objection against the decision of this case."""
    return db.session.scalar(sa.select(Objection).where(Objection.case_id == case.id))
