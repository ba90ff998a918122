"""A01: name the officer who answers for a case (행정절차법 제24조). Nobody answers for his own organisation's case."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid, Known
from app.extensions import db
from app.models import Case, Membership, User
from app.queries.people import holders
from app.services.act import Change, act_once, act_within
from workflows import schema
from workflows.engine import Refused
from workflows.text import Reason, Text, because

OWN = because(
    "own_organisation",
    "신청기관에 소속된 사람은 담당자가 될 수 없습니다.",
    "A person of the applicant's organisation cannot be the officer.",
)


def assign_officer(
    who: Viewer, number: str, officer_id: int, *, revision: int | None = None, once: str | None = None
) -> None:
    """Make `officer_id` the officer of the case.

    Raises:
        Invalid: not an officer of the programme.
        Refused: belongs to the applicant, or the case has ended.
    """
    act_once(
        who,
        number,
        "assign_officer",
        once=once,
        revision=revision,
        data={"officer": name_of(officer_id)},
        change=_change(officer_id),
    )


def assign_many(who: Viewer, numbers: list[str], officer_id: int) -> tuple[list[str], list[tuple[str, Text]]]:
    """The same for several cases in one transaction: those done, and those not done with the reason."""
    done, refused = [], []
    name = name_of(officer_id)
    with unit_of_work():
        for number in numbers:
            try:
                act_within(who, number, "assign_officer", data={"officer": name}, change=_change(officer_id))
                done.append(number)
            except Refused as no:
                refused.append((number, no.reason.text))
            except Known as no:
                refused.append((number, no.text))
    return done, refused


def bar(case: Case, officer_id: int) -> Reason | None:
    """Why this person cannot be the officer of the case, or None."""
    own = sa.select(Membership.id).where(
        Membership.user_id == officer_id,
        Membership.organisation_id == case.organisation_id,
        Membership.ended_at.is_(None),
    )
    return OWN if db.session.scalar(own.limit(1)) is not None else None


def name_of(user_id: int) -> dict[str, str]:
    """A person's name in both languages, for the timeline."""
    user = db.session.get(User, user_id)
    if user is None:
        return {"ko": "", "en": ""}
    return {"ko": user.name_ko or user.name_en, "en": user.name_en or user.name_ko}


def _change(officer_id: int) -> Change:
    def change(case: Case, now: datetime) -> list[Sealed]:
        programme = schema.load(case.definition_id, case.definition_version).programme
        if officer_id not in holders("officer", programme):
            raise Invalid("officer", Text("목록에서 담당자를 선택해 주십시오.", "Choose an officer from the list."))
        if (no := bar(case, officer_id)) is not None:
            raise Refused(no)
        case.assignee_id = officer_id
        return []

    return change
