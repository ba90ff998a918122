"""What holds of a vote: one a member, told to nobody before the close, counted by the rule, never changed."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Ballot, Condition, Decision, Event, Motion, OpenedBallot, Resolution, RosterEntry, Sitting
from app.queries.sittings import resolution_of
from app.services.call_roll import leave
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.declare_interest import declare
from app.services.defer_item import defer_item
from app.services.judge_interest import judge
from app.services.open_box import open_box
from app.services.open_item import open_item
from app.services.put_motion import put_motion
from tests.committee_steps import fresh, members, resolved, seated, tabled, vote, voting
from tests.world import World, counted_statements
from workflows.engine import Refused


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def close(world: World, case) -> Resolution:
    close_ballot(world.viewer("member01"), case.number)
    found = resolution_of(fresh(world, case))
    assert found is not None
    return found


def test_a_majority_of_those_present_carries(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 7), no=members(8, 11), abstain=["member12"])
    resolution = close(world, case)
    assert resolution.outcome == "approve" and resolution.amount_krw == 480_000_000
    assert resolution.counts == {
        "seats": 24, "present": 13, "recused_present": 0, "yes": 7, "no": 4, "abstain": 1, "not_voting": 1,
    }  # fmt: skip
    assert resolution.verdict["needed"] == 7 and "가결" in resolution.verdict["words"]["ko"]
    assert fresh(world, case).state == "RESOLVED"


def test_a_tie_fails_and_rejects(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 14))
    vote(world, case, yes=members(1, 7), no=members(8, 14))
    resolution = close(world, case)
    assert resolution.outcome == "reject" and resolution.amount_krw is None
    assert "부결" in resolution.verdict["words"]["ko"] and "not carried" in resolution.verdict["words"]["en"]


def test_the_recused_count_for_the_quorum_and_not_for_the_majority(lite: Flask) -> None:
    world = World(lite)
    present = members(1, 13)
    case, _ = voting(world, present, recused=members(11, 13))
    vote(world, case, yes=members(1, 6), no=members(7, 10))
    resolution = close(world, case)
    assert resolution.counts["recused_present"] == 3 and resolution.verdict["base"] == 10
    assert resolution.outcome == "approve"


def test_a_recused_member_cannot_vote_nor_find_the_ballot(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 14), recused=["member14"])
    with pytest.raises(NotFound):
        cast_ballot(world.viewer("member14"), case.number, "yes")


def test_only_those_present_vote_once_and_by_a_choice(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    declare(world.viewer("member20"), case.number, "member", "none")
    assert refused(lambda: cast_ballot(world.viewer("member20"), case.number, "yes")) == "not_present"
    assert refused(lambda: cast_ballot(world.viewer("member02"), case.number, None)) == "no_choice"
    assert refused(lambda: cast_ballot(world.viewer("clerk"), case.number, "yes")) == "not_your_role"
    cast_ballot(world.viewer("member02"), case.number, "no")
    assert refused(lambda: cast_ballot(world.viewer("member02"), case.number, "yes")) == "already_voted"


def test_a_ballot_sent_twice_is_one_ballot(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    for _ in range(2):
        cast_ballot(world.viewer("member02"), case.number, "no", once="k" * 20)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 1


def test_events_tell_that_somebody_voted_and_never_how(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    cast_ballot(world.viewer("member02"), case.number, "abstain")
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "vote")).one()
    assert "abstain" not in json.dumps([event.data, event.facts]) and event.shown == "inside"


def test_a_lost_quorum_resolves_nothing_and_the_item_is_deferred(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 5))
    leave(world.viewer("clerk"), number, world.ids["member12"])
    chair = world.viewer("member01")
    assert refused(lambda: close_ballot(chair, case.number)) == "verdict_void"
    assert defer_item(chair, case.number, number, "정족수 미달").state == "TABLED"


def test_whoever_voted_and_left_was_present_at_the_vote(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 13))
    leave(world.viewer("clerk"), number, world.ids["member13"])
    assert close(world, case).counts["present"] == 13


def test_a_conflict_declared_after_voting_takes_the_vote_out(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 7), no=members(8, 13))
    declare(world.viewer("member02"), case.number, "member", "conflict", "뒤늦게 알게 됨")
    resolution = close(world, case)
    assert resolution.counts["yes"] == 6 and resolution.verdict["base"] == 12
    assert resolution.outcome == "reject"


def test_nobody_comes_or_goes_while_a_vote_is_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(app)
    case, _ = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 13))
    held: list[bool] = []

    def looking(*given):
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as other:
                query = sa.select(Sitting.id).with_for_update(skip_locked=True)
                held.append(other.scalar(query) is None)
        return open_box(*given)

    monkeypatch.setattr("app.services.close_ballot.open_box", looking)
    close(world, case)
    assert held == ([True] if db.engine.dialect.name == "postgresql" else [])


def test_no_vote_is_closed_over_a_voter_who_was_asked_anew(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 7), no=members(8, 13))
    judge(world.viewer("officer"), case.number, world.ids["member02"], "unsure", "소속이 바뀜")
    assert refused(lambda: close(world, case)) == "voter_asked_anew"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OpenedBallot)) == 0
    declare(world.viewer("member02"), case.number, "member", "none")
    assert close(world, case).counts["yes"] == 7


def test_a_motion_to_reject_that_fails_rejects_nobody(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    put_motion(world.viewer("clerk"), case.number, "reject", "선정하지 않는다.")
    chair = world.viewer("member01")
    open_item(chair, case.number)
    vote(world, case, yes=members(1, 6), no=members(7, 13))
    assert close_ballot(chair, case.number).state == "TABLED"
    lost = db.session.scalars(sa.select(Resolution)).one()
    assert (lost.outcome, lost.amount_krw, lost.counts["yes"]) == ("not_carried", None, 6)
    assert resolution_of(fresh(world, case)) is None
    put_motion(chair, case.number, "approve", "승인한다.", 480_000_000)
    open_item(chair, case.number)
    vote(world, case, yes=members(1, 13))
    assert close(world, case).outcome == "approve"


def test_conditions_become_rows_of_the_resolution(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    rows = [
        {"article": "제1호", "text": "자료를 공개한다.", "purpose": "성과 공유", "owner": "시", "due": "2027-06-30"},
        {"text": "보고한다.", "purpose": "진행 확인"},
    ]
    put_motion(world.viewer("clerk"), case.number, "approve_with_conditions", "조건부 승인", 400_000_000, rows)
    open_item(world.viewer("member01"), case.number)
    vote(world, case, yes=members(1, 13))
    resolution = close(world, case)
    assert resolution.outcome == "approve_with_conditions"
    found = db.session.scalars(sa.select(Condition).order_by(Condition.id)).all()
    assert [(c.article, c.due) for c in found] == [("제1호", "2027-06-30"), ("", None)]
    assert [c.purpose for c in found] == ["성과 공유", "진행 확인"]


def test_the_resolution_writes_no_decision(lite: Flask) -> None:
    world = World(lite)
    case = resolved(world)
    after = fresh(world, case)
    assert after.outcome is None and after.awarded_krw is None and after.decided_on is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 0


@pytest.mark.parametrize("model", [Ballot, OpenedBallot, RosterEntry, Resolution, Motion])
def test_the_database_refuses_to_change_or_delete_what_was_voted(app: Flask, model: type) -> None:
    world = World(app)
    resolved(world)
    for statement in (sa.update(model).values(round=9), sa.delete(model)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), unit_of_work():
            db.session.execute(statement)


def test_voting_stays_within_twenty_statements(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    one = world.viewer("member02")
    with counted_statements() as seen:
        cast_ballot(one, case.number, "yes", once="k" * 20)
    assert len(seen) <= 20, len(seen)
