"""Steps of the end of a case for tests: resolved without the sitting, decided, announced; an objection upheld."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import AgendaItem, Case, CaseClock, Condition, Resolution, Sitting
from app.services.announce import announce_due
from app.services.close_evaluation import close_evaluation
from app.services.decide import approve, reject
from app.services.objections import answer_objection, file_objection
from app.services.open_evaluation import open_evaluation
from app.services.preview_letter import preview_letter
from app.services.reconsider import reconsider
from app.services.record import record
from app.services.set_announcement import set_announcement
from app.services.submit_scores import submit_sheet
from tests.committee_steps import SHEET, form_panel, fresh, ranked
from tests.world import World
from workflows import schema
from workflows.engine import Outcome

AMOUNT = 480_000_000
SECOND = ["evaluator6", "evaluator7", "reviewer8", "reviewer9", "reviewer10"]
"""A panel without anybody of the first."""
TWO = (
    {"article": "제1호", "text": "교통 자료를 개방한다.", "purpose": "성과를 다른 도시와 나누기 위함", "due": 30},
    {"article": "", "text": "중간 보고서를 낸다.", "purpose": "진행을 확인하기 위함", "due": 60},
)


def resolve(
    world: World, case: Case, outcome: str = "approve", conditions: Sequence[dict[str, Any]] = (), amount: int = AMOUNT
) -> Case:
    """The committee's resolution, put on record without its sitting. `due` of a condition: days from today, or None."""
    number = case.number
    with unit_of_work():
        case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
        last = db.session.scalar(sa.select(sa.func.max(Sitting.number))) or 0
        sitting = Sitting(
            programme="kcity", number=last + 1, starts_at=clock.now(), place="회의실", seats=24,
            chair_id=world.ids["member01"], rule={},
        )  # fmt: skip
        db.session.add(sitting)
        placed = (CaseClock.case_id == case.id, CaseClock.key.in_(("begin_screening", "tabling")))
        db.session.execute(sa.update(CaseClock).where(*placed).values(stopped_at=clock.now()))
        db.session.flush()
        item = AgendaItem(sitting_id=sitting.id, case_id=case.id, position=1)
        db.session.add(item)
        db.session.flush()
        approves = outcome.startswith("approve")
        resolution = Resolution(
            case_id=case.id, item_id=item.id, round=1, outcome=outcome, amount_krw=amount if approves else None,
            counts={}, rule={}, verdict={"words": {"ko": "가결되었습니다.", "en": "Carried."}}, text="주문",
            resolved_at=clock.now(),
        )  # fmt: skip
        db.session.add(resolution)
        db.session.flush()
        rows = [
            Condition(
                case_id=case.id, resolution_id=resolution.id, article=one["article"], text=one["text"],
                purpose=one["purpose"], owner="신청기관",
                due=(clock.today() + timedelta(days=one["due"])).isoformat() if one["due"] is not None else None,
            )
            for one in conditions
        ]  # fmt: skip
        db.session.add_all(rows)
        db.session.flush()
        definition = schema.load(case.definition_id, case.definition_version)
        closing = definition.find("DELIBERATING", "close_ballot")
        assert closing is not None
        done = Outcome(closing, case.state, "RESOLVED", {})
        record(case, done, definition, None, frozenset({"chair"}), clock.now(), {}, [resolution, *rows])
    return fresh(world, case)


def announced(world: World, case: Case) -> Case:
    """A decided case whose letter goes out now."""
    set_announcement(world.viewer("officer"), case.cycle_id, clock.now() + timedelta(minutes=1))
    preview_letter(world.viewer("officer"), case.number)
    with unit_of_work():
        db.session.execute(sa.update(Case).where(Case.id == case.id).values(announce_at=clock.now()))
    assert case.number in announce_due(clock.now())
    return fresh(world, case)


def approved(world: World, conditions: Sequence[dict[str, Any]] = (), case: Case | None = None) -> Case:
    """An announced approval, with conditions or without."""
    outcome = "approve_with_conditions" if conditions else "approve"
    case = resolve(world, case or ranked(world), outcome, conditions)
    approve(world.viewer("minister"), case.number, AMOUNT, "의결과 같음")
    return announced(world, case)


def rejected(world: World) -> Case:
    """An announced rejection."""
    case = resolve(world, ranked(world), "reject")
    reject(world.viewer("minister"), case.number, "실현가능성이 낮음")
    return announced(world, case)


def upheld(world: World, case: Case) -> Case:
    """The applicant objected, and an officer agrees."""
    file_objection(world.viewer("applicant"), case.number, "평가가 잘못되었습니다.")
    answer_objection(world.viewer("officer"), case.number, True, "평가표의 합계에 잘못이 있습니다.")
    return fresh(world, case)


def heard_anew(world: World, case: Case) -> Case:
    """The second hearing is open."""
    upheld(world, case)
    reconsider(world.viewer("officer"), case.number)
    return fresh(world, case)


def more_evaluators(world: World) -> None:
    """Enough people for a panel without anybody of the first."""
    with unit_of_work():
        for name in SECOND:
            if name not in world.ids:
                world.add_user(name, role="evaluator", programme="kcity")


def ranked_anew(world: World, case: Case) -> Case:
    """The second panel has scored."""
    more_evaluators(world)
    form_panel(world, case, SECOND)
    open_evaluation(world.viewer("officer"), case.number)
    for name in SECOND:
        submit_sheet(world.viewer(name), case.number, "evaluation", SHEET)
    close_evaluation(world.viewer("officer"), case.number)
    return fresh(world, case)
