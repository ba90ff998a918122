"""What holds of a panel: invitations are answered, access follows the answer, pools and draws can be checked."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.authz import standing_on
from app.errors import Invalid, NotFound, Stale
from app.extensions import db
from app.models import Duty, EvaluatorProfile, Event, PanelDraw, PanelPool, ScoreSheet
from app.queries import evaluation, panel
from app.queries.duties import waiting_for
from app.services.answer_duty import accept, decline
from app.services.close_evaluation import close_evaluation
from app.services.declare_interest import declare
from app.services.form_panel import draw_panel, freeze_pool, invite_proposed
from app.services.invite_evaluator import invite
from app.services.open_evaluation import open_evaluation
from app.services.save_profile import Profile, save_profile
from app.services.submit_scores import submit_sheet
from tests.committee_steps import PANEL, SHEET, form_panel, fresh, in_evaluation, score_all
from tests.world import World, counted_statements
from workflows.engine import Refused


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def invited(world: World, name: str = "evaluator1"):
    case = world.case_in("CONSULTED")
    invite(world.viewer("officer"), case.number, world.ids[name])
    return case


def test_interests_are_declared_only_after_the_duty_is_accepted(lite: Flask) -> None:
    world = World(lite)
    case = invited(world)
    one = world.viewer("evaluator1")
    assert refused(lambda: declare(one, case.number, "evaluator", "none")) == "duty_not_accepted"
    assert not standing_on(one, fresh(world, case)).papers
    accept(one, case.number)
    declare(one, case.number, "evaluator", "none")
    assert standing_on(one, fresh(world, case)).papers
    assert refused(lambda: accept(one, case.number)) == "no_open_invitation"


def test_a_decliner_finds_nothing_of_the_case_and_counts_for_nothing(lite: Flask) -> None:
    world = World(lite)
    case = invited(world)
    one = world.viewer("evaluator1")
    assert refused(lambda: decline(one, case.number, "  ")) == "no_reason"
    decline(one, case.number, "일정이 겹칩니다.", "김대신(한빛연구원)")
    with pytest.raises(NotFound):
        fresh(world, case, "evaluator1")
    assert waiting_for(world.viewer("evaluator1")) == []
    (row,) = evaluation.panel_of(fresh(world, case))
    assert (row.answer, row.excuse, row.proposed) == ("declined", "일정이 겹칩니다.", "김대신(한빛연구원)")
    with pytest.raises(NotFound):
        accept(one, case.number)


def test_who_has_accepted_and_cleared_may_still_step_down_but_not_after_scoring(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    submit_sheet(world.viewer("evaluator1"), case.number, "evaluation", SHEET)
    assert refused(lambda: decline(world.viewer("evaluator1"), case.number, "바쁨")) == "has_scored"
    decline(world.viewer("evaluator2"), case.number, "바쁨")
    with pytest.raises(NotFound):
        submit_sheet(world.viewer("evaluator2"), case.number, "evaluation", SHEET)


def test_all_have_declined_is_not_all_have_scored(lite: Flask) -> None:
    """Duties are counted, not rows: an empty panel has no open duty and still cannot close."""
    world = World(lite)
    case = in_evaluation(world)
    for name in PANEL:
        decline(world.viewer(name), case.number, "일정")
    assert refused(lambda: close_evaluation(world.viewer("officer"), case.number)) == "panel_too_small"


def test_accepting_twice_with_one_form_is_one_event(lite: Flask) -> None:
    world = World(lite)
    case = invited(world)
    for _ in range(2):
        accept(world.viewer("evaluator1"), case.number, once="k" * 20)
    query = sa.select(sa.func.count()).select_from(Event).where(Event.trigger == "accept_duty")
    assert db.session.scalar(query) == 1


def test_answering_stays_within_twenty_statements(lite: Flask) -> None:
    world = World(lite)
    case = invited(world)
    one = world.viewer("evaluator1")
    with counted_statements() as seen:
        accept(one, case.number, once="k" * 20)
    assert len(seen) <= 20, len(seen)


# profiles and proposals -------------------------------------------------------------------------------------


def profile(world: World, name: str, **typed: object) -> None:
    values = {"expertise": ["transport"], "institution": f"{name} 연구원", "region": "capital", "yearly_cap": 5}
    found = panel.profile_of(world.ids[name])
    save_profile(world.viewer(name), world.ids[name], Profile(**(values | typed)), found.revision if found else 0)


def test_a_profile_is_kept_by_its_person_and_by_officers_only(lite: Flask) -> None:
    world = World(lite)
    profile(world, "evaluator1")
    typed = Profile(["water"], " 물  연구소 ", "honam", 3)
    save_profile(world.viewer("officer"), world.ids["evaluator1"], typed, 1)
    kept = panel.profile_of(world.ids["evaluator1"])
    assert kept is not None
    assert (kept.expertise, kept.institution, kept.revision) == (["water"], "물 연구소", 2)
    for name, whose in (("evaluator2", "evaluator1"), ("applicant", "applicant"), ("officer", "member01")):
        with pytest.raises(NotFound):
            save_profile(world.viewer(name), world.ids[whose], typed, 0)
    with pytest.raises(Stale):
        save_profile(world.viewer("evaluator1"), world.ids["evaluator1"], typed, 1)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Profile(["magic"], "", "", 1), "expertise"),
        (Profile([], "", "moon", 1), "region"),
        (Profile([], "a\tb\x00", "", 1), "institution"),
        (Profile([], "x" * 201, "", 1), "institution"),
        (Profile([], "", "", 101), "yearly_cap"),
        (Profile([], "", "", -1), "yearly_cap"),
    ],
)
def test_a_profile_that_makes_no_sense_names_its_field(lite: Flask, typed: Profile, field: str) -> None:
    world = World(lite)
    with pytest.raises(Invalid) as wrong:
        save_profile(world.viewer("evaluator1"), world.ids["evaluator1"], typed, 0)
    assert wrong.value.field == field
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EvaluatorProfile)) == 0


def test_a_proposal_knows_load_conflict_adviser_and_former_panel(lite: Flask) -> None:
    world = World(lite)
    for number in range(1, 8):
        profile(world, f"evaluator{number}")
    profile(world, "evaluator1", yearly_cap=1)
    other = world.case_in("CONSULTED")
    for name in ("evaluator1", "evaluator2"):
        invite(world.viewer("officer"), other.number, world.ids[name])
    decline(world.viewer("evaluator2"), other.number, "일정")
    case = world.case_in("CONSULTED")
    for name in ("evaluator3", "evaluator4"):
        invite(world.viewer("officer"), case.number, world.ids[name])
    accept(world.viewer("evaluator3"), case.number)
    declare(world.viewer("evaluator3"), case.number, "evaluator", "conflict", "자문")
    decline(world.viewer("evaluator4"), case.number, "일정")
    found = {p.id: p for p in panel.people_for(fresh(world, case))}
    ids = world.ids
    assert found[ids["evaluator1"]].load == 1
    assert found[ids["evaluator2"]].load == 0, "a declined duty is no load"
    why = {one.person.id: one.reason.code for one in panel.proposal_for(fresh(world, case), 5).proposal.left_out}
    assert why[ids["evaluator1"]] == "load_cap"
    assert why[ids["evaluator3"]] == "out_of_case", "who is out fills no seat of the panel either"
    assert why[ids["evaluator4"]] == "on_panel_before"
    chosen = {one.person.id for one in panel.proposal_for(fresh(world, case), 5).proposal.chosen}
    assert chosen == {ids[f"evaluator{n}"] for n in (2, 5, 6, 7)}


def test_those_ticked_are_invited_together_or_not_at_all(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    officer, ids = world.viewer("officer"), world.ids
    with pytest.raises(Invalid):
        invite_proposed(officer, case.number, [ids["evaluator1"], ids["member01"]])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Duty)) == 0
    invite_proposed(officer, case.number, [ids["evaluator1"], ids["evaluator2"]])
    assert {d.basis for d in db.session.scalars(sa.select(Duty))} == {"proposal"}


# draws ------------------------------------------------------------------------------------------------------


def pooled(world: World, seats: int = 5, on=None):
    case = world.case_in("CONSULTED")
    freeze_pool(world.viewer("officer"), case.number, seats, 1, "제1200회 로또 당첨번호", on or clock.today())
    return case


def test_a_draw_follows_its_frozen_pool_and_anyone_can_draw_it_again(app: Flask) -> None:
    world = World(app)
    case = pooled(world)
    draw_panel(world.viewer("officer"), case.number, " 3  11 19\n27 33 41 ")
    (page,) = panel.draws_of(fresh(world, case))
    assert page.holds
    assert page.draw is not None and page.draw.seed == "3 11 19 27 33 41"
    drawn = [ticket["id"] for ticket in page.draw.drawn if ticket["seat"]]
    assert len(drawn) == 5
    assert {d.user_id for d in db.session.scalars(sa.select(Duty))} == set(drawn)
    assert {d.basis for d in db.session.scalars(sa.select(Duty))} == {"draw"}
    assert len(page.draw.drawn) == 7


def test_a_pool_needs_a_source_before_its_seed_enough_people_and_a_day_to_come(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    officer, today = world.viewer("officer"), clock.today()
    assert refused(lambda: freeze_pool(officer, case.number, 5, 1, " ", today)) == "no_seed_source"
    assert refused(lambda: freeze_pool(officer, case.number, 8, 1, "로또", today)) == "pool_too_small"
    with pytest.raises(Invalid):
        freeze_pool(officer, case.number, 5, 1, "로또", today - timedelta(days=1))
    assert refused(lambda: draw_panel(officer, case.number, "1")) == "no_pool"
    freeze_pool(officer, case.number, 5, 1, "로또", today + timedelta(days=1))
    assert refused(lambda: draw_panel(officer, case.number, "1")) == "seed_day_not_come"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PanelDraw)) == 0


def test_a_pool_is_drawn_from_once(lite: Flask) -> None:
    world = World(lite)
    case = pooled(world)
    officer = world.viewer("officer")
    assert refused(lambda: draw_panel(officer, case.number, " \n")) == "no_seed"
    draw_panel(officer, case.number, "1")
    assert refused(lambda: draw_panel(officer, case.number, "2")) == "no_pool"


def test_pools_and_draws_are_append_only_and_vouched_for(app: Flask) -> None:
    world = World(app)
    case = pooled(world)
    draw_panel(world.viewer("officer"), case.number, "1")
    seals = {
        key.split(":")[0]
        for event in db.session.scalars(sa.select(Event).where(Event.case_id == case.id))
        for key in event.seals
    }
    assert {"panel_pool", "panel_draw"} <= seals
    for model in (PanelPool, PanelDraw):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            db.session.execute(sa.delete(model))
        db.session.rollback()


def test_a_sheet_of_who_is_excused_or_out_never_counts(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    form_panel(world, case, [*PANEL, "evaluator6", "evaluator7"])
    open_evaluation(world.viewer("officer"), case.number)
    score_all(world, case)
    for name in ("evaluator6", "evaluator7"):
        submit_sheet(world.viewer(name), case.number, "evaluation", {**SHEET, "importance": ("0", "낮음")})
    from app.services.excuse_evaluator import excuse

    excuse(world.viewer("officer"), case.number, world.ids["evaluator6"], "연락 두절")
    declare(world.viewer("evaluator7"), case.number, "evaluator", "conflict", "뒤늦게 알게 됨")
    counted = {sheet.user_id for sheet in evaluation.counted_sheets(fresh(world, case))}
    assert counted == {world.ids[name] for name in PANEL}
    excuse(world.viewer("officer"), case.number, world.ids["evaluator7"], "이해충돌")
    close_evaluation(world.viewer("officer"), case.number)
    lines = evaluation.ranked_sheets(fresh(world, case))
    assert {sheet.user_id for sheet in lines} == counted
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ScoreSheet)) == 7
