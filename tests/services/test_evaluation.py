"""What holds of evaluation: who may score, what is sealed, what is frozen, and how the sum is made."""

from fractions import Fraction

import pytest
import sqlalchemy as sa
from flask import Flask

from app.authz import standing_on
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Consulting, Cycle, Duty, Event, Ranking, ScoreSheet
from app.queries import evaluation, rounds
from app.services.answer_duty import accept
from app.services.close_evaluation import close_evaluation
from app.services.declare_interest import declare
from app.services.excuse_evaluator import excuse
from app.services.invite_evaluator import invite
from app.services.open_evaluation import open_evaluation
from app.services.submit_scores import exact_score, submit_sheet
from tests.committee_steps import PANEL, SHEET, form_panel, fresh, in_evaluation, ranked, score_all
from tests.world import World, counted_statements
from workflows.engine import Refused


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def test_the_adviser_of_a_case_never_evaluates_it(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    with unit_of_work():
        db.session.add(Consulting(case_id=case.id, consultant_id=world.ids["evaluator1"]))
    officer = world.viewer("officer")
    assert refused(lambda: invite(officer, case.number, world.ids["evaluator1"])) == "is_the_adviser"


def test_only_a_holder_of_the_role_is_invited_and_only_once(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    officer = world.viewer("officer")
    with pytest.raises(Invalid):
        invite(officer, case.number, world.ids["member05"])
    invite(officer, case.number, world.ids["evaluator1"])
    with pytest.raises(Invalid):
        invite(officer, case.number, world.ids["evaluator1"])


def test_the_file_is_shut_until_declared_and_closed_by_a_conflict(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    for name in ("evaluator1", "evaluator2"):
        invite(world.viewer("officer"), case.number, world.ids[name])
        accept(world.viewer(name), case.number)
    before = standing_on(world.viewer("evaluator1"), case)
    assert before.undeclared == "evaluator" and not before.papers
    declare(world.viewer("evaluator1"), case.number, "evaluator", "none")
    assert standing_on(world.viewer("evaluator1"), case).papers
    declare(world.viewer("evaluator2"), case.number, "evaluator", "conflict", "신청기관을 자문하였습니다.")
    with pytest.raises(NotFound):
        fresh(world, case, "evaluator2")


def test_a_conflict_without_its_ground_is_no_declaration(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    invite(world.viewer("officer"), case.number, world.ids["evaluator1"])
    with pytest.raises(Invalid):
        declare(world.viewer("evaluator1"), case.number, "evaluator", "conflict", "  ")


def test_a_round_opens_only_with_five_who_have_no_conflict(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    form_panel(world, case, PANEL[:4])
    invite(world.viewer("officer"), case.number, world.ids["evaluator5"])
    officer = world.viewer("officer")
    assert refused(lambda: open_evaluation(officer, case.number)) == "panel_too_small"
    accept(world.viewer("evaluator5"), case.number)
    declare(world.viewer("evaluator5"), case.number, "evaluator", "none")
    assert open_evaluation(officer, case.number).state == "EVALUATING"


def test_criteria_rule_and_version_are_frozen_when_the_round_opens(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    with unit_of_work():
        cycle = db.session.get_one(Cycle, case.cycle_id)
        settings = {**cycle.settings, "criteria": [{**cycle.settings["criteria"][0], "max": 1}]}
        cycle.settings, cycle.revision = settings, cycle.revision + 1
    round_ = evaluation.round_of(fresh(world, case))
    assert [c["max"] for c in round_.criteria] == [30, 30, 40]
    assert round_.version_number == 1 and round_.cycle_revision == 1


@pytest.mark.parametrize(
    ("typed", "top", "kept"),
    [("0", 30, "0"), ("24.5", 30, "24.5"), ("30", 30, "30"), ("", 30, None), (" 7.25 ", 30, "7.25")],
)
def test_zero_is_a_score_and_blank_is_none(typed: str, top: int, kept: str | None) -> None:
    assert exact_score(typed, top) == kept


@pytest.mark.parametrize("typed", ["-1", "30.01", "31", "1e1", "NaN", "0x1", "1.234", "١", "1.2.3", "+5", "1,5", "."])
def test_what_is_no_score_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        exact_score(typed, 30)


def test_every_criterion_needs_a_score_and_a_reason(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    one = world.viewer("evaluator1")
    no_reason = {**SHEET, "viability": ("20", " ")}
    no_score = {**SHEET, "viability": ("", "이유")}
    for sheet in (no_reason, no_score, {}):
        assert refused(lambda s=sheet: submit_sheet(one, case.number, "evaluation", s)) == "reasons_missing"
    zero = {**SHEET, "viability": ("0", "재원이 없음")}
    submit_sheet(one, case.number, "evaluation", zero)
    sheet = db.session.scalars(sa.select(ScoreSheet)).one()
    assert sheet.scores["viability"]["score"] == "0"


def test_a_score_over_the_maximum_names_its_field(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    with pytest.raises(Invalid) as wrong:
        submit_sheet(world.viewer("evaluator1"), case.number, "evaluation", {**SHEET, "importance": ("31", "x")})
    assert wrong.value.field == "importance-score"


def test_a_sheet_is_never_changed_a_new_one_stands_beside_it(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    one = world.viewer("evaluator1")
    submit_sheet(one, case.number, "evaluation", SHEET)
    submit_sheet(one, case.number, "evaluation", {**SHEET, "importance": ("30", "다시 봄")})
    sheets = db.session.scalars(sa.select(ScoreSheet).order_by(ScoreSheet.number)).all()
    assert [(s.number, s.scores["importance"]["score"]) for s in sheets] == [(1, "24"), (2, "30")]
    assert [s.id for s in evaluation.counted_sheets(case)] == [sheets[1].id]


def test_a_sheet_sent_twice_is_one_sheet(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    for _ in range(2):
        submit_sheet(world.viewer("evaluator1"), case.number, "evaluation", SHEET, once="k" * 20)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ScoreSheet)) == 1


def test_the_database_itself_refuses_to_change_or_delete_a_sheet(app: Flask) -> None:
    world = World(app)
    case = in_evaluation(world)
    submit_sheet(world.viewer("evaluator1"), case.number, "evaluation", SHEET)
    for statement in (sa.update(ScoreSheet).values(stage="x"), sa.delete(ScoreSheet)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), unit_of_work():
            db.session.execute(statement)


def test_nobody_reads_scores_before_the_close_not_even_the_auditor(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    score_all(world, case)
    everybody = ["officer", "clerk", "minister", "auditor", "applicant", *PANEL]
    open_case = fresh(world, case)
    for name in everybody:
        who = world.viewer(name)
        assert not evaluation.may_read_scores(who, open_case, standing_on(who, open_case)), name
    close_evaluation(world.viewer("officer"), case.number)
    closed = fresh(world, case)
    readers = {
        n
        for n in everybody
        if evaluation.may_read_scores(world.viewer(n), closed, standing_on(world.viewer(n), closed))
    }
    assert readers == {"officer", "clerk", "minister", "auditor", *PANEL}


def test_closing_waits_for_every_duty_or_its_excuse(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    officer = world.viewer("officer")
    for name in PANEL[:4]:
        submit_sheet(world.viewer(name), case.number, "evaluation", SHEET)
    assert refused(lambda: close_evaluation(officer, case.number)) == "duties_open"
    assert refused(lambda: excuse(officer, case.number, world.ids["evaluator5"], " ")) == "no_reason"
    excuse(officer, case.number, world.ids["evaluator5"], "일정 불가", world.ids["evaluator6"])
    assert refused(lambda: close_evaluation(officer, case.number)) in ("panel_too_small", "duties_open")
    accept(world.viewer("evaluator6"), case.number)
    declare(world.viewer("evaluator6"), case.number, "evaluator", "none")
    submit_sheet(world.viewer("evaluator6"), case.number, "evaluation", SHEET)
    assert close_evaluation(officer, case.number).state == "RANKED"
    duty = db.session.scalars(sa.select(Duty).where(Duty.user_id == world.ids["evaluator5"])).one()
    assert duty.excuse == "일정 불가"


def test_the_sum_is_exact_and_drops_one_high_and_one_low(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    totals = ("30", "10", "20.33", "20.33", "20.35")
    for name, score in zip(PANEL, totals, strict=True):
        submit_sheet(world.viewer(name), case.number, "evaluation", {**SHEET, "importance": (score, "근거")})
    close_evaluation(world.viewer("officer"), case.number)
    row = db.session.scalars(sa.select(Ranking)).one()
    rest = Fraction("21.5") + 33
    exact = (2 * Fraction("20.33") + Fraction("20.35")) / 3 + rest
    assert Fraction(row.result["exact"]["evaluation"]) == exact
    assert row.total == "74.8367" and not row.below_cutoff
    assert [entry["sha256"] for entry in row.sheets] == [
        s.seal() for s in db.session.scalars(sa.select(ScoreSheet).order_by(ScoreSheet.user_id))
    ]


def test_equal_to_the_cutoff_passes_and_a_hundredth_below_does_not(lite: Flask) -> None:
    world = World(lite)
    for feasibility, below in (("20", False), ("19.99", True)):
        case = in_evaluation(world)
        score_all(world, case, {**SHEET, "importance": ("28.5", "x"), "feasibility": (feasibility, "x")})
        close_evaluation(world.viewer("officer"), case.number)
        row = db.session.scalars(sa.select(Ranking).where(Ranking.case_id == case.id)).one()
        assert row.below_cutoff is below


def test_a_round_ranks_its_closed_cases_and_shows_ties(lite: Flask) -> None:
    world = World(lite)
    first, second = ranked(world), ranked(world)
    third = in_evaluation(world)
    score_all(world, third, {**SHEET, "importance": ("29", "x")})
    close_evaluation(world.viewer("officer"), third.number)
    page = rounds.ranking_of_round(world.cycle())
    assert page.found is not None
    assert [(r.id, r.rank) for r in page.found.ranked] == [
        (third.number, 1),
        (first.number, 2),
        (second.number, 2),
    ]
    assert page.found.ties == ((first.number, second.number),)


def test_a_demonstration_is_scored_in_two_stages_with_its_bonus(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("ELIGIBLE", "kcity-demonstration")
    form_panel(world, case)
    open_evaluation(world.viewer("officer"), case.number)
    sheet = {"conditions": ("40", "x"), "export_potential": ("41", "y")}
    score_all(world, case, sheet, "written")
    assert refused(lambda: close_evaluation(world.viewer("officer"), case.number)) == "duties_open"
    score_all(world, case, sheet, "presentation")
    close_evaluation(world.viewer("officer"), case.number)
    row = db.session.scalars(sa.select(Ranking)).one()
    assert row.total == "162.0000" and row.result["given"] == {"bonus": "0"}


def test_reasons_reach_readers_without_names_and_in_no_order_of_persons(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    for name, reason in zip(PANEL, "마 라 다 나 가".split(), strict=True):
        submit_sheet(world.viewer(name), case.number, "evaluation", {**SHEET, "importance": ("24", reason)})
    close_evaluation(world.viewer("officer"), case.number)
    result = evaluation.results_of(fresh(world, case))[0]
    assert result.reasons == ("가", "나", "다", "라", "마") and result.mean == 24


def test_scoring_stays_within_twenty_statements(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    one = world.viewer("evaluator1")
    with counted_statements() as seen:
        submit_sheet(one, case.number, "evaluation", SHEET, once="k" * 20)
    assert len(seen) <= 20, len(seen)


def test_the_event_of_a_sheet_tells_no_score(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    submit_sheet(world.viewer("evaluator1"), case.number, "evaluation", {**SHEET, "importance": ("17.77", "카나리아")})
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "score")).one()
    written = f"{event.data} {event.facts}"
    assert "17.77" not in written and "카나리아" not in written
    assert any(key.startswith("score_sheet:") for key in event.seals)
