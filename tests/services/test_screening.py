"""What holds while a proposal is screened: who may act, what a supplement does to the clocks, how it is returned."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.db import unit_of_work
from app.errors import Invalid, NotFound, Stale
from app.extensions import db
from app.models import Case, CaseClock, ChecklistAnswer, Delivery, Event, Membership, Supplement, SupplementItem
from app.queries import screening
from app.services.answer_supplement import answer_supplement
from app.services.assign_officer import assign_many, assign_officer
from app.services.begin_screening import begin_screening
from app.services.check_eligibility import check_eligibility
from app.services.demand_again import demand_again
from app.services.find_eligible import find_eligible
from app.services.request_supplement import request_supplement
from app.services.return_case import return_ineligible, return_unanswered
from tests.world import World
from workflows.engine import Refused
from workflows.form_schema import load_form

MONDAY = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
ITEMS = [("project", "사업 요약에 기간이 없습니다.")]


def state_of(number: str) -> str:
    db.session.rollback()
    return db.session.scalars(sa.select(Case.state).where(Case.number == number)).one()


def clock_of(case: Case, key: str) -> CaseClock:
    db.session.rollback()
    query = sa.select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.key == key)
    return db.session.scalars(query.order_by(CaseClock.id.desc())).first()  # type: ignore[return-value]


def screened(world: World) -> tuple[Case, str]:
    """A case whose screening was begun by the real act, so that its clock runs."""
    case = world.case_in("RECEIVED")
    number = case.number
    begin_screening(world.viewer("officer"), number)
    return case, number


def every_line(met: bool = True) -> dict[str, tuple[bool, str]]:
    return {line.key: (met, "공문에서 확인") for line in load_form("kcity-planning", 1).screening}


def test_screening_begins_only_once_an_officer_answers_for_the_case(world: World) -> None:
    number = world.case_in("RECEIVED").number
    with unit_of_work():
        db.session.execute(sa.update(Case).values(assignee_id=None))
    with pytest.raises(Refused) as no:
        begin_screening(world.viewer("officer"), number)
    assert no.value.reason.code == "no_officer"
    assign_officer(world.viewer("officer"), number, world.ids["officer2"])
    begin_screening(world.viewer("officer"), number)
    assert state_of(number) == "SCREENING"


@pytest.mark.parametrize("name", ["applicant", "clerk", "auditor"])
def test_only_an_officer_begins_screening(lite_world: World, name: str) -> None:
    number = lite_world.case_in("RECEIVED").number
    with pytest.raises(Refused) as no:
        begin_screening(lite_world.viewer(name), number)
    assert no.value.reason.code == "not_your_role"


@pytest.mark.parametrize("name", ["stranger", "consultant", "embassy", "evaluator1"])
def test_a_stranger_to_the_case_does_not_learn_that_it_exists(lite_world: World, name: str) -> None:
    number = lite_world.case_in("RECEIVED").number
    with pytest.raises(NotFound):
        begin_screening(lite_world.viewer(name), number)


def test_nobody_of_the_applicant_answers_for_its_case(lite_world: World) -> None:
    number = lite_world.case_in("RECEIVED").number
    with unit_of_work():
        own = Membership(
            user_id=lite_world.ids["officer2"], organisation_id=lite_world.orgs["hanoi"], role="delegate",
            since=clock.now(),
        )  # fmt: skip
        db.session.add(own)
    with pytest.raises(Refused) as no:
        assign_officer(lite_world.viewer("officer"), number, lite_world.ids["officer2"])
    assert no.value.reason.code == "own_organisation"
    assert lite_world.ids["officer2"] not in [
        i for i, _ in screening.officers(db.session.scalars(sa.select(Case)).one())
    ]


def test_only_officers_are_assigned(lite_world: World) -> None:
    number = lite_world.case_in("RECEIVED").number
    with pytest.raises(Invalid):
        assign_officer(lite_world.viewer("officer"), number, lite_world.ids["clerk"])


def test_several_cases_are_assigned_at_once_and_those_that_cannot_say_why(world: World) -> None:
    good, ended = world.case_in("SCREENING").number, world.case_in("CLOSED").number
    done, refused = assign_many(world.viewer("officer"), [good, ended, "KCN-2027-9999"], world.ids["officer2"])
    assert done == [good]
    assert [number for number, _ in refused] == [ended, "KCN-2027-9999"]
    assert all(words.ko and words.en for _, words in refused)


def test_the_checklist_is_one_act_and_its_history_stays(world: World) -> None:
    _, number = screened(world)
    who = world.viewer("officer")
    check_eligibility(who, number, {"planning_scope": (False, "건축비가 들어 있음")})
    check_eligibility(who, number, {"planning_scope": (True, "건축비를 뺀 계획서 확인")})
    db.session.rollback()
    assert [a.evidence for a in db.session.scalars(sa.select(ChecklistAnswer))] == ["건축비를 뺀 계획서 확인"]
    told = db.session.scalars(sa.select(Event.data).where(Event.trigger == "check_eligibility").order_by(Event.seq))
    assert [e["lines"]["planning_scope"]["met"] for e in told] == [False, True]


def test_a_line_without_evidence_is_not_an_answer(lite_world: World) -> None:
    _, number = screened(lite_world)
    with pytest.raises(Invalid):
        check_eligibility(lite_world.viewer("officer"), number, {"planning_scope": (True, "  ")})
    with pytest.raises(Invalid):
        check_eligibility(lite_world.viewer("officer"), number, {"no_such_line": (True, "x")})


def test_eligible_needs_every_line_answered_and_met(lite_world: World) -> None:
    _, number = screened(lite_world)
    who = lite_world.viewer("officer")
    for answers, code in (
        ({"planning_scope": (True, "확인")}, "checklist_open"),
        ({**every_line(), "planning_scope": (False, "건축비")}, "checklist_failed"),
    ):
        check_eligibility(who, number, answers)
        with pytest.raises(Refused) as no:
            find_eligible(who, number)
        assert no.value.reason.code == code
    check_eligibility(who, number, every_line())
    find_eligible(who, number)
    assert state_of(number) == "ELIGIBLE"


def test_a_supplement_stops_the_clock_with_both_days_out(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False):
        case, number = screened(world)
        before = clock_of(case, "screening").due_on
    asked, answered = MONDAY + timedelta(days=2), MONDAY + timedelta(days=9)
    with time_machine.travel(asked, tick=False):
        promised = screening.screening_due_if(case, clock.day_of(answered))
        request_supplement(world.viewer("officer"), number, ITEMS, date(2026, 11, 20))
        assert clock_of(case, "screening").paused_on == date(2026, 11, 4)
        assert clock_of(case, "supplement").due_on == date(2026, 11, 20)
        db.session.rollback()
        row = db.session.scalars(sa.select(Case)).one()
        assert (row.state, row.turn, row.due_on) == ("SUPPLEMENT", "signatory", date(2026, 11, 20))
    with time_machine.travel(answered, tick=False):
        item = db.session.scalars(sa.select(SupplementItem.id)).one()
        answer_supplement(world.viewer("applicant"), number, {item: "기간을 적었습니다."}, None, "answered-once-1")
        after = clock_of(case, "screening").due_on
    # 4 to 11 November: the day sent and the day received are out, six of those eight days are working days
    working_days_later = sum((before + timedelta(days=i)).weekday() < 5 for i in range(1, (after - before).days + 1))
    assert after == promised
    assert working_days_later == 6


def test_a_supplement_names_what_why_and_a_reasonable_date(lite_world: World) -> None:
    _, number = screened(lite_world)
    who, later = lite_world.viewer("officer"), clock.today() + timedelta(days=14)
    for items, due, code in (([], later, "no_items"), (ITEMS, clock.today() + timedelta(days=2), "date_too_near")):
        with pytest.raises(Refused) as no:
            request_supplement(who, number, items, due)
        assert no.value.reason.code == code
    for items in ([("project", " ")], [("no_such_section", "사유")]):
        with pytest.raises(Invalid):
            request_supplement(who, number, items, later)
    assert state_of(number) == "SCREENING"


def test_the_second_demand_comes_after_the_first_date_and_only_once(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False):
        case, number = screened(world)
        request_supplement(world.viewer("officer"), number, ITEMS, date(2026, 11, 9))
        with pytest.raises(Refused) as early:
            demand_again(world.viewer("officer"), number, date(2026, 11, 12))
        assert early.value.reason.code == "not_overdue"
    with time_machine.travel(MONDAY + timedelta(days=8), tick=False):
        with pytest.raises(Refused) as far:
            demand_again(world.viewer("officer"), number, date(2026, 11, 21))
        assert far.value.reason.code == "date_out_of_range"
        demand_again(world.viewer("officer"), number, date(2026, 11, 20))
        assert clock_of(case, "supplement").due_on == date(2026, 11, 20)
        rows = db.session.execute(sa.select(Supplement.round, SupplementItem.reason).join_from(
            Supplement, SupplementItem, SupplementItem.supplement_id == Supplement.id
        ).order_by(Supplement.id)).all()  # fmt: skip
        assert [tuple(row) for row in rows] == [(1, ITEMS[0][1]), (2, ITEMS[0][1])]
    with time_machine.travel(MONDAY + timedelta(days=19), tick=False), pytest.raises(Refused) as again:
        demand_again(world.viewer("officer"), number, date(2026, 11, 25))
    assert again.value.reason.code == "already_second"


def test_silence_returns_nothing_until_both_dates_have_passed_and_an_officer_acts(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False):
        _, number = screened(world)
        request_supplement(world.viewer("officer"), number, ITEMS, date(2026, 11, 9))
    with time_machine.travel(MONDAY + timedelta(days=8), tick=False):
        with pytest.raises(Refused) as no:
            return_unanswered(world.viewer("officer"), number, "답변이 없습니다.")
        assert no.value.reason.code == "demands_running"
        demand_again(world.viewer("officer"), number, date(2026, 11, 13))
    with time_machine.travel(MONDAY + timedelta(days=40), tick=False):
        assert state_of(number) == "SUPPLEMENT"
        return_unanswered(world.viewer("officer"), number, "두 번의 요청에 답변이 없습니다.")
        assert state_of(number) == "RETURNED"


def test_a_return_names_a_ground_of_the_checklist_and_its_reasons_reach_the_applicant(world: World) -> None:
    case, number = screened(world)
    who = world.viewer("officer")
    with pytest.raises(Refused) as no:
        return_ineligible(who, number, "", "이유")
    assert no.value.reason.code == "no_ground"
    with pytest.raises(Invalid):
        return_ineligible(who, number, "not_a_ground", "이유")
    with pytest.raises(Refused):
        return_ineligible(who, number, "planning_scope", " ")
    return_ineligible(who, number, "planning_scope", "관제센터 건축비가 사업비의 절반입니다.")
    assert state_of(number) == "RETURNED"
    assert clock_of(case, "objection").stopped_at is None
    told = sa.select(Delivery.body).where(Delivery.user_id == world.ids["applicant"], Delivery.channel == "mail")
    assert any("관제센터 건축비" in body for body in db.session.scalars(told))


def test_an_officer_of_the_applicant_decides_nothing_on_its_case(lite_world: World) -> None:
    _, number = screened(lite_world)
    with unit_of_work():
        own = Membership(
            user_id=lite_world.ids["officer2"], organisation_id=lite_world.orgs["hanoi"], role="delegate",
            since=clock.now(),
        )  # fmt: skip
        db.session.add(own)
    who = lite_world.viewer("officer2")
    for do in (
        lambda: check_eligibility(who, number, every_line()),
        lambda: request_supplement(who, number, ITEMS, clock.today() + timedelta(days=14)),
        lambda: return_ineligible(who, number, "planning_scope", "이유"),
        lambda: find_eligible(who, number),
    ):
        with pytest.raises(Refused) as no:
            do()
        assert no.value.reason.code == "own_organisation"


def test_an_older_page_changes_nothing_and_a_repeated_form_is_one_act(world: World) -> None:
    _, number = screened(world)
    who = world.viewer("officer")
    with pytest.raises(Stale):
        check_eligibility(who, number, every_line(), revision=1)
    due = clock.today() + timedelta(days=14)
    for _ in range(2):
        request_supplement(who, number, ITEMS, due, revision=2, once="the-form-was-sent-twice")
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Supplement)) == 1
    with pytest.raises(Invalid):
        request_supplement(who, number, [("project", "다른 내용")], due, once="the-form-was-sent-twice")


def test_from_a_wrong_state_nothing_is_asked_for(lite_world: World) -> None:
    number = lite_world.case_in("EVALUATING").number
    with pytest.raises(Refused) as no:
        request_supplement(lite_world.viewer("officer"), number, ITEMS, clock.today() + timedelta(days=14))
    assert no.value.reason.code == "not_from_this_state"
