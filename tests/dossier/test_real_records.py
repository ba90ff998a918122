"""Dossiers of every way in which a vote, a score or a hearing can go: the verifier comes to the same result.

The tests' seam places the cases in the middle of the procedure, so their first step is none that the procedure knows:
that one check is left out here, and made on cases that were lived whole in the other tests.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine

from app import clock
from app.dossier import bundle
from app.models import Case
from app.services.call_roll import arrive, call_roll, end_sitting, leave
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.close_evaluation import close_evaluation, rank_again
from app.services.decide import approve, reject
from app.services.declare_interest import declare
from app.services.dissent import dissent
from app.services.open_item import open_item
from app.services.paper_ballots import confirm_paper, enter_paper
from app.services.put_motion import put_motion
from app.services.rank_round import rank_round
from app.services.signing_keys import signer
from app.services.void_vote import void_vote
from tests.afterwards_steps import AMOUNT, approved, heard_anew, ranked_anew, resolve
from tests.committee_steps import (
    SHEET,
    fresh,
    in_evaluation,
    members,
    ranked,
    resolved,
    score_all,
    seated,
    tabled,
    vote,
    voting,
)
from tests.dossier.forger import Forger, refusal, verifier
from tests.dossier.forger import members as files_of
from tests.services import test_consensus, test_interests, test_minutes, test_panel, test_written
from tests.services.test_ballot_rounds import rule
from tests.world import World

CHAIR = "member01"
Told = Callable[..., str]


@pytest.fixture
def told(lite_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The dossier of a case as it stands is accepted; what the verifier says of it in English."""

    def tell(case: Case, *without: str) -> str:
        script = verifier()
        left = {"steps", *without}
        monkeypatch.setattr(script, "CHECKS", tuple(one for one in script.CHECKS if one.__name__ not in left))
        raw = b"".join(bundle(fresh(lite_world, case), signer(), clock.now()).pieces())
        path = tmp_path / "d.zip"
        assert refusal(path, raw) is None
        return "\n".join(english for _, english in script.verify(str(path)))

    return tell


def close(world: World, case: Case) -> None:
    close_ballot(world.viewer(CHAIR), case.number)


def test_a_plain_approval_with_the_decision_and_the_money(lite_world: World, told: Told) -> None:
    case = resolved(lite_world)
    approve(lite_world.viewer("minister"), case.number, 480_000_000, "의결과 같음")
    said = told(case)
    assert "13 of 24 members present (0 recused), quorum 13 met. Yes 13" in said
    assert "approved with KRW 480,000,000" in said and "KRW 480,000,000 is reserved as decided" in said


def test_a_departure_from_the_resolution(lite_world: World, told: Told) -> None:
    case = resolved(lite_world)
    reject(lite_world.viewer("minister"), case.number, "예산 사정")
    assert "not approved on" in told(case) and "departing from the resolution" in told(case)


def test_recusals_arrivals_and_departures(lite_world: World, told: Told) -> None:
    world = lite_world
    case, number = voting(world, members(1, 15), ("member05",))
    clerk = world.viewer("clerk")
    leave(clerk, number, world.ids["member15"])
    arrive(clerk, number, world.ids["member16"])
    declare(world.viewer("member16"), case.number, "member", "none")
    vote(
        world, case, yes=[name for name in members(1, 10) if name != "member05"], no=["member16"], abstain=["member11"]
    )
    leave(clerk, number, world.ids["member10"])
    close(world, case)
    assert "15 of 24 members present (1 recused)" in told(case)


def test_who_declares_a_conflict_after_voting_is_not_counted(lite_world: World, told: Told) -> None:
    world = lite_world
    case, _ = voting(world, members(1, 14))
    vote(world, case, yes=members(1, 14))
    declare(world.viewer("member14"), case.number, "member", "conflict", "자문")
    close(world, case)
    assert "(1 recused)" in told(case) and "Yes 13" in told(case) and "All 14 opened ballots" in told(case)


def test_a_tie_that_the_chair_decides(lite_world: World, told: Told) -> None:
    world = lite_world
    rule(world, tie="chair_casts")
    case, _ = voting(world, members(1, 14))
    vote(world, case, yes=members(1, 7), no=members(8, 14))
    close(world, case)
    assert "Yes 7, no 7" in told(case) and "→ approved" in told(case)


def test_a_tie_fails(lite_world: World, told: Told) -> None:
    world = lite_world
    case, _ = voting(world, members(1, 14))
    vote(world, case, yes=members(1, 7), no=members(8, 14))
    close(world, case)
    assert "Yes 7, no 7" in told(case) and "→ rejected" in told(case)


def test_an_amendment_then_the_motion(lite_world: World, told: Told) -> None:
    world = lite_world
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    put_motion(world.viewer("clerk"), case.number, "approve", "수정하여 승인한다.", 300_000_000, amends=True)
    for _ in range(2):
        open_item(world.viewer(CHAIR), case.number)
        vote(world, case, yes=members(1, 13))
        close(world, case)
    said = told(case)
    assert "amendment carried" in said and said.count("Vote:") == 2


def test_a_void_vote_and_the_one_after_it_with_a_dissent(lite_world: World, told: Told) -> None:
    world = lite_world
    case = resolved(world)
    void_vote(world.viewer(CHAIR), case.number, "count_error", "개표 착오")
    open_item(world.viewer(CHAIR), case.number)
    vote(world, case, yes=members(1, 12), no=["member13"])
    close(world, case)
    dissent(world.viewer("member13"), case.number, "금액이 많습니다.")
    assert "declared void by the chair: 개표 착오" in told(case)


def test_paper_ballots(lite_world: World, told: Told) -> None:
    world = lite_world
    case, _ = voting(world, members(1, 13))
    enter_paper(world.viewer("clerk"), case.number, world.ids["member02"], "no")
    confirm_paper(world.viewer("officer"), case.number, world.ids["member02"], "no")
    vote(world, case, yes=[CHAIR, *members(3, 13)])
    close(world, case)
    assert "Yes 12, no 1" in told(case)


def test_a_secret_vote_tells_no_names_and_is_counted_all_the_same(
    lite_world: World, told: Told, tmp_path: Path
) -> None:
    world = lite_world
    rule(world, secrecy="secret_if_moved")
    case, number = tabled(world)
    call_roll(world.viewer("clerk"), number, [world.ids[name] for name in members(1, 13)])
    for name in members(1, 13):
        declare(world.viewer(name), case.number, "member", "none")
    put_motion(world.viewer("clerk"), case.number, "approve", "승인한다.", 480_000_000, secret=True)
    open_item(world.viewer(CHAIR), case.number)
    vote(world, case, yes=members(1, 8), no=members(9, 13))
    close(world, case)
    assert "Vote (secret): 13 of 24" in told(case) and "Yes 8, no 5" in told(case)
    forger = Forger((tmp_path / "d.zip").read_bytes())
    forger.change("opened_ballot", choice="abstain")
    assert refusal(tmp_path / "f.zip", forger.raw()) is not None


def test_a_written_deliberation_with_a_late_paper(lite_world: World, told: Told) -> None:
    from datetime import timedelta

    world = lite_world
    with time_machine.travel("2026-11-23T01:00:00Z", tick=True) as hours:
        case, _ = test_written.opened(world, hours)
        assert isinstance(case, Case)
        vote(world, case, yes=members(1, 8), no=members(9, 13))
        hours.shift(timedelta(days=8))
        cast_ballot(world.viewer("member14"), case.number, "no")
        close(world, case)
        said = told(case)
    assert "13 of 24 members present" in said and "Yes 8, no 5" in said and "All 14 opened ballots" in said


def test_minutes_are_signed_and_agree_and_tell_of_no_other_case(lite_world: World, told: Told, tmp_path: Path) -> None:
    world = lite_world
    case, number = test_minutes.signed(world)
    assert f"Minutes: those of sitting {number} are signed by" in told(case)
    raw = (tmp_path / "d.zip").read_bytes()
    (whole,) = json.loads(dict(files_of(raw))["committee/minutes.json"])
    assert {item["case"] for item in whole["excerpt"]["items"]} == {case.number}
    forger = Forger(raw)
    (whole,) = forger.read("committee/minutes.json")
    whole["excerpt"]["items"][0]["rounds"][0]["counts"]["yes"] += 1
    forger.write("committee/minutes.json", [whole])
    assert "what the minutes say of the vote" in str(refusal(tmp_path / "f.zip", forger.raw()))
    forger = Forger(raw)
    (whole,) = forger.read("committee/minutes.json")
    whole["rows"][1]["row"]["signed_at"] = "2020-01-01T00:00:00.000000+00:00"
    forger.write("committee/minutes.json", [whole])
    assert "chain vouches" in str(refusal(tmp_path / "f.zip", forger.raw()))


def test_a_challenge_that_was_upheld(lite_world: World, told: Told) -> None:
    world = lite_world
    case, number = tabled(world)
    made = test_interests.filed(world, case)
    test_interests.decide_challenge(
        world.viewer("clerk"), case.number, made, present=20, yes=11, no=8, abstain=1, reason="공정"
    )
    present = [name for name in members(1, 14) if name != "member05"]
    seated(world, case, number, present)
    open_item(world.viewer(CHAIR), case.number)
    vote(world, case, yes=present)
    close(world, case)
    assert "Challenge: that of Member05 was upheld." in told(case)


def test_a_corrected_sheet_and_the_ranking_anew(lite_world: World, told: Told, tmp_path: Path) -> None:
    world = lite_world
    case = ranked(world)
    for name in test_consensus.PANEL:
        better = {**SHEET, "importance": ("30", "x")}
        test_consensus.correct_sheet(world.viewer(name), case.number, "evaluation", better, "착오")
    rank_again(world.viewer("officer"), case.number, "정정 반영")
    said = told(case)
    assert "78.5000" in said and "84.5000" in said and "Counted anew because: 정정 반영" in said
    forger = Forger((tmp_path / "d.zip").read_bytes())
    sheets = forger.rows("ranking")[1]["sheets"]
    old = forger.rows("ranking")[0]["sheets"]
    forger.change("ranking", 1, sheets=[old[0], *sheets[1:]])
    assert "a newer one was there" in str(refusal(tmp_path / "f.zip", forger.raw()))


def test_an_abstention_leaves_a_sheet_out_of_the_total(lite_world: World, told: Told) -> None:
    world = lite_world
    case = test_consensus.with_abstention(world)
    test_consensus.close_evaluation(world.viewer("officer"), case.number)
    assert "Evaluation: 6 score sheets" in told(case)


def test_a_panel_that_was_drawn(lite_world: World, told: Told, tmp_path: Path) -> None:
    world = lite_world
    case = test_panel.pooled(world)
    test_panel.draw_panel(world.viewer("officer"), case.number, " 3  11 19\n27 33 41 ")
    assert "Draw: drawn once more from the frozen pool of 7" in told(case)
    forger = Forger((tmp_path / "d.zip").read_bytes())
    forger.change("panel_draw", seed="3 11 19 27 33 42")
    assert "is not what pool and seed give" in str(refusal(tmp_path / "f.zip", forger.raw()))


def test_the_place_in_the_round(lite_world: World, told: Told, tmp_path: Path) -> None:
    world = lite_world
    first = ranked(world)
    best = in_evaluation(world)
    score_all(world, best, {**SHEET, "importance": ("29", "x")})
    close_evaluation(world.viewer("officer"), best.number)
    rank_round(world.viewer("officer"), first.cycle_id)
    assert "Ranking: fixed at place 1 of 2" in told(best)
    assert "Ranking: fixed at place 2 of 2" in told(first)
    raw = (tmp_path / "d.zip").read_bytes()

    def lie(**values: object) -> str:
        forger = Forger(raw)
        entries = forger.rows("placing")[0]["entries"]
        at = next(i for i, entry in enumerate(entries) if entry["number"] == first.number)
        entries[at].update(values)
        forger.change("placing", entries=entries, rank=entries[at]["rank"])
        return str(refusal(tmp_path / "f.zip", forger.raw()))

    assert "as it was scored" in lie(total="99.0000")
    assert "not in the order of the scores" in lie(rank=1) + lie(rank=0)


def test_a_second_hearing_with_its_money(lite_world: World, told: Told) -> None:
    """Resolutions are put on record without their sittings here, so votes and sittings are left out."""
    world = lite_world
    case = heard_anew(world, approved(world))
    ranked_anew(world, case)
    case = resolve(world, fresh(world, case))
    approve(world.viewer("minister"), case.number, AMOUNT - 1_000_000, "다시 심의한 결과")
    said = told(case, "votes", "sittings")
    assert (
        "Decision: approved" in said
        and "Decision (second hearing): approved" in said
        and "KRW 479,000,000 is reserved as decided" in said
    )
    assert "Evaluation: 5" in said and "Evaluation (second hearing): 5" in said and "Letter:" in said


def test_an_item_that_ended_without_a_vote(lite_world: World, told: Told) -> None:
    world = lite_world
    case, number = tabled(world)
    call_roll(world.viewer("clerk"), number, [world.ids[name] for name in members(1, 13)])
    end_sitting(world.viewer("clerk"), number)
    assert "Sitting: the" in told(case) and "Vote" not in told(case)
