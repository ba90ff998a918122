"""What holds of pre-consulting: declared before opened, every item answered and judged, nothing by one person alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.authz import standing_on
from app.db import unit_of_work
from app.errors import Invalid, NotFound, Stale
from app.extensions import db
from app.models import Case, CaseClock, Consulting, Declaration, Delivery, Duty, Meeting, Membership
from app.models.consulting import Advice
from app.queries.cases import case_for
from app.services.answer_advice import answer_advice
from app.services.assign_consultant import assign_consultant
from app.services.begin_consulting import begin_consulting
from app.services.complete_consulting import complete_consulting
from app.services.declare_consulting import declare_consulting
from app.services.decline import confirm_decline, end_consulting, propose_decline
from app.services.extend_consulting import extend_consulting
from app.services.give_advice import give_advice
from app.services.judge_advice import judge_advice
from app.services.log_meeting import log_meeting
from app.services.write_feasibility import write_feasibility
from app.services.write_message import write_message
from tests.world import World
from workflows.engine import Refused


def eligible(world: World, declared: str = "none") -> str:
    """An eligible case whose consultant has declared."""
    number = world.case_in("ELIGIBLE").number
    assign_consultant(world.viewer("officer"), number, world.ids["consultant"])
    if declared:
        declare_consulting(
            world.viewer("consultant"), number, declared, "친족이 근무함" if declared == "conflict" else ""
        )
    return number


def begun(world: World) -> str:
    number = eligible(world)
    begin_consulting(world.viewer("officer"), number, "과업범위를 정한다.")
    return number


def advised(world: World, number: str) -> int:
    give_advice(world.viewer("consultant"), number, "project", "운영 조직을 적어 주십시오.")
    db.session.rollback()
    return db.session.scalars(sa.select(Advice.id).order_by(Advice.id.desc())).first() or 0


def state_of(number: str) -> str:
    db.session.rollback()
    return db.session.scalars(sa.select(Case.state).where(Case.number == number)).one()


def code(call: object) -> str:
    with pytest.raises(Refused) as no:
        call()  # type: ignore[operator]
    return no.value.reason.code


def test_consulting_runs_from_assignment_to_completion(world: World) -> None:
    number = begun(world)
    item = advised(world, number)
    consultant, applicant = world.viewer("consultant"), world.viewer("delegate")
    log_meeting(consultant, number, clock.today(), "온라인", "교통국", "범위를 논의함")
    assert code(lambda: complete_consulting(consultant, number)) == "advice_open"
    answer_advice(applicant, number, item, "교통국에 운영과를 둡니다.")
    judge_advice(consultant, number, item, False, "예산 근거가 없습니다.")
    assert code(lambda: complete_consulting(consultant, number)) == "no_feasibility"
    write_feasibility(consultant, number, "타당함", "")
    assert code(lambda: complete_consulting(consultant, number)) == "no_task_scope"
    write_feasibility(consultant, number, "타당함", "관제와 신호 제어")
    complete_consulting(consultant, number)
    assert state_of(number) == "CONSULTED"
    found = db.session.scalars(sa.select(Consulting)).one()
    assert found.started_at and found.ended_at
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 1


def test_the_file_is_shut_until_the_consultant_has_declared(world: World) -> None:
    number = eligible(world, declared="")
    who = world.viewer("consultant")
    standing = standing_on(who, case_for(who, number))
    assert (standing.papers, standing.undeclared) == (False, "consultant")
    assert code(lambda: begin_consulting(world.viewer("officer"), number, "목표")) == "consultant_undeclared"
    declare_consulting(who, number, "none", "")
    assert standing_on(who, case_for(who, number)).papers


def test_a_conflict_shuts_the_file_and_tells_the_officer(world: World) -> None:
    number = eligible(world, declared="conflict")
    who = world.viewer("consultant")
    with pytest.raises(NotFound):
        case_for(who, number)
    told = sa.select(Delivery.body).where(Delivery.user_id == world.ids["officer"], Delivery.channel == "inbox")
    assert any("이해충돌" in body for body in db.session.scalars(told))
    assert code(lambda: begin_consulting(world.viewer("officer"), number, "목표")) == "consultant_conflicted"
    assert code(lambda: assign_consultant(world.viewer("officer"), number, who.id)) == "has_conflict"


def test_a_conflict_names_its_ground_and_a_repeated_declaration_is_one(world: World) -> None:
    number = eligible(world, declared="")
    who = world.viewer("consultant")
    for answer, ground in (("", ""), ("perhaps", "x"), ("conflict", " ")):
        with pytest.raises(Invalid):
            declare_consulting(who, number, answer, ground)
    for _ in range(2):
        declare_consulting(who, number, "conflict", "친족이 근무함", once="declared-once-1")
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Declaration)) == 1


def test_who_belongs_to_the_applicant_or_scores_the_case_cannot_advise(lite_world: World) -> None:
    number = lite_world.case_in("ELIGIBLE").number
    officer, person = lite_world.viewer("officer"), lite_world.ids["consultant"]
    with unit_of_work():
        case_id = db.session.scalars(sa.select(Case.id)).one()
        db.session.add(Duty(case_id=case_id, user_id=person, invited_at=clock.now()))
    assert code(lambda: assign_consultant(officer, number, person)) == "is_evaluator"
    with unit_of_work():
        db.session.add(
            Membership(user_id=person, organisation_id=lite_world.orgs["hanoi"], role="delegate", since=clock.now())
        )
    assert code(lambda: assign_consultant(officer, number, person)) == "own_organisation"
    with pytest.raises(Invalid):
        assign_consultant(officer, number, lite_world.ids["evaluator1"])


def test_nothing_is_judged_without_an_answer_nor_twice(world: World) -> None:
    number = begun(world)
    item = advised(world, number)
    consultant, applicant = world.viewer("consultant"), world.viewer("applicant")
    assert code(lambda: judge_advice(consultant, number, item, True, "이유")) == "not_answered"
    answer_advice(applicant, number, item, "첫 답변")
    answer_advice(applicant, number, item, "고친 답변")
    with pytest.raises(Invalid):
        judge_advice(consultant, number, item, True, " ")
    judge_advice(consultant, number, item, True, "반영됨")
    assert code(lambda: judge_advice(consultant, number, item, False, "번복")) == "judged"
    assert code(lambda: answer_advice(applicant, number, item, "또 고침")) == "judged"
    assert code(lambda: complete_consulting(consultant, number)) == "no_feasibility"


def test_each_side_does_only_its_own(lite_world: World) -> None:
    number = begun(lite_world)
    item = advised(lite_world, number)
    assert code(lambda: give_advice(lite_world.viewer("applicant"), number, "", "자문")) == "not_your_role"
    assert code(lambda: answer_advice(lite_world.viewer("consultant"), number, item, "답")) == "not_your_role"
    assert code(lambda: judge_advice(lite_world.viewer("officer"), number, item, True, "이유")) == "not_your_role"
    assert code(lambda: complete_consulting(lite_world.viewer("officer"), number)) == "not_your_role"
    with pytest.raises(NotFound):
        answer_advice(lite_world.viewer("stranger"), number, item, "답")


def test_an_item_of_another_case_is_not_found(lite_world: World) -> None:
    item = advised(lite_world, begun(lite_world))
    second = lite_world.case_in("ELIGIBLE").number
    assign_consultant(lite_world.viewer("officer"), second, lite_world.ids["consultant"])
    declare_consulting(lite_world.viewer("consultant"), second, "none", "")
    begin_consulting(lite_world.viewer("officer"), second, "목표")
    with pytest.raises(NotFound):
        answer_advice(lite_world.viewer("applicant"), second, item, "답")


def test_a_meeting_is_logged_after_it_was_held(lite_world: World) -> None:
    number = begun(lite_world)
    with pytest.raises(Invalid):
        log_meeting(lite_world.viewer("officer"), number, clock.today() + timedelta(days=1), "온라인", "a", "b")


def test_more_time_needs_a_reason_consent_and_is_given_once(world: World) -> None:
    number = begun(world)
    officer = world.viewer("officer")
    running = db.session.scalars(sa.select(CaseClock).where(CaseClock.key == "consulting")).one()
    due, days = running.due_on, running.days
    later = due + timedelta(days=30)
    assert code(lambda: extend_consulting(officer, number, later, "", True)) == "no_reason"
    assert code(lambda: extend_consulting(officer, number, later, "자료 보완", False)) == "no_consent"
    for wrong in (due, due + timedelta(days=days + 1)):
        assert code(lambda when=wrong: extend_consulting(officer, number, when, "이유", True)) == "date_out_of_range"
    extend_consulting(officer, number, later, "자료 보완", True)
    db.session.rollback()
    case = db.session.scalars(sa.select(Case)).one()
    assert (case.due_on, case.turn) == (later, "consultant")
    assert (
        code(lambda: extend_consulting(officer, number, later + timedelta(days=5), "또", True)) == "no_extension_left"
    )


def test_a_decline_takes_two_officers_and_is_silent_until_confirmed(world: World) -> None:
    number = world.case_in("ELIGIBLE").number
    first, second = world.viewer("officer"), world.viewer("officer2")
    assert code(lambda: confirm_decline(second, number)) == "not_proposed"
    propose_decline(first, number, "수원국 예산이 없습니다.")
    mine = sa.select(Delivery.body).where(Delivery.user_id == world.ids["applicant"])
    assert not any("수원국" in body for body in db.session.scalars(mine))
    assert code(lambda: confirm_decline(first, number)) == "same_officer"
    assert code(lambda: propose_decline(second, number, "다시")) == "already_proposed"
    assert state_of(number) == "ELIGIBLE"
    confirm_decline(second, number)
    assert state_of(number) == "DECLINED"
    assert any("수원국" in body for body in db.session.scalars(mine))


def test_ending_a_consulting_needs_its_reason(world: World) -> None:
    number = begun(world)
    assert code(lambda: end_consulting(world.viewer("officer"), number, " ")) == "no_reason"
    end_consulting(world.viewer("officer"), number, "신청기관이 포기하였습니다.")
    assert state_of(number) == "DECLINED"


def test_an_older_page_overwrites_no_report(world: World) -> None:
    number = begun(world)
    case = db.session.scalars(sa.select(Case)).one()
    seen = case.seq
    write_feasibility(world.viewer("consultant"), number, "첫 글", "", revision=seen)
    with pytest.raises(Stale):
        write_feasibility(world.viewer("consultant"), number, "옛 화면의 글", "", revision=seen)
    db.session.rollback()
    assert db.session.scalars(sa.select(Consulting.feasibility)).one() == "첫 글"


def test_a_message_reaches_the_other_side_only_and_stays(world: World) -> None:
    number = world.case_in("SCREENING").number
    for _ in range(2):
        write_message(world.viewer("delegate"), number, "언제 결과가 나옵니까?", once="written-once-1")
    write_message(world.viewer("officer"), number, "다음 주에 알려 드립니다.")
    for name, text in (("officer", "언제"), ("applicant", "다음 주")):
        bodies = sa.select(Delivery.body).where(Delivery.user_id == world.ids[name], Delivery.channel == "inbox")
        assert sum(text in body for body in db.session.scalars(bodies)) == 1
    with pytest.raises(sa.exc.DBAPIError), unit_of_work():
        db.session.execute(sa.text("UPDATE message SET text = 'x'"))
    with pytest.raises(Invalid):
        write_message(world.viewer("officer"), number, "  ")
    assert code(lambda: write_message(world.viewer("clerk"), number, "간사의 글")) == "not_your_role"
