"""After the lock: corrections beside the old, rankings beside the old, the panel's word, the round's ranking."""

from fractions import Fraction

import pytest
import sqlalchemy as sa
from flask import Flask

from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import ConsensusAnswer, ConsensusReport, DraftSheet, Event, Placing, Ranking, ScoreSheet
from app.queries import evaluation, rounds
from app.queries.proposal import ranking_of, rankings_of
from app.services.close_evaluation import close_evaluation, rank_again
from app.services.consensus import answer_consensus, name_rapporteur, write_consensus
from app.services.excuse_evaluator import excuse
from app.services.open_evaluation import open_evaluation
from app.services.rank_round import rank_round
from app.services.save_draft_sheet import save_draft_sheet
from app.services.submit_scores import correct_sheet, submit_sheet
from tests.committee_steps import PANEL, SHEET, form_panel, fresh, in_evaluation, ranked, score_all, tabled
from tests.world import World
from workflows.engine import Refused

REMARKS = {key: f"{key}에 대한 의견" for key in SHEET}


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


# abstention -------------------------------------------------------------------------------------------------


def with_abstention(world: World, extra: int = 6):
    """Seven on the panel; the last abstains from one criterion."""
    case = world.case_in("CONSULTED")
    people = [f"evaluator{n}" for n in range(1, extra + 1)]
    form_panel(world, case, people)
    open_evaluation(world.viewer("officer"), case.number)
    for name in people[:-1]:
        submit_sheet(world.viewer(name), case.number, "evaluation", SHEET)
    sheet = {**SHEET, "viability": ("", "재원은 제 분야가 아닙니다.", True), "importance": ("0", "근거 없음")}
    submit_sheet(world.viewer(people[-1]), case.number, "evaluation", sheet)
    return case


def test_zero_blank_and_abstained_are_three_things(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    one = world.viewer("evaluator1")
    for blank in (("", "이유"), ("", "", True), ("", " ", True)):
        sheet = {**SHEET, "viability": blank}
        assert refused(lambda s=sheet: submit_sheet(one, case.number, "evaluation", s)) == "reasons_missing"
    with pytest.raises(Invalid) as both:
        submit_sheet(one, case.number, "evaluation", {**SHEET, "viability": ("20", "이유", True)})
    assert both.value.field == "viability-score"
    submit_sheet(
        one, case.number, "evaluation", {**SHEET, "viability": ("", "분야 밖", True), "importance": ("0", "x")}
    )
    stored = db.session.scalars(sa.select(ScoreSheet)).one().scores
    assert stored["viability"] == {"score": None, "reason": "분야 밖", "abstain": True}
    assert stored["importance"] == {"score": "0", "reason": "x"}
    assert evaluation.total_of(stored) is None


def test_a_sheet_with_an_abstention_has_no_total_but_its_scores_count_per_criterion(lite: Flask) -> None:
    world = World(lite)
    case = with_abstention(world)
    close_evaluation(world.viewer("officer"), case.number)
    row = ranking_of(fresh(world, case))
    assert row is not None
    assert Fraction(row.result["exact"]["evaluation"]) == Fraction("78.5"), "five equal totals, the sixth is none"
    assert sorted(str(line["total"]) for line in row.sheets) == ["157/2"] * 5 + ["None"]
    results = {r.key: r for r in evaluation.results_of(fresh(world, case))}
    assert results["importance"].mean == Fraction(24 * 5 + 0, 6), "a zero is a score"
    assert results["viability"].mean == Fraction("21.5"), "an abstention is none"
    assert "재원은 제 분야가 아닙니다." not in results["viability"].reasons
    page = rounds.ranking_of_round(world.cycle())
    assert page.found is not None and page.found.ranked[0].total == Fraction("78.5")


def test_an_abstention_that_leaves_too_few_totals_stops_the_close(lite: Flask) -> None:
    world = World(lite)
    case = with_abstention(world, 5)
    assert refused(lambda: close_evaluation(world.viewer("officer"), case.number)) == "too_few_sheets"


# stages and drafts ------------------------------------------------------------------------------------------


def test_the_presentation_is_scored_after_the_papers(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("ELIGIBLE", "kcity-demonstration")
    form_panel(world, case)
    open_evaluation(world.viewer("officer"), case.number)
    sheet = {"conditions": ("40", "x"), "export_potential": ("41", "y")}
    one = world.viewer("evaluator1")
    assert refused(lambda: submit_sheet(one, case.number, "presentation", sheet)) == "earlier_stage_open"
    submit_sheet(one, case.number, "written", sheet)
    submit_sheet(one, case.number, "presentation", sheet)
    assert {s.stage for s in db.session.scalars(sa.select(ScoreSheet))} == {"written", "presentation"}


def test_a_draft_is_its_authors_alone_and_goes_with_the_sheet(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    typed = {"importance": {"score": "9x", "reason": "쓰는 중", "abstain": False}, "nothing": {"score": "1"}}
    save_draft_sheet(world.viewer("evaluator1"), case.number, "evaluation", typed)
    save_draft_sheet(world.viewer("evaluator1"), case.number, "evaluation", typed)
    assert evaluation.draft_sheet(world.viewer("evaluator1"), case, "evaluation") == {"importance": typed["importance"]}
    for name in ("evaluator2", "officer", "auditor", "clerk", "minister"):
        assert evaluation.draft_sheet(world.viewer(name), case, "evaluation") is None, name
    for name in ("officer", "auditor", "evaluator6", "applicant"):
        with pytest.raises(NotFound):
            save_draft_sheet(world.viewer(name), case.number, "evaluation", typed)
    assert "쓰는 중" not in "".join(str(e.data) + str(e.facts) for e in db.session.scalars(sa.select(Event)))
    submit_sheet(world.viewer("evaluator1"), case.number, "evaluation", SHEET)
    assert count(DraftSheet) == 0


def test_a_draft_counts_for_nothing_and_ends_with_the_close(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    score_all(world, case)
    save_draft_sheet(
        world.viewer("evaluator1"), case.number, "evaluation", {"importance": {"score": "1", "reason": ""}}
    )
    close_evaluation(world.viewer("officer"), case.number)
    assert count(DraftSheet) == 0
    row = ranking_of(fresh(world, case))
    assert row is not None and row.total == "78.5000"


# corrections ------------------------------------------------------------------------------------------------


def test_a_correction_stands_beside_the_old_and_leaves_the_frozen_ranking(lite: Flask) -> None:
    world = World(lite)
    case = ranked(world)
    one = world.viewer("evaluator1")
    better = {**SHEET, "importance": ("30", "자료를 다시 확인함")}
    assert refused(lambda: correct_sheet(one, case.number, "evaluation", better, " ")) == "no_reason"
    correct_sheet(one, case.number, "evaluation", better, "계산 착오")
    mine = (ScoreSheet.user_id == one.id, ScoreSheet.case_id == case.id)
    old, new = db.session.scalars(sa.select(ScoreSheet).where(*mine).order_by(ScoreSheet.number))
    assert (old.number, old.scores["importance"]["score"], old.correction) == (1, "24", "")
    assert (new.number, new.scores["importance"]["score"], new.correction) == (2, "30", "계산 착오")
    assert [r.number for r in rankings_of(fresh(world, case))] == [1]
    assert old.id in {s.id for s in evaluation.ranked_sheets(fresh(world, case))}, "what was ranked is still shown"


def test_only_who_has_scored_corrects_and_only_after_the_lock(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    score_all(world, case)
    one = world.viewer("evaluator1")
    assert refused(lambda: correct_sheet(one, case.number, "evaluation", SHEET, "착오")) == "not_from_this_state"
    close_evaluation(world.viewer("officer"), case.number)
    assert refused(lambda: submit_sheet(one, case.number, "evaluation", SHEET)) == "not_from_this_state"
    with pytest.raises(NotFound):
        correct_sheet(world.viewer("evaluator6"), case.number, "evaluation", SHEET, "착오")


def test_ranking_anew_is_a_new_record_with_its_reason(app: Flask) -> None:
    world = World(app)
    case = ranked(world)
    officer = world.viewer("officer")
    assert refused(lambda: rank_again(officer, case.number, "정정 반영")) == "nothing_changed"
    for name in PANEL:
        correct_sheet(world.viewer(name), case.number, "evaluation", {**SHEET, "importance": ("30", "x")}, "착오")
    assert refused(lambda: rank_again(officer, case.number, "")) == "no_reason"
    rank_again(officer, case.number, "정정 반영")
    first, second = rankings_of(fresh(world, case))
    assert (first.total, second.total) == ("78.5000", "84.5000")
    assert (first.reason, second.reason, second.number) == ("", "정정 반영", 2)
    assert ranking_of(fresh(world, case)).id == second.id
    page = rounds.ranking_of_round(world.cycle())
    assert page.found is not None and page.found.ranked[0].total == Fraction("84.5")
    assert refused(lambda: rank_again(officer, case.number, "또")) == "nothing_changed"
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.execute(sa.update(Ranking).values(total="100"))
    db.session.rollback()


def test_an_excuse_after_the_lock_waits_for_a_ranking_anew_too(lite: Flask) -> None:
    world = World(lite)
    case = with_abstention(world)
    officer = world.viewer("officer")
    close_evaluation(officer, case.number)
    excuse(officer, case.number, world.ids["evaluator6"], "이해충돌이 뒤늦게 확인됨")
    assert len(ranking_of(fresh(world, case)).sheets) == 6
    rank_again(officer, case.number, "해촉 반영")
    assert len(ranking_of(fresh(world, case)).sheets) == 5


def test_changing_the_criteria_of_a_cycle_touches_no_recorded_score(lite: Flask) -> None:
    from app.db import unit_of_work
    from app.models import Cycle

    world = World(lite)
    case = ranked(world)
    before = [(s.scores, s.seal()) for s in db.session.scalars(sa.select(ScoreSheet).order_by(ScoreSheet.id))]
    with unit_of_work():
        cycle = db.session.get_one(Cycle, case.cycle_id)
        criteria = [{**one, "max": int(one["max"]) * 2} for one in cycle.settings["criteria"]]
        cycle.settings, cycle.revision = {**cycle.settings, "criteria": criteria[:1]}, cycle.revision + 1
    assert [(s.scores, s.seal()) for s in db.session.scalars(sa.select(ScoreSheet).order_by(ScoreSheet.id))] == before
    assert [r.max for r in evaluation.results_of(fresh(world, case))] == [30, 30, 40]
    correct_sheet(world.viewer("evaluator1"), case.number, "evaluation", {**SHEET, "feasibility": ("40", "x")}, "착오")
    rank_again(world.viewer("officer"), case.number, "정정 반영")
    assert ranking_of(fresh(world, case)).total == "78.5000", "the highest is dropped by the rule of the opening"


# consensus --------------------------------------------------------------------------------------------------


def with_rapporteur(world: World):
    case = ranked(world)
    name_rapporteur(world.viewer("officer"), case.number, world.ids["evaluator2"])
    return case


def test_the_report_is_written_by_the_one_named_and_whole(lite: Flask) -> None:
    world = World(lite)
    case = with_rapporteur(world)
    two = world.viewer("evaluator2")
    assert (
        refused(lambda: write_consensus(world.viewer("evaluator1"), case.number, "종합", REMARKS))
        == "not_the_rapporteur"
    )
    assert refused(lambda: write_consensus(two, case.number, " ", REMARKS)) == "remarks_missing"
    assert refused(lambda: write_consensus(two, case.number, "종합", {**REMARKS, "viability": ""})) == "remarks_missing"
    with pytest.raises(Invalid):
        write_consensus(two, case.number, "x" * 4001, REMARKS)
    write_consensus(two, case.number, "종합의견", {**REMARKS, "made_up": "x"})
    report = db.session.scalars(sa.select(ConsensusReport)).one()
    assert report.remarks == REMARKS and report.author_id == two.id
    name_rapporteur(world.viewer("officer"), case.number, world.ids["evaluator3"])
    assert refused(lambda: write_consensus(two, case.number, "또", REMARKS)) == "not_the_rapporteur"


def test_only_a_cleared_evaluator_on_duty_is_named(lite: Flask) -> None:
    world = World(lite)
    case = ranked(world)
    for name in ("evaluator6", "officer"):
        with pytest.raises(Invalid):
            name_rapporteur(world.viewer("officer"), case.number, world.ids[name])


def test_others_agree_or_dissent_in_words_once_for_each_report(app: Flask) -> None:
    world = World(app)
    case = with_rapporteur(world)
    one, two, three = (world.viewer(f"evaluator{n}") for n in (1, 2, 3))
    assert refused(lambda: answer_consensus(one, case.number, "agree")) == "no_report"
    write_consensus(two, case.number, "종합의견", REMARKS)
    assert refused(lambda: answer_consensus(two, case.number, "agree")) == "own_report"
    assert refused(lambda: answer_consensus(one, case.number, "")) == "no_answer"
    assert refused(lambda: answer_consensus(one, case.number, "dissent", " ")) == "no_dissent_words"
    answer_consensus(one, case.number, "agree")
    answer_consensus(three, case.number, "dissent", "사업성은 더 낮게 보았습니다.")
    assert refused(lambda: answer_consensus(one, case.number, "dissent", "바꿈")) == "already_answered"
    write_consensus(two, case.number, "고친 종합의견", REMARKS)
    answer_consensus(one, case.number, "agree")
    assert count(ConsensusReport) == 2 and count(ConsensusAnswer) == 3
    told = "".join(str(e.data) for e in db.session.scalars(sa.select(Event)))
    assert "종합의견" not in told and "사업성은 더" not in told, "the words are in the sealed rows, not in the events"
    for model in (ConsensusReport, ConsensusAnswer):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            db.session.execute(sa.delete(model))
        db.session.rollback()


# the round --------------------------------------------------------------------------------------------------


def test_the_ranking_of_a_round_is_frozen_with_its_sentence_in_every_case(app: Flask) -> None:
    world = World(app)
    first, second = ranked(world), ranked(world)
    third = in_evaluation(world)
    score_all(world, third, {**SHEET, "importance": ("29", "x")})
    close_evaluation(world.viewer("officer"), third.number)
    assert rank_round(world.viewer("officer"), first.cycle_id) == 1
    rows = {p.case_id: p for p in db.session.scalars(sa.select(Placing))}
    assert [rows[c.id].rank for c in (third, first, second)] == [1, 2, 2]
    assert {str(p.entries) for p in rows.values()} == {str(rows[first.id].entries)}
    words = rows[first.id].words
    assert "동점" in words["ko"] or "같" in words["ko"]
    events = db.session.scalars(sa.select(Event).where(Event.trigger == "rank_round")).all()
    assert len(events) == 3 and all(any(k.startswith("placing:") for k in e.seals) for e in events)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.execute(sa.update(Placing).values(rank=1))
    db.session.rollback()


def test_a_further_freezing_needs_a_change_and_a_reason_and_keeps_the_old(lite: Flask) -> None:
    world = World(lite)
    case = ranked(world)
    officer = world.viewer("officer")
    rank_round(officer, case.cycle_id)
    assert refused(lambda: rank_round(officer, case.cycle_id, "다시")) == "ranking_unchanged"
    for name in PANEL:
        correct_sheet(world.viewer(name), case.number, "evaluation", {**SHEET, "importance": ("30", "x")}, "착오")
    rank_again(officer, case.number, "정정 반영")
    assert refused(lambda: rank_round(officer, case.cycle_id)) == "no_reason"
    assert rank_round(officer, case.cycle_id, "재집계 반영") == 2
    newest, oldest = rounds.placings_of(world.cycle())
    assert (oldest.entries[0]["total"], newest.entries[0]["total"]) == ("78.5000", "84.5000")
    assert rounds.placing_of(fresh(world, case)).number == 2


def test_a_round_is_frozen_by_officers_and_only_with_a_case_at_that_step(lite: Flask) -> None:
    world = World(lite)
    cycle = world.cycle().id
    assert refused(lambda: rank_round(world.viewer("officer"), cycle)) in ("no_case_to_place", "ranking_unchanged")
    case, _ = tabled(world)
    assert refused(lambda: rank_round(world.viewer("officer"), case.cycle_id)) == "no_case_to_place"
    for name in ("clerk", "auditor", "evaluator1", "applicant"):
        with pytest.raises(NotFound):
            rank_round(world.viewer(name), case.cycle_id)
