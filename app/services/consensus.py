"""From single sheets to the word of the panel: name the rapporteur, write the report, agree to it or dissent."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, ConsensusAnswer, ConsensusReport, Duty, User
from app.queries.cases import case_for
from app.queries.evaluation import panel_of, round_of
from app.services.act import act, act_once
from workflows.text import Text

LONGEST = 4000


def name_rapporteur(who: Viewer, number: str, user_id: int, revision: int | None = None) -> Case:
    """Name an evaluator on duty, without a conflict, to write the report; whoever was named before no longer is.

    Raises as `act`, and Invalid("evaluator") for anybody else.
    """
    person = db.session.get(User, user_id)

    def change(case: Case, now: datetime) -> list[Sealed]:
        able = {one.user_id for one in panel_of(case) if one.excuse is None and one.said == "none"}
        if user_id not in able:
            words = Text("이해충돌이 없는 평가위원을 선택해 주십시오.", "Choose an evaluator without a conflict.")
            raise Invalid("evaluator", words)
        db.session.execute(sa.update(Duty).where(Duty.case_id == case.id).values(rapporteur_at=None))
        mine = (Duty.case_id == case.id, Duty.user_id == user_id)
        db.session.execute(sa.update(Duty).where(*mine).values(rapporteur_at=now))
        return []

    name = {"ko": person.name_ko, "en": person.name_en} if person else None
    return act(who, number, "name_rapporteur", revision=revision, data={"person": name}, change=change)


def write_consensus(who: Viewer, number: str, text: str, remarks: Mapping[str, str], once: str = "") -> Case:
    """Write the report, or a new one beside the old: a text over all and a remark for each criterion.

    Earlier answers stay with the report they were given to. Raises as `act`; Refused says how many parts are empty;
    Invalid names one that is too long.
    """
    for field, said in (("text", text), *((f"remark-{key}", remark) for key, remark in remarks.items())):
        if len(said) > LONGEST:
            raise Invalid(field, Text(f"{LONGEST}자 이내로 적어 주십시오.", f"At most {LONGEST} characters."))
    keys = [criterion["key"] for criterion in round_of(case_for(who, number)).criteria]
    written = {key: remarks.get(key, "").strip() for key in keys}
    missing = sum(not said for said in (text.strip(), *written.values()))

    def change(case: Case, now: datetime) -> list[Sealed]:
        last = db.session.scalar(
            sa.select(sa.func.max(ConsensusReport.number)).where(ConsensusReport.case_id == case.id)
        )
        row = ConsensusReport(
            case_id=case.id,
            number=(last or 0) + 1,
            author_id=who.id,
            text=text.strip(),
            remarks=written,
            written_at=now,
        )
        db.session.add(row)
        db.session.flush()
        return [row]

    data = {"person": {"ko": who.name_ko, "en": who.name_en}}
    inputs = {"in_remarks_missing": missing}
    return act_once(who, number, "write_consensus", once, inputs=inputs, data=data, change=change)


def answer_consensus(who: Viewer, number: str, answer: str, words: str = "", once: str = "") -> Case:
    """Agree to the newest report, or dissent from it in words. Once for each report. Raises as `act`."""

    def change(case: Case, now: datetime) -> list[Sealed]:
        query = sa.select(ConsensusReport.id).where(ConsensusReport.case_id == case.id)
        report = db.session.scalars(query.order_by(ConsensusReport.number.desc()).limit(1)).one()
        row = ConsensusAnswer(
            case_id=case.id,
            report_id=report,
            user_id=who.id,
            answer=answer,
            words=words.strip(),
            answered_at=now,
        )
        db.session.add(row)
        db.session.flush()
        return [row]

    data = {"person": {"ko": who.name_ko, "en": who.name_en}, "answer": answer}
    inputs = {"in_answer": answer, "in_reason": words}
    return act_once(who, number, "answer_consensus", once, inputs=inputs, data=data, change=change)
