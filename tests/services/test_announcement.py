"""What holds of letters and announcements: nothing before its time, all together, sealed, with every way to contest."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.authz import standing_on
from app.db import unit_of_work
from app.documents.letter import letter_pdf
from app.errors import NotFound
from app.extensions import db
from app.models import Case, CaseClock, Delivery, Event, Letter
from app.queries import letters
from app.services.announce import announce, announce_due, announce_round
from app.services.decide import approve
from app.services.preview_letter import preview_letter
from app.services.receive_letter import receive_letter
from app.services.set_announcement import set_announcement
from tests.committee_steps import decided, fresh, ranked, resolved
from tests.world import World
from workflows.engine import Refused


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def set_for(world: World, case: Case, minutes: int = 60) -> None:
    set_announcement(world.viewer("officer"), case.cycle_id, clock.now() + timedelta(minutes=minutes))


def its_time_has_come(world: World, *cases: Case) -> None:
    numbers = [case.number for case in cases]
    with unit_of_work():
        where = Case.number.in_(numbers)
        db.session.execute(sa.update(Case).where(where).values(announce_at=clock.now()))


def test_one_time_holds_for_every_decided_case_and_is_never_backdated(lite: Flask) -> None:
    world = World(lite)
    first, second = decided(world), decided(world)
    officer, later = world.viewer("officer"), clock.now() + timedelta(hours=3)
    past = clock.now() - timedelta(minutes=5)
    assert refused(lambda: set_announcement(officer, first.cycle_id, past)) == "in_the_past"
    with pytest.raises(NotFound):
        set_announcement(world.viewer("clerk"), first.cycle_id, later)
    assert set_announcement(officer, first.cycle_id, later) == [first.number, second.number]
    assert {fresh(world, c).announce_at for c in (first, second)} == {later}


def test_nothing_goes_out_before_its_time_or_unread(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    officer = world.viewer("officer")
    assert refused(lambda: announce(officer, case.number)) == "no_announcement"
    set_for(world, case)
    assert refused(lambda: announce(officer, case.number)) == "too_early"
    assert announce_due(clock.now()) == []
    its_time_has_come(world, case)
    assert refused(lambda: announce(officer, case.number)) == "letter_unread"
    assert announce_due(clock.now()) == []
    preview_letter(officer, case.number)
    assert announce_due(clock.now()) == [case.number]
    after = fresh(world, case)
    assert after.state == "ANNOUNCED" and after.announced_at is not None


def test_the_worker_announces_as_the_system_and_the_button_all_or_none(lite: Flask) -> None:
    world = World(lite)
    first, second = decided(world), decided(world)
    officer = world.viewer("officer")
    set_for(world, first)
    preview_letter(officer, first.number)
    its_time_has_come(world, first, second)
    assert refused(lambda: announce_round(officer, first.cycle_id)) == "letter_unread"
    assert {fresh(world, c).state for c in (first, second)} == {"DECIDED"}
    preview_letter(officer, second.number)
    assert announce_due(clock.now()) == [first.number, second.number]
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "announce").limit(1)).one()
    assert event.actor_id is None and event.roles == ["system"]


def test_the_letter_is_sealed_by_the_announcement_and_dated_that_day(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    set_for(world, case, minutes=60 * 24 * 10)
    preview_letter(world.viewer("officer"), case.number)
    drafted = db.session.scalars(sa.select(Letter)).one()
    assert drafted.content["dated"] == (clock.today() + timedelta(days=10)).isoformat()
    code = drafted.content["verification"]
    its_time_has_come(world, case)
    announce_due(clock.now())
    letter = db.session.scalars(sa.select(Letter).execution_options(populate_existing=True)).one()
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "announce")).one()
    assert event.seals[f"letter:{letter.id}"] == letter.seal()
    assert letter.issued_on == clock.today() and letter.content["verification"] == code
    assert letter.content["dated"] == clock.today().isoformat()


def test_the_letter_carries_reasons_amount_verdict_and_every_way_to_contest(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    preview_letter(world.viewer("officer"), case.number)
    data = letters.from_content(db.session.scalars(sa.select(Letter)).one().content)
    assert data.outcome == "approved" and data.amount is not None and data.amount.ko == "4억 8,000만 원"
    assert data.verdict is not None and "가결" in data.verdict.ko
    assert (
        len(data.reasons) == 3
        and "국가 계획" in data.reasons[0].reason.ko
        and "24 / 30" in data.reasons[0].criterion.ko
    )
    assert len(data.appeals) == 3 and data.officer.email == "officer@kcity.test"
    assert not any(f"evaluator{n}" in str(data.reasons) for n in range(1, 8))
    assert letters.from_content(letters.as_content(data)) == data
    for lang in ("ko", "en"):
        assert letter_pdf(data, lang).startswith(b"%PDF-")


def test_the_ways_to_contest_count_from_the_day_of_service() -> None:
    routes = letters.appeals(date(2027, 1, 25))
    assert [r.until for r in routes] == [date(2027, 2, 24), date(2027, 4, 26), date(2027, 4, 26)]
    assert all("일" in r.route.ko and "days" in r.route.en for r in routes)


def test_the_objection_period_starts_on_the_day_of_service_and_the_applicant_is_told(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    set_for(world, case)
    preview_letter(world.viewer("officer"), case.number)
    before = {d.id for d in db.session.scalars(sa.select(Delivery).where(Delivery.user_id == world.ids["applicant"]))}
    its_time_has_come(world, case)
    announce_due(clock.now())
    running = db.session.scalars(sa.select(CaseClock).where(CaseClock.key == "objection")).one()
    letter = db.session.scalars(sa.select(Letter)).one()
    assert running.started_on == clock.today()
    assert letter.content["appeals"][0]["until"] == running.due_on.isoformat()
    told = db.session.scalars(sa.select(Delivery).where(Delivery.user_id == world.ids["applicant"])).all()
    assert {d.channel for d in told if d.id not in before} == {"mail", "inbox"}


def test_the_applicant_reads_the_letter_only_once_announced_and_confirms_it_himself(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    set_for(world, case)
    preview_letter(world.viewer("officer"), case.number)
    applicant = world.viewer("applicant")
    assert letters.letters_of(fresh(world, case), standing_on(applicant, fresh(world, case))) == []
    with pytest.raises(NotFound):
        receive_letter(applicant, case.number)
    its_time_has_come(world, case)
    announce_due(clock.now())
    with pytest.raises(NotFound):
        receive_letter(world.viewer("officer"), case.number)
    receive_letter(applicant, case.number)
    letter = db.session.scalars(sa.select(Letter).execution_options(populate_existing=True)).one()
    assert letter.opened_at is not None


def test_the_verification_code_cannot_be_guessed(lite: Flask) -> None:
    from app import letter_code

    codes = {letter_code.draw() for _ in range(200)}
    assert len(codes) == 200 and all(len(code) == 23 for code in codes)


def test_number_and_code_of_a_letter_stay_when_it_is_drawn_up_again(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    for _ in range(2):
        preview_letter(world.viewer("officer"), case.number)
        letter = db.session.scalars(sa.select(Letter)).one()
        kept = (letter.number, letter.content["verification"])
        db.session.expire_all()
    letter = db.session.scalars(sa.select(Letter)).one()
    assert (letter.number, letter.content["verification"]) == kept
    assert letter.number.startswith("KCN-L-")


def test_before_it_is_served_the_letter_names_what_cannot_be_printed(lite: Flask) -> None:
    world = World(lite)
    case = resolved(world, ranked(world, title_ko="กรุงเทพ", title_en="กรุงเทพ"))
    approve(world.viewer("minister"), case.number, 480_000_000, "의결과 같음")
    officer = world.client("officer")
    assert "문자 번호로 나옵니다" in officer.get(f"/cases/{case.number}/letter").text
    plain = decided(world)
    assert "문자 번호로 나옵니다" not in officer.get(f"/cases/{plain.number}/letter").text
