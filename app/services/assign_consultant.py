"""A04: name the consultant of a case. Who belongs to the applicant, scores it or declared a conflict cannot advise."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.interests import out_of
from app.models import Case, Consulting, Duty, Membership
from app.queries.people import holders
from app.services.act import act_once
from app.services.assign_officer import name_of
from workflows import schema
from workflows.engine import Refused
from workflows.text import Reason, Text, because


def assign_consultant(
    who: Viewer, number: str, consultant_id: int, *, revision: int | None = None, once: str | None = None
) -> None:
    """Name `consultant_id`, or replace the one named before.

    Raises:
        Invalid: not a consultant of the programme.
        Refused: a bar on this person (`bar`).
    """

    def change(case: Case, now: datetime) -> list[Sealed]:
        programme = schema.load(case.definition_id, case.definition_version).programme
        if consultant_id not in holders("consultant", programme):
            no = Text("목록에서 자문가를 선택해 주십시오.", "Choose a consultant from the list.")
            raise Invalid("consultant", no)
        if (reason := bar(case, consultant_id)) is not None:
            raise Refused(reason)
        found = db.session.scalar(sa.select(Consulting).where(Consulting.case_id == case.id))
        if found is None:
            db.session.add(Consulting(case_id=case.id, consultant_id=consultant_id))
        else:
            found.consultant_id = consultant_id
        return []

    data = {"consultant": name_of(consultant_id)}
    act_once(who, number, "assign_consultant", once=once, revision=revision, data=data, change=change)


def bar(case: Case, user_id: int) -> Reason | None:
    """Why this person cannot advise on the case, or None."""
    row = db.session.execute(
        sa.select(
            sa.exists()
            .where(Membership.user_id == user_id, Membership.organisation_id == case.organisation_id)
            .where(Membership.ended_at.is_(None))
            .label("own"),
            sa.exists()
            .where(Duty.case_id == case.id, Duty.user_id == user_id, Duty.excused_at.is_(None))
            .label("scores"),
            out_of(case.id, user_id).label("conflict"),
            sa.exists().where(Consulting.case_id == case.id, Consulting.consultant_id == user_id).label("already"),
        )
    ).one()
    for held, reason in zip(row, BARS, strict=True):
        if held:
            return reason
    return None


BARS = (
    because("own_organisation", "신청기관에 소속된 사람입니다.", "Belongs to the applicant's organisation."),
    because("is_evaluator", "이 사건의 평가위원입니다.", "Is an evaluator of this case."),
    because(
        "has_conflict",
        "이해충돌, 제척 또는 기피로 이 사건에서 빠진 사람입니다.",
        "Is out of this case: a conflict, an exclusion or a challenge.",
    ),
    because("is_consultant", "이미 이 사건의 자문가입니다.", "Is the consultant of this case already."),
)
