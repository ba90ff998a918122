"""K09a: ask a mission, a ministry or a trade centre for its opinion. Silence is never consent."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Opinion, Organisation
from app.services.act import act_once
from app.services.tell import opinion_givers, tell
from workflows import words
from workflows.engine import Refused
from workflows.text import Text, because


def request_opinion(
    who: Viewer,
    number: str,
    organisations: Sequence[int],
    question: str,
    due_on: date,
    *,
    once: str | None = None,
) -> None:
    """Ask each of `organisations` the same question, to be answered by `due_on`; tells those who speak for them.

    Raises:
        Invalid: nobody chosen, nobody there to answer, no question, or a date that is not ahead.
        Refused: one of them was asked before.
    """
    _check(organisations, question, due_on)
    asked = db.session.execute(
        sa.select(Organisation.id, Organisation.name_ko, Organisation.name_en).where(Organisation.id.in_(organisations))
    ).all()
    bodies = [{"ko": row.name_ko or row.name_en, "en": row.name_en or row.name_ko} for row in asked]

    def change(case: Case, now: datetime) -> list[Sealed]:
        before = sa.select(Opinion.id).where(Opinion.case_id == case.id, Opinion.organisation_id.in_(organisations))
        if db.session.scalar(before.limit(1)) is not None:
            raise Refused(because("asked_before", "이미 의견을 조회한 기관입니다.", "That body has been asked before."))
        if case.organisation_id in organisations:
            raise Refused(
                because("is_applicant", "신청기관에는 의견을 조회할 수 없습니다.", "The applicant is not asked.")
            )
        db.session.add_all(
            Opinion(case_id=case.id, organisation_id=row.id, question=question, sent_at=now, due_on=due_on)
            for row in asked
        )
        return []

    act_once(
        who,
        number,
        "request_opinion",
        once=once,
        data={"bodies": bodies, "question": question, "due_on": due_on.isoformat()},
        change=change,
        after=lambda case: _tell(case, organisations, due_on, who),
    )


def _check(organisations: Sequence[int], question: str, due_on: date) -> None:
    if not organisations:
        raise Invalid("organisations", Text("의견을 조회할 기관을 선택해 주십시오.", "Choose whom to ask."))
    for organisation in organisations:
        if not opinion_givers([organisation]):
            no = Text("의견을 제출할 사람이 지정되지 않은 기관입니다.", "Nobody there can answer yet.")
            raise Invalid("organisations", no)
    if not question.strip():
        raise Invalid("question", Text("조회할 내용을 적어 주십시오.", "Write what you want to know."))
    if due_on <= clock.today():
        raise Invalid("due_on", Text("회신 기한은 내일 이후로 정해 주십시오.", "The date must lie ahead."))


def _tell(case: Case, organisations: Sequence[int], due_on: date, who: Viewer) -> None:
    day = words.day(due_on)
    body = Text(
        f"이 제안에 대한 귀 기관의 의견을 요청드립니다.\n회신 기한: {day.ko}",
        f"Your opinion on this proposal is requested.\nPlease reply by {day.en}.",
    )
    subject = Text("의견 조회", "Request for an opinion")
    tell(case, opinion_givers(organisations), subject, body, f"/opinions/{case.number}", who)
