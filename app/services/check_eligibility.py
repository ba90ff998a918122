"""A03: the officer's eligibility checklist, saved as one act. The last answer of a line counts; events keep all."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, ChecklistAnswer
from app.services.act import act_once
from workflows.form_schema import load_form
from workflows.text import Text

Answers = Mapping[str, tuple[bool, str]]
"""line key -> (met, the evidence seen)"""


def check_eligibility(
    who: Viewer, number: str, answers: Answers, *, revision: int | None = None, once: str | None = None
) -> None:
    """Store the lines answered; a line left out keeps what it had.

    Raises:
        Invalid: a line that the form's checklist does not have, or one without evidence.
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        _check(case, answers)
        query = sa.select(ChecklistAnswer).where(ChecklistAnswer.case_id == case.id)
        known = {row.key: row for row in db.session.scalars(query)}
        for key, (met, evidence) in answers.items():
            row = known.get(key) or ChecklistAnswer(case_id=case.id, key=key)
            row.met, row.evidence, row.answered_by, row.answered_at = met, evidence, who.id, now
            db.session.add(row)
        return []

    lines = {key: {"met": met, "evidence": evidence} for key, (met, evidence) in answers.items()}
    data = {"lines": lines, "met": sum(met for met, _ in answers.values()), "answered": len(answers)}
    act_once(who, number, "check_eligibility", once=once, revision=revision, data=data, change=change)


def _check(case: Case, answers: Answers) -> None:
    lines = {line.key for line in load_form(case.definition_id, case.form_version).screening}
    for key, (_, evidence) in answers.items():
        if key not in lines:
            raise Invalid(key, Text("점검표에 없는 항목입니다.", "The checklist has no such line."))
        if not evidence.strip():
            raise Invalid(key, Text("확인한 근거를 적어 주십시오.", "Write the evidence you saw."))
