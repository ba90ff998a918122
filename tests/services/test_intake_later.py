"""After submission: supplements answered, revisions, withdrawal, and cases carried to the next cycle."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.db import unit_of_work
from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.models import Case, Delivery, Event, Supplement, SupplementItem
from app.queries.applications import my_cases
from app.queries.cases import case_for
from app.queries.cycles import next_cycle
from app.queries.differences import differences
from app.queries.proposal import draft_of, versions_of
from app.services.answer_supplement import answer_supplement
from app.services.ask_more_time import ask_more_time
from app.services.record import count
from app.services.request_supplement import request_supplement
from app.services.revise import revise
from app.services.roll_over import due_for_roll_over, roll_over
from app.services.save_section import save_section
from app.services.withdraw import withdraw
from tests.intake_steps import counters, ready_draft, recount
from tests.world import World
from workflows.engine import Refused
from workflows.form_schema import load_form

# Supplement, revision, withdrawal, carrying over ------------------------------------------------------------


def supplement_asked(world: World) -> Case:
    case = world.case_in("SCREENING")
    request_supplement(
        world.viewer("officer"), case.number, [("need", "수치를 적어 주십시오.")], clock.today() + timedelta(days=20)
    )
    return db.session.get_one(Case, case.id, populate_existing=True)


def test_only_the_sections_asked_for_can_be_changed(world: World) -> None:
    case = supplement_asked(world)
    with pytest.raises(NotAllowed) as refused:
        save_section(world.viewer("applicant"), case.number, "place", {}, 1)
    assert refused.value.reason.code == "section_not_asked_for"


def test_an_answered_supplement_makes_a_version_and_screening_goes_on(world: World) -> None:
    case = supplement_asked(world)
    typed = {**draft_of(case).typed["need"], "expected_change": "Fewer accidents: 40 a year instead of 90."}
    save_section(world.viewer("applicant"), case.number, "need", typed, 1)
    item = db.session.scalars(sa.select(SupplementItem)).one()
    for _ in range(2):
        answer_supplement(world.viewer("applicant"), case.number, {item.id: "적었습니다."}, case.seq, "once-1")
    case = db.session.get_one(Case, case.id, populate_existing=True)
    assert case.state == "SCREENING"
    first, second = versions_of(case)
    assert (second.number, second.reason) == (2, "supplement")
    assert first.answers["expected_change"] != second.answers["expected_change"]
    assert db.session.scalars(sa.select(Supplement.answered_at)).one() is not None


def test_an_item_without_an_answer_keeps_everything_as_it_was(world: World) -> None:
    case = supplement_asked(world)
    item = db.session.scalars(sa.select(SupplementItem)).one()
    with pytest.raises(Refused) as refused:
        answer_supplement(world.viewer("applicant"), case.number, {item.id: "  "}, case.seq, "once-1")
    assert refused.value.reason.code == "items_open"
    assert len(versions_of(case)) == 1


def test_more_time_is_given_twice_and_moves_the_date(world: World) -> None:
    case = supplement_asked(world)
    due = clock.today() + timedelta(days=20)
    for step in (1, 2):
        due += timedelta(days=7)
        ask_more_time(world.viewer("applicant"), case.number, "자료 확보", due, None, f"once-{step}")
        found = db.session.get_one(Case, case.id, populate_existing=True)
        assert (found.due_on, found.state) == (due, "SUPPLEMENT")
    with pytest.raises(Refused) as refused:
        ask_more_time(world.viewer("applicant"), case.number, "자료 확보", due + timedelta(days=7), None, "once-3")
    assert refused.value.reason.code == "no_extension_left"


def test_more_time_means_a_later_date(world: World) -> None:
    case = supplement_asked(world)
    with pytest.raises(Refused) as refused:
        ask_more_time(
            world.viewer("applicant"), case.number, "자료", clock.today() + timedelta(days=20), None, "once-1"
        )
    assert refused.value.reason.code == "date_too_near"


def test_a_revision_says_what_changed_word_by_word(world: World) -> None:
    case = world.case_in("CONSULTING")
    text = draft_of(case).typed["support"]["task_scope"]
    typed = {**draft_of(case).typed["support"], "task_scope": text.replace("words", "tram lines", 1)}
    save_section(world.viewer("applicant"), case.number, "support", typed, 1)
    revise(world.viewer("applicant"), case.number, "범위를 좁혔습니다.", case.seq, "once-1")
    found = db.session.get_one(Case, case.id, populate_existing=True)
    old, new = versions_of(found)
    changed = differences(load_form("kcity-planning", 1), old, new, "en")
    fields = {d.field.key: d.lines for s in changed for d in s.fields}
    assert ("gone", "words") in fields["task_scope"][0]
    assert ("new", "tram lines") in fields["task_scope"][0]
    assert found.state == "CONSULTING"


def test_a_revision_without_a_change_is_refused(world: World) -> None:
    case = world.case_in("CONSULTING")
    typed = {**draft_of(case).typed["support"], "task_scope": "Another scope of work."}
    save_section(world.viewer("applicant"), case.number, "support", typed, 1)
    revise(world.viewer("applicant"), case.number, "", None, "once-1")
    with pytest.raises(Refused) as refused:
        revise(world.viewer("applicant"), case.number, "", None, "once-2")
    assert refused.value.reason.code == "nothing_changed"


def test_a_draft_given_up_leaves_the_list_and_stays_nobody_elses(world: World) -> None:
    case = ready_draft(world)
    withdraw(world.viewer("applicant"), case.number, "", 0)
    assert my_cases(world.viewer("applicant")) == []
    assert db.session.get_one(Case, case.id, populate_existing=True).state == "WITHDRAWN"
    with pytest.raises(NotFound):
        case_for(world.viewer("officer"), case.number)
    officers = db.session.scalars(sa.select(Delivery).where(Delivery.user_id == world.ids["officer"])).all()
    assert officers == []
    assert counters() == recount()


def test_withdrawing_twice_is_withdrawing_once(world: World) -> None:
    case = world.case_in("SCREENING")
    for _ in range(2):
        withdraw(world.viewer("applicant"), case.number, "사정 변경", None)
    events = db.session.scalars(sa.select(Event.trigger).where(Event.case_id == case.id)).all()
    assert events.count("withdraw") == 1
    with pytest.raises(Refused):
        withdraw(world.viewer("delegate"), world.case_in("SCREENING").number, "", None)


def test_a_case_is_carried_after_the_cut_off_with_number_and_time(world: World) -> None:
    case = world.case_in("ELIGIBLE")
    number, received = case.number, case.received_at
    with pytest.raises(Refused) as refused:
        roll_over(world.viewer("officer"), number)
    assert refused.value.reason.code == "cut_off_ahead"
    with time_machine.travel("2027-02-01T00:00:00+00:00", tick=False):
        here = world.cycle()
        assert [c.number for c in due_for_roll_over(world.viewer("officer"), here)] == [number]
        roll_over(world.viewer("officer"), number)
    found = db.session.get_one(Case, case.id, populate_existing=True)
    following = next_cycle(world.cycle())
    assert following is not None
    assert (found.number, found.received_at, found.cycle_id) == (number, received, following.id)
    assert counters() == recount()
    body = db.session.scalars(
        sa.select(Delivery.body).where(Delivery.user_id == world.ids["applicant"], Delivery.channel == "mail")
    ).all()
    assert any("취하" in text for text in body)


def test_the_dates_of_the_cycle_are_days_in_seoul(world: World) -> None:
    assert world.cycle(year=2027).cut_off_on == date(2026, 12, 31)


def test_counting_a_draft_twice_would_show(world: World) -> None:
    case = ready_draft(world)
    with unit_of_work():
        count(case, None, "DRAFT")
    assert counters() != recount()
