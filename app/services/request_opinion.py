"""K09a: ask a mission, a ministry or a trade centre for its opinion. Silence is never consent."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Opinion, Organisation
from app.queries.proposal import latest_version
from app.services.act import act_once
from app.services.tell import opinion_givers, tell
from workflows import words
from workflows.engine import Refused
from workflows.form_schema import load_form
from workflows.text import Text, because


def request_opinion(
    who: Viewer,
    number: str,
    organisations: Sequence[int],
    question: str,
    due_on: date,
    *,
    sections: Sequence[str] = (),
    files: Sequence[int] = (),
    once: str | None = None,
) -> None:
    """Ask each of `organisations` the same question, to be answered by `due_on`; tells those who speak for them.

    `sections`, `files`: what they read beyond the essentials, as it stands in the version submitted last: keys of
    sections and ids of attachments. None unless named.

    Raises:
        Invalid: nobody chosen, nobody there to answer, no question, a date that is not ahead, or a section or file
            that the version does not hold.
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
        shown, named = _shown(case, sections, files)
        db.session.add_all(
            Opinion(
                case_id=case.id, organisation_id=row.id, question=question, shared=shown, sent_at=now, due_on=due_on
            )
            for row in asked
        )
        told.update(named)
        return []

    told: dict[str, Any] = {"bodies": bodies, "question": question, "due_on": due_on.isoformat()}

    act_once(
        who,
        number,
        "request_opinion",
        once=once,
        data=told,
        change=change,
        after=lambda case: _tell(case, organisations, due_on, who),
    )


def _shown(case: Case, sections: Sequence[str], files: Sequence[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is stored with the request, and what the timeline tells of it."""
    version = latest_version(case) if sections or files else None
    if version is None:
        if sections or files:
            raise Invalid("sections", Text("제출된 내용이 없습니다.", "Nothing has been submitted."))
        return {}, {}
    known = {section.key for section in load_form(case.definition_id, case.form_version).sections}
    if not known.issuperset(sections):
        raise Invalid("sections", Text("신청서에 없는 항목입니다.", "The form has no such section."))
    held = {file["id"]: file["name"] for file in version.files}
    if not held.keys() >= set(files):
        raise Invalid("files", Text("제출된 파일이 아닙니다.", "That file was not submitted."))
    shown = {"version": version.number, "sections": list(sections), "files": list(files)}
    return shown, {"shown": {**shown, "files": [held[file] for file in files]}}


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
