"""Put an evaluator on the panel of a case. Never the adviser of the case, never the same person twice."""

from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.db import unit_of_work
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Consulting, Duty, User
from app.queries.people import holders
from app.services.act import act_within
from app.services.first_panel import refuse_first_panel
from app.services.tell import tell
from workflows import schema
from workflows.text import Text


def invite(who: Viewer, number: str, user_id: int, revision: int | None = None) -> Case:
    """Invite the account `user_id`, which must hold the role of evaluator in the programme.

    Raises as `act`, and Invalid("evaluator") for somebody who is no evaluator or was on this panel before.
    """
    with unit_of_work():
        return invite_within(who, number, user_id, revision)


def invite_within(who: Viewer, number: str, user_id: int, revision: int | None = None, basis: str = "hand") -> Case:
    """`invite` inside a unit of work that is already open. `basis`: by hand, by proposal or by draw."""
    person = db.session.get(User, user_id)
    case_id = sa.select(Case.id).where(Case.number == number).scalar_subquery()
    adviser = db.session.scalar(sa.select(Consulting.consultant_id).where(Consulting.case_id == case_id))

    def change(case: Case, now: datetime) -> list[Sealed]:
        programme = schema.load(case.definition_id, case.definition_version).programme
        if person is None or user_id not in holders("evaluator", programme):
            raise Invalid(
                "evaluator", Text("평가위원 명단에서 선택해 주십시오.", "Choose from the list of evaluators.")
            )
        refuse_first_panel(case, user_id)
        if db.session.scalar(sa.select(Duty.id).where(Duty.case_id == case.id, Duty.user_id == user_id)):
            words = Text("이미 이 사건에 위촉되었던 위원입니다.", "This person has been on this panel already.")
            raise Invalid("evaluator", words)
        db.session.add(Duty(case_id=case.id, user_id=user_id, invited_at=now, basis=basis, hearing=case.hearing))
        return []

    name = {"ko": person.name_ko, "en": person.name_en} if person else None
    case = act_within(
        who,
        number,
        "invite_evaluator",
        inputs={"in_person_is_adviser": adviser is not None and adviser == user_id},
        revision=revision,
        data={"person": name, "basis": basis},
        change=change,
    )
    tell(case, {user_id}, ASKED, _request(case), f"/cases/{number}/duty", who)
    return case


ASKED = Text("평가위원 위촉 요청", "Invitation to evaluate")


def _request(case: Case) -> Text:
    """The words of the invitation: what is asked, and that the papers open only afterwards."""
    title = Text(case.title_ko or case.title_en, case.title_en or case.title_ko)
    return Text(
        f"{title.ko}\n\n이 사건의 평가위원으로 위촉하고자 합니다. 수락 여부를 회신하여 주십시오. "
        "수락하신 뒤 이해관계를 신고하시면 자료가 열립니다.",
        f"{title.en}\n\nYou are asked to evaluate this proposal. Please accept or decline. "
        "The papers open once you have accepted and declared your interests.",
    )
