"""What holds of conditions: shown, judged, changed and settled step by step, each an event; none passed over at the end."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.audit.totals import breaks
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import CaseClock, Condition, ConditionStep, Delivery, Event
from app.queries.attachments import file_for
from app.queries.conditions import followed, in_force, of_view, overview
from app.services.change_condition import answer_condition_change, ask_condition_change
from app.services.close_case import close_case
from app.services.due_clocks import remind_due
from app.services.evidence_condition import evidence_condition
from app.services.judge_condition import accept_condition, breach_condition, carry_condition, send_back_condition
from app.services.record_result import record_result
from tests.afterwards_steps import TWO, approved, rejected
from tests.committee_steps import fresh
from tests.intake_steps import PDF
from tests.world import World
from workflows.engine import Refused


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def running(case, key: str = "condition") -> list[CaseClock]:
    query = sa.select(CaseClock).where(
        CaseClock.case_id == case.id, CaseClock.key == key, CaseClock.stopped_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(CaseClock.due_on).execution_options(populate_existing=True)))


def states(case) -> list[str]:
    db.session.expire_all()
    return [one.standing.state for one in followed(case)]


def test_a_clock_runs_for_each_condition_from_the_announcement_and_the_queue_sees_the_first(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, [*TWO, {"article": "", "text": "계속 알린다.", "purpose": "투명성", "due": None}])
    first, second = running(case)
    assert [first.due_on, second.due_on] == [clock.today() + timedelta(days=30), clock.today() + timedelta(days=60)]
    assert first.condition_id == in_force(case)[0].id and first.holder == "signatory"
    assert case.due_on == first.due_on
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "announce")).one()
    assert event.data["conditions"] == 3


def test_proof_is_shown_sent_back_shown_again_and_accepted_each_an_event(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one, other = (row.id for row in in_force(case))
    signatory, officer = world.viewer("applicant"), world.viewer("officer")
    with pytest.raises(Invalid):
        evidence_condition(signatory, case.number, one, " ")
    evidence_condition(world.viewer("delegate"), case.number, one, "자료를 개방하였습니다.")
    assert states(case) == ["evidenced", "open"]
    assert [c.condition_id for c in running(case)] == [other] and len(running(case, "condition_review")) == 1
    assert refused(lambda: evidence_condition(signatory, case.number, one, "다시")) == "evidence_in_review"
    assert refused(lambda: accept_condition(officer, case.number, one, " ")) == "no_reason"
    assert refused(lambda: accept_condition(officer, case.number, other, "봄")) == "no_evidence_yet"
    with pytest.raises(Invalid):
        send_back_condition(officer, case.number, one, "주소가 없음", clock.today())
    later = clock.today() + timedelta(days=45)
    send_back_condition(officer, case.number, one, "주소가 없습니다.", later)
    assert states(case) == ["open", "open"] and running(case)[0].due_on == later
    evidence_condition(signatory, case.number, one, "https://data.example.org")
    accept_condition(officer, case.number, one, "개방된 것을 확인하였습니다.")
    assert states(case) == ["accepted", "open"]
    assert [c.condition_id for c in running(case)] == [other] and not running(case, "condition_review")
    steps = db.session.scalars(sa.select(ConditionStep).order_by(ConditionStep.id)).all()
    assert [s.act for s in steps] == ["evidence", "send_back", "evidence", "accept"]
    assert [s.number for s in steps] == [1, 2, 3, 4]
    for step in steps:
        sealed = [e for e in db.session.scalars(sa.select(Event)) if f"condition_step:{step.id}" in e.seals]
        assert len(sealed) == 1 and sealed[0].seals[f"condition_step:{step.id}"] == step.seal()
    assert refused(lambda: accept_condition(officer, case.number, one, "또")) == "no_evidence"


def test_files_of_proof_are_kept_for_the_inside_and_the_applicant_and_nobody_else(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one = in_force(case)[0].id
    evidence_condition(world.viewer("applicant"), case.number, one, "", [(BytesIO(PDF), "증빙.pdf")])
    (step,) = db.session.scalars(sa.select(ConditionStep)).all()
    (file,) = step.files
    assert file["name"] == "증빙.pdf" and len(file["sha256"]) == 64
    for name in ("applicant", "officer", "auditor", "minister"):
        assert file_for(world.viewer(name), case.number, file["id"]).sha256 == file["sha256"]
    for name in ("evaluator1", "stranger", "embassy"):
        with pytest.raises(NotFound):
            file_for(world.viewer(name), case.number, file["id"])
    with pytest.raises(Invalid):
        evidence_condition(
            world.viewer("applicant"), case.number, in_force(case)[1].id, "", [(BytesIO(b"MZ\x00"), "x.pdf")]
        )
    assert states(case) == ["evidenced", "open"]


def test_who_may_take_which_step(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one = in_force(case)[0].id
    officer, delegate = world.viewer("officer"), world.viewer("delegate")
    assert refused(lambda: evidence_condition(officer, case.number, one, "x")) == "not_your_role"
    later = clock.today() + timedelta(days=90)
    assert refused(lambda: ask_condition_change(delegate, case.number, one, "x", later)) == "not_your_role"
    for name in ("applicant", "clerk", "minister", "auditor"):
        who = world.viewer(name)
        assert refused(lambda w=who: carry_condition(w, case.number, one, "x")) == "not_your_role"
    with pytest.raises(NotFound):
        evidence_condition(world.viewer("stranger"), case.number, one, "x")
    other = approved(world, TWO)
    with pytest.raises(NotFound):
        evidence_condition(world.viewer("applicant"), other.number, one, "x")


def test_a_change_is_asked_for_once_and_granted_or_refused_with_its_reason(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one, other = (row.id for row in in_force(case))
    signatory, officer = world.viewer("applicant"), world.viewer("officer")
    later = clock.today() + timedelta(days=100)
    for wrong in (None, clock.today()):
        with pytest.raises(Invalid):
            ask_condition_change(signatory, case.number, one, "늦어짐", wrong)
    assert refused(lambda: ask_condition_change(signatory, case.number, one, "", later)) == "no_reason"
    ask_condition_change(signatory, case.number, one, "장비가 늦게 옵니다.", later)
    assert refused(lambda: ask_condition_change(signatory, case.number, one, "또", later)) == "change_pending"
    assert refused(lambda: answer_condition_change(officer, case.number, other, True, "좋음")) == "no_change_asked"
    assert running(case)[0].due_on == clock.today() + timedelta(days=30)
    with pytest.raises(Invalid):
        answer_condition_change(officer, case.number, one, None, "x")
    answer_condition_change(officer, case.number, one, True, "타당합니다.")
    assert followed(case)[0].standing.due == later and not followed(case)[0].standing.change_asked
    assert [c.due_on for c in running(case)] == [clock.today() + timedelta(days=60), later]
    ask_condition_change(signatory, case.number, other, "함께", later)
    answer_condition_change(officer, case.number, other, False, "그대로 둡니다.")
    assert followed(case)[1].standing.due == clock.today() + timedelta(days=60) and len(running(case)) == 2
    assert fresh(world, case).due_on == clock.today() + timedelta(days=60)


def past(case) -> None:
    """The first condition's date, as the change granted it, lies behind us."""
    with unit_of_work():
        yesterday = clock.today() - timedelta(days=1)
        ids = [row.id for row in in_force(case)][:1]
        db.session.add(
            ConditionStep(
                case_id=case.id, condition_id=ids[0], number=1, act="ask_change", text="", due=yesterday,
                at=clock.now(), by_id=1,
            )
        )  # fmt: skip
        db.session.add(
            ConditionStep(
                case_id=case.id, condition_id=ids[0], number=2, act="grant_change", text="", due=yesterday,
                at=clock.now(), by_id=1,
            )
        )  # fmt: skip
        where = (CaseClock.condition_id.in_(ids), CaseClock.key == "condition")
        db.session.execute(sa.update(CaseClock).where(*where).values(due_on=yesterday, started_on=yesterday))


def test_a_breach_is_found_only_after_the_date_and_settles_the_condition(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one = in_force(case)[0].id
    officer = world.viewer("officer")
    assert refused(lambda: breach_condition(officer, case.number, one, "안 함")) == "condition_not_due"
    past(case)
    assert followed(case)[0].late
    breach_condition(officer, case.number, one, "기한까지 내지 않아 시정을 명합니다.")
    assert states(case) == ["breached", "open"] and not followed(case)[0].late
    assert (
        refused(lambda: evidence_condition(world.viewer("applicant"), case.number, one, "늦게")) == "condition_settled"
    )
    told = db.session.scalars(sa.select(Delivery).where(Delivery.user_id == world.ids["applicant"])).all()
    assert any("시정을 명합니다" in row.body for row in told)


def test_an_overdue_condition_is_reminded_of_and_stands_on_top_of_the_queue(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    past(case)
    before = db.session.scalar(sa.select(sa.func.max(Delivery.id))) or 0
    assert remind_due() >= 1
    rows = db.session.scalars(sa.select(Delivery).where(Delivery.id > before)).all()
    assert {row.user_id for row in rows} >= {world.ids["applicant"], world.ids["delegate"]}
    assert any("조건을 이행할 기한이 지났습니다." in row.body for row in rows)
    evidence_condition(world.viewer("applicant"), case.number, in_force(case)[1].id, "둘째")
    assert fresh(world, case).due_on < clock.today()


def test_the_holder_is_reminded_thirty_and_seven_days_ahead_once_a_day(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    for days, expected in ((31, 0), (30, 1), (29, 0), (7, 1), (8, 0)):
        with unit_of_work():
            where = (CaseClock.case_id == case.id, CaseClock.key == "condition")
            day = clock.today() + timedelta(days=days)
            db.session.execute(sa.update(CaseClock).where(*where).values(due_on=day, reminded_on=None))
        last = db.session.scalar(sa.select(sa.func.max(Delivery.id))) or 0
        for _ in range(2):
            remind_due()
        mine = (Delivery.id > last, Delivery.user_id == world.ids["applicant"], Delivery.channel == "inbox")
        rows = db.session.scalars(sa.select(Delivery).where(*mine)).all()
        assert len(rows) == 2 * expected, days
        assert all("안내: 조건 이행" in row.subject and f"{days}일" in row.body for row in rows)


def test_no_case_is_closed_over_an_open_condition(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one, other = (row.id for row in in_force(case))
    officer = world.viewer("officer")
    with unit_of_work():
        day = clock.today() - timedelta(days=1)
        where = (CaseClock.case_id == case.id, CaseClock.key == "objection")
        db.session.execute(sa.update(CaseClock).where(*where).values(due_on=day, started_on=day))
    record_result(officer, case.number, "완료")
    assert refused(lambda: close_case(officer, case.number)) == "conditions_open"
    carry_condition(officer, case.number, one, "협약으로 이행을 관리합니다.")
    assert refused(lambda: close_case(officer, case.number)) == "conditions_open"
    evidence_condition(world.viewer("applicant"), case.number, other, "보고서")
    accept_condition(officer, case.number, other, "받음")
    assert close_case(officer, case.number).state == "CLOSED"
    assert not running(case) and list(breaks()) == []


def test_a_step_sent_twice_is_taken_once(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    one = in_force(case)[0].id
    for _ in range(2):
        evidence_condition(world.viewer("applicant"), case.number, one, "한 번", once="k" * 20)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ConditionStep)) == 1


def test_the_list_of_all_shows_what_is_due_first_and_only_decisions_in_effect(lite: Flask) -> None:
    world = World(lite)
    late, soon = approved(world, TWO), approved(world, TWO[:1])
    rejected(world)
    past(late)
    lines = overview(world.viewer("officer"))
    assert [line.number for line in lines] == [late.number, soon.number, late.number]
    assert lines[0].late and not lines[1].late
    assert [line.number for line in of_view(lines, "late")] == [late.number]
    assert len(of_view(lines, "open")) == 3 and of_view(lines, "evidenced") == []
    evidence_condition(world.viewer("applicant"), soon.number, in_force(soon)[0].id, "냄")
    lines = overview(world.viewer("officer"))
    assert [line.number for line in of_view(lines, "evidenced")] == [soon.number]
    assert overview(world.viewer("stranger")) == []


def test_the_database_refuses_to_change_a_step(app: Flask) -> None:
    world = World(app)
    case = approved(world, TWO)
    evidence_condition(world.viewer("applicant"), case.number, in_force(case)[0].id, "냄")
    for wrong in (sa.update(ConditionStep).values(text="다름"), sa.delete(ConditionStep), sa.delete(Condition)):
        with pytest.raises(sa.exc.DatabaseError), unit_of_work():
            db.session.execute(wrong)
