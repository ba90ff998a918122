"""What holds of a decision: the Minister's own record, the cap, the reserve list; and what may follow it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.authz import standing_on
from app.db import unit_of_work
from app.documents.letter import letter_pdf
from app.errors import Invalid, Stale
from app.extensions import db
from app.models import Allocation, CaseClock, Decision, Envelope, Event, Letter, Objection, Resolution
from app.queries.letters import appeals, from_content, letter_of, letters_of
from app.services.announce import announce_due
from app.services.close_case import close_case
from app.services.decide import approve, reject
from app.services.lapse import lapse
from app.services.objections import answer_objection, file_objection
from app.services.preview_letter import preview_letter
from app.services.receive_letter import receive_letter
from app.services.record_result import record_result
from app.services.reserve import reserve
from app.services.set_announcement import set_announcement
from tests.committee_steps import decided, fresh, resolved
from tests.world import World, counted_statements
from workflows.engine import Refused


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def resolution_for(world: World, case, outcome: str = "approve", amount: int | None = 480_000_000) -> None:
    """A resolution on record beside a case that was placed in RESOLVED."""
    from app.models import AgendaItem, Sitting

    with unit_of_work():
        sitting = db.session.scalar(sa.select(Sitting).limit(1))
        if sitting is None:
            sitting = Sitting(
                programme="kcity", number=1, starts_at=clock.now(), place="회의실",
                chair_id=world.ids["member01"], rule={}, seats=24,
            )  # fmt: skip
            db.session.add(sitting)
            db.session.flush()
        item = AgendaItem(sitting_id=sitting.id, case_id=case.id, position=case.id)
        db.session.add(item)
        db.session.flush()
        db.session.add(
            Resolution(
                case_id=case.id,
                item_id=item.id,
                round=1,
                outcome=outcome,
                amount_krw=amount,
                counts={},
                rule={},
                verdict={},
                text="",
                resolved_at=clock.now(),
            )
        )


def awaiting(world: World, outcome: str = "approve", amount: int | None = 480_000_000, **columns):
    """A case that waits for the Minister."""
    case = world.case_in("RESOLVED", **columns)
    resolution_for(world, case, outcome, amount)
    return case


def test_four_hundred_and_eighty_million_is_approved_under_a_cap_of_five_hundred(lite: Flask) -> None:
    world = World(lite)
    case = resolved(world)
    after = approve(world.viewer("minister"), case.number, 480_000_000)
    assert (after.state, after.outcome, after.awarded_krw) == ("DECIDED", "approve", 480_000_000)
    decision = db.session.scalars(sa.select(Decision)).one()
    assert decision.decided_by == world.ids["minister"] and not decision.departs
    envelope = db.session.get_one(Envelope, case.cycle_id, populate_existing=True)
    assert (envelope.committed_krw, envelope.awards) == (480_000_000, 1)


def test_one_won_over_the_cap_is_refused_and_the_reason_says_by_how_much(lite: Flask) -> None:
    world = World(lite)
    case = awaiting(world)
    with pytest.raises(Refused) as no:
        approve(world.viewer("minister"), case.number, 500_000_001, "필요함")
    assert no.value.reason.code == "over_cap"
    assert "1원" in no.value.reason.text.ko and "KRW 1 over" in no.value.reason.text.en
    assert approve(world.viewer("minister"), case.number, 500_000_000, "한도까지").awarded_krw == 500_000_000


def test_only_the_minister_decides(lite: Flask) -> None:
    world = World(lite)
    case = awaiting(world)
    for name in ("officer", "clerk"):
        assert refused(lambda n=name: approve(world.viewer(n), case.number, 1)) == "not_your_role"


def test_departing_from_the_resolution_needs_a_reason_and_is_marked(lite: Flask) -> None:
    world = World(lite)
    minister = world.viewer("minister")
    against = awaiting(world, "reject", None)
    assert refused(lambda: approve(minister, against.number, 100_000_000)) == "departure"
    approve(minister, against.number, 100_000_000, "국가 간 협력 사정")
    assert db.session.scalars(sa.select(Decision)).one().departs


def test_a_rejection_needs_its_reason_and_takes_no_money(lite: Flask) -> None:
    world = World(lite)
    case = awaiting(world, "reject", None)
    minister = world.viewer("minister")
    assert refused(lambda: reject(minister, case.number, " ")) == "no_reason"
    after = reject(minister, case.number, "실현가능성이 낮음")
    assert (after.outcome, after.awarded_krw) == ("reject", None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Allocation)) == 0


def test_what_the_envelope_does_not_hold_is_refused_and_leaves_nothing_behind(lite: Flask) -> None:
    world = World(lite)
    with unit_of_work():
        db.session.execute(sa.update(Envelope).values(amount_krw=480_000_000, planned_awards=None))
    first, second = awaiting(world), awaiting(world)
    minister = world.viewer("minister")
    approve(minister, first.number, 480_000_000)
    assert refused(lambda: approve(minister, second.number, 1)) == "over_envelope"
    assert fresh(world, second).state == "RESOLVED"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1


def test_no_more_awards_than_planned(lite: Flask) -> None:
    world = World(lite)
    with unit_of_work():
        db.session.execute(sa.update(Envelope).values(planned_awards=1))
    first, second = awaiting(world), awaiting(world)
    minister = world.viewer("minister")
    approve(minister, first.number, 480_000_000)
    assert refused(lambda: approve(minister, second.number, 480_000_000)) == "no_award_left"


def test_the_constraints_hold_where_the_application_would_be_wrong(app: Flask) -> None:
    world = World(app)
    case = awaiting(world)
    wrongs = (
        sa.update(Envelope).values(committed_krw=Envelope.amount_krw + 1),
        sa.update(Envelope).where(Envelope.planned_awards.is_not(None)).values(awards=Envelope.planned_awards + 1),
        sa.insert(Allocation).values(
            case_id=case.id, cycle_id=case.cycle_id, amount_krw=500_000_001, cap_krw=500_000_000,
            reserved_at=clock.now(),
        ),
    )  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(sa.exc.IntegrityError), unit_of_work():
            db.session.execute(wrong)


def test_a_stale_page_decides_nothing(lite: Flask) -> None:
    world = World(lite)
    case = awaiting(world)
    with pytest.raises(Stale):
        approve(world.viewer("minister"), case.number, 480_000_000, revision=0)
    assert fresh(world, case).state == "RESOLVED"


def test_a_decision_sent_twice_is_one(lite: Flask) -> None:
    world = World(lite)
    case = awaiting(world)
    for _ in range(2):
        approve(world.viewer("minister"), case.number, 480_000_000, revision=1, once="k" * 20)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Allocation)) == 1


def test_the_reserve_list_has_each_rank_once_and_moves_up_in_order(lite: Flask) -> None:
    world = World(lite)
    minister = world.viewer("minister")
    first, second = awaiting(world, "reserve", None), awaiting(world, "reserve", None)
    assert refused(lambda: reserve(minister, first.number, 1, "")) == "no_reason"
    with pytest.raises(Invalid):
        reserve(minister, first.number, 0, "예산 부족")
    reserve(minister, first.number, 1, "예산 부족")
    assert refused(lambda: reserve(minister, second.number, 1, "예산 부족")) == "rank_taken"
    reserve(minister, second.number, 2, "예산 부족")
    move_up = lambda case: approve(minister, case.number, 100_000_000, "차순위", from_reserve=True)  # noqa: E731
    assert refused(lambda: move_up(second)) == "not_next"
    assert move_up(first).state == "DECIDED"
    assert move_up(second).awarded_krw == 100_000_000


def test_a_reserve_listing_ends_with_its_reason(lite: Flask) -> None:
    world = World(lite)
    case = awaiting(world, "reserve", None)
    reserve(world.viewer("minister"), case.number, 1, "예산 부족")
    officer = world.viewer("officer")
    assert refused(lambda: lapse(officer, case.number, "")) == "no_reason"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
    assert lapse(officer, case.number, "회차 종료").state == "LAPSED"
    letter = letter_of(case)
    assert letter is not None and letter.kind == "lapse" and letter.served_at is not None
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "lapse")).one()
    assert event.seals[f"letter:{letter.id}"] == letter.seal()
    said = from_content(letter.content)
    assert "회차 종료" in said.decision.ko and "not selected" in said.decision.en
    assert [len(said.appeals), said.appeals[0].until] == [3, appeals(letter.issued_on)[0].until]
    assert "담당자에게" in said.appeals[0].where.ko
    applicant = world.viewer("applicant")
    assert letters_of(case, standing_on(applicant, case)) == [letter]
    assert not letters_of(case, standing_on(world.viewer("stranger"), case))
    assert all(letter_pdf(said, lang).startswith(b"%PDF") for lang in ("ko", "en"))
    receive_letter(applicant, case.number)
    assert letter.opened_at is not None


def test_deciding_stays_within_twenty_statements(lite: Flask) -> None:
    world = World(lite)
    case = awaiting(world)
    minister = world.viewer("minister")
    with counted_statements() as seen:
        approve(minister, case.number, 480_000_000, once="k" * 20)
    assert len(seen) <= 20, "\n".join(seen)


def announced(world: World):
    """An approved case whose letter has been served."""
    case = decided(world)
    set_announcement(world.viewer("officer"), case.cycle_id, clock.now() + timedelta(hours=1))
    preview_letter(world.viewer("officer"), case.number)
    with unit_of_work():
        fresh(world, case).announce_at = clock.now()
    assert announce_due(clock.now()) == [case.number]
    return case


def test_an_objection_is_filed_once_within_its_days_and_answered_with_reasons(lite: Flask) -> None:
    world = World(lite)
    case = announced(world)
    signatory, officer = world.viewer("applicant"), world.viewer("officer")
    assert refused(lambda: file_objection(signatory, case.number, " ")) == "no_reason"
    assert refused(lambda: file_objection(world.viewer("delegate"), case.number, "x")) == "not_your_role"
    file_objection(signatory, case.number, "조건이 과합니다.")
    row = db.session.scalars(sa.select(Objection)).one()
    assert row.answer_due_on >= clock.today() + timedelta(days=14)
    assert refused(lambda: close_case(officer, case.number)) == "objection_pending"
    with pytest.raises(Invalid):
        answer_objection(officer, case.number, None, "x")
    assert refused(lambda: answer_objection(officer, case.number, False, "")) == "no_reason"
    answer_objection(officer, case.number, False, "검토하였으나 이유가 없습니다.")
    assert fresh(world, case).outcome == "approve"
    assert refused(lambda: file_objection(signatory, case.number, "다시")) == "already_objected"


def test_a_case_closes_after_its_objection_period_and_with_its_result(lite: Flask) -> None:
    world = World(lite)
    case = announced(world)
    officer = world.viewer("officer")
    assert refused(lambda: close_case(officer, case.number)) == "objection_running"
    with unit_of_work():
        past = clock.today() - timedelta(days=1)
        where = (CaseClock.case_id == case.id, CaseClock.key == "objection")
        db.session.execute(sa.update(CaseClock).where(*where).values(due_on=past, started_on=past))
    assert refused(lambda: file_objection(world.viewer("applicant"), case.number, "늦음")) == "objection_closed"
    assert refused(lambda: close_case(officer, case.number)) == "no_result"
    assert refused(lambda: record_result(officer, case.number, "")) == "no_reason"
    record_result(officer, case.number, "기본구상 완료")
    assert close_case(officer, case.number).state == "CLOSED"
