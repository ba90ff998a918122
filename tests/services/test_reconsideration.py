"""What holds once an objection is upheld: one new hearing, a panel without the first, the first decision kept, money exact."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.audit.totals import breaks
from app.authz import standing_on
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.letter_kinds import DECISION, DECISION_ANEW, OBJECTION
from app.models import (
    Allocation,
    AllocationRelease,
    CaseClock,
    Cycle,
    Decision,
    Duty,
    Envelope,
    Event,
    Objection,
    Ranking,
    Resolution,
)
from app.money import held
from app.queries import letters
from app.queries.case_page import case_page
from app.queries.cases import case_for
from app.queries.evaluation import may_be_invited
from app.queries.objection_letter import next_routes
from app.queries.proposal import ranking_of
from app.services.close_case import close_case
from app.services.decide import approve, reject
from app.services.invite_evaluator import invite
from app.services.objections import answer_objection, extend_objection, file_objection
from app.services.reconsider import reconsider
from app.services.record_result import record_result
from app.services.reserve import reserve
from app.services.roll_over import roll_over
from app.services.withdraw import withdraw
from tests.afterwards_steps import (
    AMOUNT,
    SECOND,
    TWO,
    announced,
    approved,
    heard_anew,
    more_evaluators,
    ranked_anew,
    rejected,
    resolve,
    upheld,
)
from tests.committee_steps import PANEL, fresh
from tests.world import World
from workflows.engine import Refused


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def envelope(case) -> tuple[int, int]:
    found = db.session.get_one(Envelope, case.cycle_id, populate_existing=True)
    return found.committed_krw, found.awards


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def objection_over(case) -> None:
    with unit_of_work():
        day = clock.today() - timedelta(days=1)
        where = (CaseClock.case_id == case.id, CaseClock.key == "objection")
        db.session.execute(sa.update(CaseClock).where(*where).values(due_on=day, started_on=day))


def test_an_upheld_objection_leads_to_a_hearing_and_nothing_else_does(lite: Flask) -> None:
    world = World(lite)
    case = rejected(world)
    officer = world.viewer("officer")
    assert refused(lambda: reconsider(officer, case.number)) == "not_upheld"
    file_objection(world.viewer("applicant"), case.number, "다시 봐 주십시오.")
    assert refused(lambda: reconsider(officer, case.number)) == "not_upheld"
    answer_objection(officer, case.number, True, "타당합니다.")
    objection_over(case)
    assert refused(lambda: close_case(officer, case.number)) == "reconsideration_due"
    assert refused(lambda: reconsider(world.viewer("applicant"), case.number)) == "not_your_role"
    after = reconsider(officer, case.number)
    assert (after.state, after.hearing, after.announced_at) == ("CONSULTED", 2, None)
    keys = {c.key for c in db.session.scalars(sa.select(CaseClock)) if c.stopped_at is None}
    assert keys == {"form_panel", "progress_notice"}


def test_a_dismissed_objection_leads_to_no_hearing(lite: Flask) -> None:
    world = World(lite)
    case = rejected(world)
    file_objection(world.viewer("applicant"), case.number, "다시 봐 주십시오.")
    answer_objection(world.viewer("officer"), case.number, False, "이유 없습니다.")
    assert refused(lambda: reconsider(world.viewer("officer"), case.number)) == "not_upheld"


def test_nobody_of_the_first_panel_is_on_the_second(app: Flask) -> None:
    world = World(app)
    case = heard_anew(world, rejected(world))
    officer = world.viewer("officer")
    for name in PANEL:
        assert refused(lambda n=name: invite(officer, case.number, world.ids[n])) == "on_first_panel"
        with pytest.raises(NotFound):
            case_for(world.viewer(name), case.number)
    offered = {user_id for user_id, *_ in may_be_invited(case, "kcity")}
    assert offered == {world.ids["evaluator6"], world.ids["evaluator7"]}
    with pytest.raises(sa.exc.IntegrityError), unit_of_work():
        db.session.add(Duty(case_id=case.id, user_id=world.ids[PANEL[0]], invited_at=clock.now(), hearing=2))
    ranked_anew(world, case)
    by_hearing: dict[int, set[int]] = {1: set(), 2: set()}
    for duty in db.session.scalars(sa.select(Duty).where(Duty.case_id == case.id)):
        by_hearing[duty.hearing].add(duty.user_id)
    assert by_hearing[1] == {world.ids[name] for name in PANEL}
    assert by_hearing[2] == {world.ids[name] for name in SECOND}


def test_who_only_left_the_first_panel_is_off_the_second_too(lite: Flask) -> None:
    from app.services.excuse_evaluator import excuse
    from app.services.open_evaluation import open_evaluation
    from tests.committee_steps import form_panel, score_all

    world = World(lite)
    case = world.case_in("CONSULTED")
    form_panel(world, case, [*PANEL, "evaluator6"])
    excuse(world.viewer("officer"), case.number, world.ids["evaluator6"], "출장")
    open_evaluation(world.viewer("officer"), case.number)
    score_all(world, case)
    from app.services.close_evaluation import close_evaluation

    close_evaluation(world.viewer("officer"), case.number)
    resolve(world, case, "reject")
    reject(world.viewer("minister"), case.number, "낮음")
    case = heard_anew(world, announced(world, case))
    officer = world.viewer("officer")
    assert refused(lambda: invite(officer, case.number, world.ids["evaluator6"])) == "on_first_panel"
    invite(officer, case.number, world.ids["evaluator7"])
    with pytest.raises(Invalid):
        invite(officer, case.number, world.ids["evaluator7"])


def test_the_first_ranking_resolution_decision_and_letters_stay(lite: Flask) -> None:
    world = World(lite)
    case = rejected(world)
    first = ranking_of(case)
    case = heard_anew(world, case)
    assert ranking_of(case) is None and first is not None
    ranked_anew(world, case)
    second = ranking_of(fresh(world, case))
    assert second is not None and second.id != first.id and second.hearing == 2
    resolve(world, case, "approve")
    approve(world.viewer("minister"), case.number, AMOUNT, "재심의")
    case = announced(world, case)
    assert (case.outcome, case.awarded_krw) == ("approve", AMOUNT)
    assert (count(Ranking), count(Resolution), count(Decision)) == (2, 2, 2)
    decision = letters.decision_of(case)
    assert decision is not None and (decision.hearing, decision.outcome) == (2, "approve")
    kinds = [letter.kind for letter in letters.letters_of(case, standing_on(world.viewer("applicant"), case))]
    assert kinds == [DECISION, OBJECTION, DECISION_ANEW]
    content = letters.from_content(letters.letter_of(case).content)
    assert (
        "재심의" in content.subject.ko
        and "대신합니다" in content.decision.ko
        and "takes the place" in content.decision.en
    )
    assert len(content.appeals) == 2 and not any("이의신청" in one.route.ko for one in content.appeals)


def test_a_second_reconsideration_is_refused_and_so_is_a_second_objection(lite: Flask) -> None:
    world = World(lite)
    case = heard_anew(world, rejected(world))
    ranked_anew(world, case)
    resolve(world, case, "reject")
    reject(world.viewer("minister"), case.number, "같은 결론")
    case = announced(world, case)
    officer, signatory = world.viewer("officer"), world.viewer("applicant")
    assert refused(lambda: reconsider(officer, case.number)) == "already_reconsidered"
    assert refused(lambda: file_objection(signatory, case.number, "또")) == "already_reconsidered"
    running = sa.select(CaseClock).where(CaseClock.key == "objection", CaseClock.stopped_at.is_(None))
    assert db.session.scalars(running).all() == []
    assert close_case(officer, case.number).state == "CLOSED"


def test_what_was_reserved_is_kept_until_another_decision_takes_its_place(app: Flask) -> None:
    world = World(app)
    case = approved(world)
    assert envelope(case) == (AMOUNT, 1)
    case = heard_anew(world, case)
    assert envelope(case) == (AMOUNT, 1) and held(case) is not None and list(breaks()) == []
    ranked_anew(world, case)
    resolve(world, case, "approve", amount=450_000_000)
    approve(world.viewer("minister"), case.number, 450_000_000, "재심의")
    assert envelope(case) == (450_000_000, 1)
    assert (count(Allocation), count(AllocationRelease)) == (2, 1)
    release = db.session.scalars(sa.select(AllocationRelease)).one()
    assert release.amount_krw == AMOUNT
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "approve").order_by(Event.seq.desc())).first()
    assert event is not None and event.seals[f"allocation_release:{release.id}"] == release.seal()
    assert list(breaks()) == []


def test_a_repeated_approval_fits_where_the_envelope_holds_only_its_own_money(lite: Flask) -> None:
    world = World(lite)
    case = approved(world)
    with unit_of_work():
        db.session.execute(sa.update(Envelope).values(amount_krw=AMOUNT, planned_awards=1))
    case = heard_anew(world, case)
    ranked_anew(world, case)
    resolve(world, case, "approve")
    minister = world.viewer("minister")
    assert refused(lambda: approve(minister, case.number, AMOUNT + 1, "더")) == "over_envelope"
    approve(minister, case.number, AMOUNT, "그대로")
    assert envelope(case) == (AMOUNT, 1) and list(breaks()) == []


def test_a_rejection_a_reserve_listing_or_a_withdrawal_gives_the_money_back(lite: Flask) -> None:
    world = World(lite)
    minister = world.viewer("minister")
    for way in ("reject", "reserve", "withdraw"):
        case = heard_anew(world, approved(world, TWO))
        if way == "withdraw":
            withdraw(world.viewer("applicant"), case.number, "그만둡니다.", None)
        else:
            ranked_anew(world, case)
            resolve(world, case, way)
            if way == "reject":
                reject(minister, case.number, "다시 보니 낮음")
            else:
                reserve(minister, case.number, 1, "예산 없음")
        case = fresh(world, case)
        assert case.awarded_krw is None and held(case) is None, way
        assert envelope(case) == (0, 0) and list(breaks()) == [], way


def test_a_case_heard_anew_stays_in_its_cycle(lite: Flask) -> None:
    world = World(lite)
    case = heard_anew(world, rejected(world))
    with unit_of_work():
        db.session.execute(sa.update(Cycle).values(cut_off_on=clock.today() - timedelta(days=1)))
    assert refused(lambda: roll_over(world.viewer("officer"), case.number)) == "in_reconsideration"


def test_the_applicant_reads_his_first_letter_but_nothing_of_the_second_hearing(lite: Flask) -> None:
    world = World(lite)
    case = heard_anew(world, rejected(world))
    ranked_anew(world, case)
    resolve(world, case, "approve")
    approve(world.viewer("minister"), case.number, AMOUNT, "재심의 결과")
    case = fresh(world, case)
    applicant = world.viewer("applicant")
    page = case_page(applicant, case)
    assert not page.sees_outcome and page.shown_state == "RESOLVED"
    triggers = [m.event.trigger for m in page.moments]
    assert triggers.count("reject") == 1 and "approve" not in triggers and "score" not in triggers
    kinds = [letter.kind for letter in letters.letters_of(case, page.standing)]
    assert kinds == [DECISION, OBJECTION]
    announced(world, case)
    assert "approve" in [m.event.trigger for m in case_page(applicant, fresh(world, case)).moments]


def test_the_time_to_answer_is_extended_once_by_at_most_ten_days_from_its_end(lite: Flask) -> None:
    world = World(lite)
    case = rejected(world)
    officer = world.viewer("officer")
    assert refused(lambda: extend_objection(officer, case.number, 10, "x")) == "no_objection"
    file_objection(world.viewer("applicant"), case.number, "다시 봐 주십시오.")
    (running,) = db.session.scalars(sa.select(CaseClock).where(CaseClock.key == "objection_answer")).all()
    objection = db.session.scalars(sa.select(Objection)).one()
    due = objection.answer_due_on
    assert running.due_on == due >= clock.today() + timedelta(days=14) and fresh(world, case).due_on == due
    assert refused(lambda: extend_objection(officer, case.number, 11, "조사")) == "extension_too_long"
    assert refused(lambda: extend_objection(officer, case.number, 10, " ")) == "no_reason"
    extend_objection(officer, case.number, 10, "현장 조사가 필요합니다.")
    db.session.expire_all()
    objection = db.session.scalars(sa.select(Objection)).one()
    assert objection.answer_due_on >= due + timedelta(days=10) and objection.extension_reason
    assert fresh(world, case).due_on == objection.answer_due_on
    assert refused(lambda: extend_objection(officer, case.number, 1, "또")) == "already_extended"
    answer_objection(officer, case.number, False, "이유 없음")
    stopped = sa.select(CaseClock.stopped_at).where(CaseClock.key == "objection_answer")
    assert db.session.scalar(stopped) is not None


def test_what_has_run_out_is_not_extended(lite: Flask) -> None:
    world = World(lite)
    case = rejected(world)
    file_objection(world.viewer("applicant"), case.number, "다시 봐 주십시오.")
    with unit_of_work():
        db.session.execute(sa.update(Objection).values(answer_due_on=clock.today() - timedelta(days=1)))
    assert refused(lambda: extend_objection(world.viewer("officer"), case.number, 5, "늦음")) == "answer_overdue"


def test_the_answer_goes_out_as_a_sealed_letter_with_the_next_ways_in_both_languages(lite: Flask) -> None:
    world = World(lite)
    case = rejected(world)
    file_objection(world.viewer("applicant"), case.number, "합계가 틀렸습니다.")
    answer_objection(world.viewer("officer"), case.number, False, "다시 더해도 같습니다.")
    letter = letters.letter_of(fresh(world, case), OBJECTION)
    assert letter is not None and letter.served_at is not None
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "answer_objection")).one()
    assert event.seals[f"letter:{letter.id}"] == letter.seal()
    data = letters.from_content(letter.content)
    assert data.outcome == "dismissed" and "받아들이지 않습니다" in data.decision.ko and "dismissed" in data.decision.en
    assert [r.reason.ko for r in data.reasons] == ["합계가 틀렸습니다.", "다시 더해도 같습니다."]
    assert ["행정심판" in one.route.ko for one in data.appeals] == [True, False]
    from app.documents.letter import letter_pdf

    for lang in ("ko", "en"):
        assert letter_pdf(data, lang).startswith(b"%PDF-")
    other = upheld(world, rejected(world))
    told = letters.from_content(letters.letter_of(other, OBJECTION).content)
    assert told.outcome == "upheld" and told.appeals == () and "재심의" in told.decision.ko


def test_the_next_ways_count_from_the_answer_and_never_run_beyond_the_law() -> None:
    from datetime import date

    appeal, suit = next_routes(date(2027, 3, 2), date(2027, 1, 25))
    assert (appeal.until, suit.until) == (date(2027, 5, 31), date(2027, 5, 31))
    appeal, suit = next_routes(date(2027, 6, 30), date(2027, 1, 25))
    assert appeal.until == date(2027, 7, 26) and suit.until == date(2027, 9, 28)


def test_reasons_by_criterion_reach_the_letter_of_a_rejection_in_both_languages(lite: Flask) -> None:
    world = World(lite)
    case = rejected(world)
    data = letters.from_content(letters.letter_of(case).content)
    assert data.outcome == "rejected" and data.amount is None
    assert [r.reason.ko for r in data.reasons] == ["- 국가 계획", "- 재원 확보", "- 준비됨"]
    assert all("평균" in r.criterion.ko and "mean" in r.criterion.en and r.reason.en for r in data.reasons)
    assert "실현가능성이 낮음" in data.decision.ko and "실현가능성이 낮음" in data.decision.en


def test_the_purpose_of_a_condition_stands_in_the_letter(lite: Flask) -> None:
    world = World(lite)
    case = approved(world, TWO)
    data = letters.from_content(letters.letter_of(case).content)
    assert data.outcome == "approved_with_conditions"
    assert [c.article.ko for c in data.conditions] == ["제1호", "제2호"]
    assert "목적: 성과를 다른 도시와 나누기 위함" in data.conditions[0].text.ko


def test_a_result_of_the_first_hearing_does_not_close_the_second(lite: Flask) -> None:
    world = World(lite)
    case = approved(world)
    record_result(world.viewer("officer"), case.number, "첫 결과")
    case = heard_anew(world, case)
    ranked_anew(world, case)
    resolve(world, case, "approve")
    approve(world.viewer("minister"), case.number, AMOUNT, "그대로")
    case = announced(world, case)
    assert refused(lambda: close_case(world.viewer("officer"), case.number)) == "no_result"


def test_more_evaluators_are_named_once(lite: Flask) -> None:
    world = World(lite)
    for _ in range(2):
        more_evaluators(world)
    assert set(SECOND) <= set(world.ids)
