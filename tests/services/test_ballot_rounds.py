"""Rounds of a vote: amendments, void votes, ties, dissents, paper ballots, secret ballots, members for one item."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.audit import chain, reading, sittings
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import (
    Ballot,
    BallotPaper,
    CommitteeRule,
    Dissent,
    Event,
    Motion,
    OpenedBallot,
    PaperEntry,
    Resolution,
    RoleGrant,
    RosterEntry,
    VoidedVote,
)
from app.queries.sittings import item_of, resolution_of
from app.services.call_roll import arrive, call_roll, end_sitting, leave
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.declare_interest import declare
from app.services.defer_item import defer_item
from app.services.dissent import dissent
from app.services.enter_committee_rule import enter_committee_rule
from app.services.item_seats import seat_for_item, unseat_for_item
from app.services.open_item import open_item
from app.services.paper_ballots import confirm_paper, enter_paper
from app.services.put_motion import put_motion
from app.services.retable import retable
from app.services.void_vote import void_vote
from tests.committee_steps import fresh, members, plan, resolved, seated, tabled, vote, voting
from tests.services.test_ballots import refused
from tests.world import World
from workflows.commitment import commitment
from workflows.committee_rules import shipped_for
from workflows.engine import Refused

CHAIR = "member01"


def holds() -> None:
    """The record holds, but for the first step of each case, which the tests' seam writes."""
    assert list(sittings.breaks()) == []
    for history in reading.histories():
        assert not isinstance(history, chain.Break)
        assert [found for found in chain._breaks(history) if found.seq != 1] == []


def count(model: type[Any], *where: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def rule(world: World, **changes: Any) -> None:
    """From today another rule is in force."""
    shipped = shipped_for("kcity")
    assert shipped is not None
    changed = shipped.rule.model_dump(mode="json") | changes
    enter_committee_rule(world.viewer("admin"), "kcity", clock.today(), changed, {}, "시험")


def outcomes() -> list[tuple[int, str]]:
    rows = db.session.scalars(sa.select(Resolution).order_by(Resolution.id))
    return [(row.round, row.outcome) for row in rows]


def test_every_paper_matches_its_commitment_and_the_receipt_is_found_in_it(app: Flask) -> None:
    world = World(app)
    case, _ = voting(world, members(1, 13))
    receipts = {name: cast_ballot(world.viewer(name), case.number, "no") for name in members(1, 6)}
    receipts |= {name: cast_ballot(world.viewer(name), case.number, "yes") for name in members(7, 13)}
    close_ballot(world.viewer(CHAIR), case.number)
    opened = {row.commitment: row for row in db.session.scalars(sa.select(OpenedBallot))}
    assert set(receipts.values()) == set(opened)
    for name, receipt in receipts.items():
        row = opened[receipt]
        assert row.user_id == world.ids[name] and row.choice == ("no" if name in members(1, 6) else "yes")
        assert commitment(row.item_id, row.round, row.user_id, row.choice, row.salt) == receipt
        assert len(row.salt) >= 32
    holds()


def test_the_roster_is_frozen_with_the_absent_and_the_recused(lite: Flask) -> None:
    world = World(lite)
    voting(world, members(1, 14), recused=["member14"])
    rows = {row.user_id: row for row in db.session.scalars(sa.select(RosterEntry))}
    assert len(rows) == 24
    assert (rows[world.ids["member14"]].reason, rows[world.ids["member14"]].entitled) == ("recused", False)
    assert (rows[world.ids["member20"]].reason, rows[world.ids["member20"]].present) == ("absent", False)
    assert sum(row.entitled for row in rows.values()) == 13


def test_who_comes_late_is_added_to_the_roster_and_votes(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    declare(world.viewer("member20"), case.number, "member", "none")
    assert refused(lambda: cast_ballot(world.viewer("member20"), case.number, "yes")) == "not_present"
    arrive(world.viewer("clerk"), number, world.ids["member20"])
    assert count(RosterEntry) == 25
    vote(world, case, yes=[*members(1, 13), "member20"])
    close_ballot(world.viewer(CHAIR), case.number)
    found = resolution_of(fresh(world, case))
    assert found and (found.counts["present"], found.counts["yes"]) == (14, 14)
    holds()


def test_by_another_rule_who_comes_late_has_no_vote_and_no_weight(lite: Flask) -> None:
    world = World(lite)
    rule(world, late_arrivals="may_not_vote")
    case, number = voting(world, members(1, 13))
    declare(world.viewer("member20"), case.number, "member", "none")
    arrive(world.viewer("clerk"), number, world.ids["member20"])
    assert refused(lambda: cast_ballot(world.viewer("member20"), case.number, "yes")) == "not_on_roster"
    vote(world, case, yes=members(1, 7))
    close_ballot(world.viewer(CHAIR), case.number)
    found = resolution_of(fresh(world, case))
    assert found and (found.counts["present"], found.outcome) == (13, "approve")


def test_an_amendment_is_voted_on_first_and_the_motion_as_amended_then(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    clerk, chair = world.viewer("clerk"), world.viewer(CHAIR)
    put_motion(clerk, case.number, "approve", "수정하여 승인한다.", 300_000_000, amends=True)
    assert refused(lambda: put_motion(clerk, case.number, "approve", "또", 1, amends=True)) == "nothing_to_amend"
    open_item(chair, case.number)
    vote(world, case, yes=members(1, 7), no=members(8, 13))
    assert close_ballot(chair, case.number).state == "TABLED"
    assert resolution_of(fresh(world, case)) is None
    open_item(chair, case.number)
    vote(world, case, yes=members(1, 13))
    close_ballot(chair, case.number)
    assert outcomes() == [(2, "amended"), (3, "approve")]
    found = resolution_of(fresh(world, case))
    assert found and found.amount_krw == 300_000_000
    motions = db.session.scalars(sa.select(Motion).order_by(Motion.round)).all()
    assert [(m.kind, m.follows_id) for m in motions] == [
        ("main", None),
        ("amendment", motions[0].id),
        ("main", motions[1].id),
    ]
    holds()


def test_an_amendment_that_fails_brings_the_first_motion_back(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    chair = world.viewer(CHAIR)
    put_motion(chair, case.number, "approve", "수정하여 승인한다.", 300_000_000, amends=True)
    open_item(chair, case.number)
    vote(world, case, no=members(1, 13))
    close_ballot(chair, case.number)
    last = db.session.scalars(sa.select(Motion).order_by(Motion.id.desc())).first()
    assert last and (last.kind, last.amount_krw, last.round) == ("main", 480_000_000, 3)
    assert outcomes() == [(2, "not_amended")]


def test_a_void_vote_is_kept_and_voted_again(app: Flask) -> None:
    world = World(app)
    case = resolved(world)
    chair = world.viewer(CHAIR)
    assert refused(lambda: void_vote(chair, case.number, "count_error", " ")) == "no_reason"
    assert refused(lambda: void_vote(chair, case.number, "nonsense", "x")) == "no_reason"
    assert refused(lambda: void_vote(world.viewer("clerk"), case.number, "other", "x")) == "not_your_role"
    assert void_vote(chair, case.number, "undeclared_conflict", "신고 누락이 확인됨").state == "TABLED"
    assert resolution_of(fresh(world, case)) is None and count(Ballot) == 13 == count(OpenedBallot)
    open_item(chair, case.number)
    vote(world, case, no=members(1, 13))
    close_ballot(chair, case.number)
    assert outcomes() == [(1, "approve"), (2, "reject")]
    found = resolution_of(fresh(world, case))
    assert found and found.outcome == "reject" and count(Ballot) == 26 and count(VoidedVote) == 1
    holds()


def test_a_vote_cannot_be_void_once_the_sitting_is_over(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 13))
    close_ballot(world.viewer(CHAIR), case.number)
    end_sitting(world.viewer("clerk"), number)
    assert refused(lambda: void_vote(world.viewer(CHAIR), case.number, "other", "늦음")) == "not_your_role"


def test_a_tie_is_the_chairs_to_decide_where_the_rule_says_so(lite: Flask) -> None:
    world = World(lite)
    rule(world, tie="chair_casts")
    case, _ = voting(world, members(1, 14))
    vote(world, case, yes=members(1, 7), no=members(8, 14))
    close_ballot(world.viewer(CHAIR), case.number)
    found = resolution_of(fresh(world, case))
    assert found and found.outcome == "approve"
    assert (found.verdict["tie"], found.verdict["casting"], found.verdict["passed"]) == (True, "yes", True)
    assert "위원장" in found.verdict["words"]["ko"] and "가결" in found.verdict["words"]["ko"]
    holds()


def test_a_chair_who_does_not_vote_is_present_all_the_same(lite: Flask) -> None:
    world = World(lite)
    rule(world, chair_votes=False)
    case, _ = voting(world, members(1, 13))
    assert refused(lambda: cast_ballot(world.viewer(CHAIR), case.number, "yes")) == "chair_does_not_vote"
    vote(world, case, yes=members(2, 7), no=members(8, 13))
    close_ballot(world.viewer(CHAIR), case.number)
    found = resolution_of(fresh(world, case))
    assert found and (found.counts["present"], found.verdict["base"], found.outcome) == (13, 13, "reject")


def test_a_dissent_belongs_to_who_voted_and_to_the_sitting(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 12))
    close_ballot(world.viewer(CHAIR), case.number)
    assert refused(lambda: dissent(world.viewer("member13"), case.number, "반대합니다.")) == "did_not_vote"
    assert refused(lambda: dissent(world.viewer("member12"), case.number, "  ")) == "no_statement"
    dissent(world.viewer("member12"), case.number, "금액이 지나치게 많습니다.")
    assert refused(lambda: dissent(world.viewer("member12"), case.number, "또")) == "dissent_attached"
    event = db.session.scalars(sa.select(Event).where(Event.trigger == "dissent")).one()
    assert "금액" not in json.dumps([event.data, event.facts], ensure_ascii=False) and count(Dissent) == 1
    end_sitting(world.viewer("clerk"), number)
    assert refused(lambda: dissent(world.viewer("member11"), case.number, "늦게")) == "sitting_over"
    holds()


def test_a_paper_counts_only_when_a_second_person_reads_the_same(app: Flask) -> None:
    world = World(app)
    case, _ = voting(world, members(1, 13))
    clerk, officer, two = world.viewer("clerk"), world.viewer("officer"), world.ids["member02"]
    enter_paper(clerk, case.number, two, "no")
    assert count(Ballot) == 0
    assert refused(lambda: enter_paper(clerk, case.number, two, "no")) == "paper_entered"
    assert refused(lambda: confirm_paper(clerk, case.number, two, "no")) == "second_person"
    assert confirm_paper(officer, case.number, two, "yes") is False
    assert count(Ballot) == 0 and count(PaperEntry, PaperEntry.result == "mismatch") == 1
    with pytest.raises(NotFound):
        confirm_paper(officer, case.number, two, "no")
    enter_paper(clerk, case.number, two, "no")
    assert confirm_paper(officer, case.number, two, "no") is True
    ballot = db.session.scalars(sa.select(Ballot)).one()
    assert (ballot.channel, ballot.entered_by, ballot.confirmed_by) == (
        "paper",
        world.ids["clerk"],
        world.ids["officer"],
    )
    assert refused(lambda: cast_ballot(world.viewer("member02"), case.number, "yes")) == "already_voted"
    cast_ballot(world.viewer("member03"), case.number, "yes")
    assert refused(lambda: enter_paper(clerk, case.number, world.ids["member03"], "no")) == "already_voted"
    assert refused(lambda: enter_paper(clerk, case.number, world.ids["member20"], "no")) == "not_on_roster"
    vote(world, case, yes=members(4, 13))
    close_ballot(world.viewer(CHAIR), case.number)
    row = db.session.scalars(sa.select(OpenedBallot).where(OpenedBallot.user_id == two)).one()
    assert row.choice == "no"
    holds()


def test_a_secret_vote_keeps_who_voted_and_what_was_voted_apart(app: Flask) -> None:
    world = World(app)
    clerk = world.viewer("clerk")
    case, _ = tabled(world)
    assert refused(lambda: put_motion(clerk, case.number, "approve", "승인", 1, secret=True)) == "no_secret_vote"
    rule(world, secrecy="secret_if_moved")
    later = plan(world, days=31)
    retable(clerk, case.number, later, "무기명 표결")
    from app.services.send_agenda import send_agenda

    send_agenda(clerk, later)
    call_roll(clerk, later, [world.ids[name] for name in members(1, 13)])
    for name in members(1, 13):
        declare(world.viewer(name), case.number, "member", "none")
    put_motion(clerk, case.number, "approve", "승인한다.", 480_000_000, secret=True)
    open_item(world.viewer(CHAIR), case.number)
    receipts = {cast_ballot(world.viewer(n), case.number, "yes", once=f"once-{n}") for n in members(1, 8)}
    assert cast_ballot(world.viewer("member08"), case.number, "yes", once="once-member08") == ""
    assert refused(lambda: enter_paper(clerk, case.number, world.ids["member09"], "no")) == "secret_vote"
    vote(world, case, no=members(9, 13))
    assert count(BallotPaper) == 13 == count(Ballot) == count(Ballot, Ballot.commitment.is_(None))
    close_ballot(world.viewer(CHAIR), case.number)
    opened = db.session.scalars(sa.select(OpenedBallot).order_by(OpenedBallot.id)).all()
    assert {row.user_id for row in opened} == {None} and receipts <= {row.commitment for row in opened}
    assert [row.commitment for row in opened] == sorted(row.commitment for row in opened)
    assert [sum(row.choice == c for row in opened) for c in ("yes", "no")] == [8, 5]
    seals = [e.seals for e in db.session.scalars(sa.select(Event).where(Event.trigger == "vote"))]
    assert all({key.split(":")[0] for key in seal} == {"ballot", "case"} for seal in seals)
    holds()


def test_no_row_ties_an_opened_secret_paper_to_the_transaction_of_who_cast_it(app: Flask) -> None:
    world = World(app)
    rule(world, secrecy="secret_if_moved")
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    put_motion(world.viewer("clerk"), case.number, "approve", "승인한다.", 480_000_000, secret=True)
    open_item(world.viewer(CHAIR), case.number)
    vote(world, case, yes=members(1, 8), no=members(9, 13))
    with pytest.raises(sa.exc.DBAPIError), unit_of_work() as session:
        session.execute(sa.delete(BallotPaper))
    assert count(BallotPaper) == 13
    close_ballot(world.viewer(CHAIR), case.number)
    assert count(OpenedBallot) == 13 and count(BallotPaper) == 0
    if db.engine.dialect.name == "postgresql":
        cast = sa.text("SELECT count(*) FROM ballot b JOIN opened_ballot o ON o.xmin = b.xmin")
        assert db.session.scalar(cast) == 0
    holds()


def test_a_conflict_after_a_secret_vote_cannot_be_taken_out(lite: Flask) -> None:
    world = World(lite)
    rule(world, secrecy="secret_if_moved")
    case, number = tabled(world)
    seated(world, case, number, members(1, 14))
    put_motion(world.viewer("clerk"), case.number, "approve", "승인한다.", 480_000_000, secret=True)
    open_item(world.viewer(CHAIR), case.number)
    vote(world, case, yes=members(1, 14))
    declare(world.viewer("member14"), case.number, "member", "conflict", "뒤늦게 알게 됨")
    assert refused(lambda: close_ballot(world.viewer(CHAIR), case.number)) == "secret_recused"
    assert count(OpenedBallot) == 0
    assert defer_item(world.viewer(CHAIR), case.number, number, "다시 표결").state == "TABLED"


def test_fewer_than_two_who_may_vote_decide_nothing(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13), recused=members(2, 13))
    vote(world, case, yes=[CHAIR])
    assert refused(lambda: close_ballot(world.viewer(CHAIR), case.number)) == "base_too_small"
    assert count(Resolution) == 0 == count(OpenedBallot)


def test_a_member_for_one_item_counts_there_and_nowhere_else(app: Flask) -> None:
    world = World(app)
    with unit_of_work():
        for name in ("vice1", "vice2"):
            world.add_user(name, role="member", programme="kcity")
    clerk = world.viewer("clerk")
    case, number = tabled(world)
    with pytest.raises(NotFound):
        fresh(world, case, "vice1")
    for name in ("vice1", "vice2"):
        seat_for_item(clerk, number, case.number, f"{name}@kcity.test", "vice_minister", "소관 부처")
    with pytest.raises(Invalid):
        seat_for_item(clerk, number, case.number, "vice1@kcity.test", "vice_minister", "소관 부처")
    with pytest.raises(Invalid):
        seat_for_item(clerk, number, case.number, "member02@kcity.test", "local_head", "x")
    with pytest.raises(Invalid):
        seat_for_item(clerk, number, case.number, "officer@kcity.test", "local_head", "x")
    seated(world, case, number, members(1, 13))
    assert refused(lambda: open_item(world.viewer(CHAIR), case.number)) == "no_quorum"
    arrive(clerk, number, world.ids["vice1"])
    declare(world.viewer("vice1"), case.number, "member", "none")
    open_item(world.viewer(CHAIR), case.number)
    with pytest.raises(Refused):
        unseat_for_item(clerk, number, case.number, world.ids["vice2"])
    cast_ballot(world.viewer("vice1"), case.number, "yes")
    vote(world, case, yes=members(1, 7), no=members(8, 13))
    close_ballot(world.viewer(CHAIR), case.number)
    found = resolution_of(fresh(world, case))
    assert found and (found.counts["seats"], found.counts["present"], found.counts["yes"]) == (26, 14, 8)
    assert found.verdict["quorum_needed"] == 14
    capacities = dict(db.session.execute(sa.select(RosterEntry.user_id, RosterEntry.capacity)).all())
    assert capacities[world.ids["vice2"]] == "vice_minister"
    holds()


def test_what_is_left_over_moves_to_another_sitting_with_its_members(lite: Flask) -> None:
    world = World(lite)
    with unit_of_work():
        world.add_user("vice1", role="member", programme="kcity")
    clerk = world.viewer("clerk")
    case, number = tabled(world)
    seat_for_item(clerk, number, case.number, "vice1@kcity.test", "local_head", "관할")
    with pytest.raises(Invalid):
        retable(clerk, case.number, number, "같은 회의")
    later = plan(world, days=40)
    retable(clerk, case.number, later, "정족수 미달")
    item = item_of(fresh(world, case))
    assert item.opened_at is None and count(RoleGrant, RoleGrant.user_id == world.ids["vice1"]) == 1
    fresh(world, case, "vice1")
    unseat_for_item(clerk, later, case.number, world.ids["vice1"])
    with pytest.raises(NotFound):  # the seat on the item that was left tells him nothing any more
        fresh(world, case, "vice1")
    holds()


def test_proxies_are_observers_unless_the_rule_gives_them_a_vote(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    clerk = world.viewer("clerk")
    call_roll(clerk, number, [world.ids[n] for n in members(1, 13)], {world.ids["member13"]: "홍길동 과장"})
    for name in members(1, 13):
        declare(world.viewer(name), case.number, "member", "none")
    put_motion(clerk, case.number, "approve", "승인한다.", 480_000_000)
    assert refused(lambda: open_item(world.viewer(CHAIR), case.number)) == "no_quorum"
    leave(clerk, number, world.ids["member13"])
    arrive(clerk, number, world.ids["member13"])
    assert open_item(world.viewer(CHAIR), case.number).state == "DELIBERATING"
    holds()


def test_a_proxy_with_a_vote_uses_paper_in_the_members_name(lite: Flask) -> None:
    world = World(lite)
    rule(world, proxy="votes")
    case, number = tabled(world)
    clerk, last = world.viewer("clerk"), world.ids["member13"]
    call_roll(clerk, number, [world.ids[n] for n in members(1, 13)], {last: "홍길동 과장"})
    for name in members(1, 13):
        declare(world.viewer(name), case.number, "member", "none")
    put_motion(clerk, case.number, "approve", "승인한다.", 480_000_000)
    open_item(world.viewer(CHAIR), case.number)
    assert refused(lambda: cast_ballot(world.viewer("member13"), case.number, "yes")) == "not_present"
    enter_paper(clerk, case.number, last, "yes")
    assert confirm_paper(world.viewer(CHAIR), case.number, last, "yes")


def test_a_rule_that_was_entered_is_never_changed_and_sittings_keep_theirs(app: Flask) -> None:
    world = World(app)
    before = plan(world)
    rule(world, threshold="two_thirds")
    after = plan(world)
    from app.queries.sittings import sitting_for

    clerk = world.viewer("clerk")
    assert sitting_for(clerk, before).rule["threshold"] == "more_than_half"
    assert sitting_for(clerk, after).rule["threshold"] == "two_thirds"
    for statement in (sa.update(CommitteeRule).values(number=9), sa.delete(CommitteeRule)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), unit_of_work():
            db.session.execute(statement)
