"""Deliberation in writing: a window, papers nobody sees, who returned one counts as present, any member calls it in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import clock
from app.errors import Invalid
from app.extensions import db
from app.models import Ballot, OpenedBallot
from app.queries.sittings import item_of, resolution_of, sitting_for
from app.services.call_in import call_in
from app.services.call_roll import call_roll, end_sitting
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.declare_interest import declare
from app.services.open_item import open_item
from app.services.plan_sitting import Form, plan_sitting
from app.services.put_motion import put_motion
from app.services.retable import retable
from app.services.send_agenda import send_agenda
from app.services.table_case import table_case
from tests.committee_steps import fresh, members, plan, ranked, vote
from tests.services.test_ballots import refused
from tests.world import World

CHAIR = "member01"
WHY = ("minor", "내용이 경미한 변경 사항임")


@pytest.fixture
def hours() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-23T01:00:00Z", tick=True) as clockwork:
        yield clockwork


def written(world: World, days: int = 7) -> int:
    opens = clock.now() + timedelta(days=9)
    form = Form("written", *WHY, opens + timedelta(days=days))
    return plan_sitting(world.viewer("clerk"), "kcity", opens, "회의실", world.ids[CHAIR], form)


def opened(world: World, hours: time_machine.Traveller) -> tuple[object, int]:
    """A written item open for papers; every member but member24 has declared no conflict, member24 has one."""
    case, number, clerk = ranked(world), written(world), world.viewer("clerk")
    table_case(clerk, case.number, number)
    send_agenda(clerk, number)
    for name in members(1, 24):
        conflict = name == "member24"
        declare(
            world.viewer(name), case.number, "member", "conflict" if conflict else "none", "자문" if conflict else ""
        )
    put_motion(clerk, case.number, "approve", "승인한다.", 480_000_000)
    assert refused(lambda: open_item(world.viewer(CHAIR), case.number)) == "window_not_begun"
    hours.shift(timedelta(days=9, minutes=1))
    assert open_item(world.viewer(CHAIR), case.number).state == "DELIBERATING"
    return case, number


def test_it_needs_a_reason_that_the_rule_knows_and_time_enough(lite: Flask) -> None:
    world = World(lite)
    opens = clock.now() + timedelta(days=9)
    for field, form in (
        ("reason_code", Form("written", None, "x", opens + timedelta(days=7))),
        ("reason_code", Form("written", "convenient", "x", opens + timedelta(days=7))),
        ("reason", Form("written", "urgent", " ", opens + timedelta(days=7))),
        ("closes_at", Form("written", "urgent", "x", opens + timedelta(days=4))),
        ("closes_at", Form("written", "urgent", "x")),
        ("form", Form("by_carrier_pigeon")),
    ):
        with pytest.raises(Invalid) as wrong:
            plan_sitting(world.viewer("clerk"), "kcity", opens, "회의실", world.ids[CHAIR], form)
        assert wrong.value.field == field


def test_who_returned_a_paper_in_time_counts_as_present(lite: Flask, hours: time_machine.Traveller) -> None:
    world = World(lite)
    case, number = opened(world, hours)
    chair = world.viewer(CHAIR)
    vote(world, case, yes=members(1, 8), no=members(9, 12))
    assert refused(lambda: close_ballot(chair, case.number)) == "window_running"
    vote(world, case, abstain=["member13"])
    hours.shift(timedelta(days=8))
    cast_ballot(world.viewer("member14"), case.number, "no")
    close_ballot(chair, case.number)
    found = resolution_of(fresh(world, case))
    assert found and found.outcome == "approve"
    assert found.counts == {
        "seats": 24, "present": 13, "recused_present": 0, "yes": 8, "no": 4, "abstain": 1, "not_voting": 0,
    }  # fmt: skip
    late = db.session.scalars(sa.select(Ballot).where(Ballot.late.is_(True))).one()
    row = db.session.scalars(sa.select(OpenedBallot).where(OpenedBallot.ballot_id == late.id)).one()
    assert late.user_id == world.ids["member14"] and row.counted is False
    end_sitting(world.viewer("clerk"), number)


def test_too_few_papers_are_no_quorum(lite: Flask, hours: time_machine.Traveller) -> None:
    world = World(lite)
    case, _ = opened(world, hours)
    vote(world, case, yes=members(1, 12))
    hours.shift(timedelta(days=8))
    assert refused(lambda: close_ballot(world.viewer(CHAIR), case.number)) == "verdict_void"


def test_it_may_close_early_once_every_paper_is_in(lite: Flask, hours: time_machine.Traveller) -> None:
    world = World(lite)
    case, _ = opened(world, hours)
    vote(world, case, yes=members(1, 23))
    assert close_ballot(world.viewer(CHAIR), case.number).state == "RESOLVED"


def test_there_is_no_roll_and_no_paper_before_a_declaration(lite: Flask, hours: time_machine.Traveller) -> None:
    world = World(lite)
    case, number = ranked(world), written(world)
    clerk = world.viewer("clerk")
    table_case(clerk, case.number, number)
    assert refused(lambda: call_roll(clerk, number, [world.ids[CHAIR]])) == "written"
    send_agenda(clerk, number)
    declare(world.viewer(CHAIR), case.number, "member", "none")
    put_motion(clerk, case.number, "approve", "승인한다.", 480_000_000)
    hours.shift(timedelta(days=9, minutes=1))
    open_item(world.viewer(CHAIR), case.number)
    assert refused(lambda: cast_ballot(world.viewer("member02"), case.number, "yes")) == "recused"
    declare(world.viewer("member02"), case.number, "member", "none")
    assert cast_ballot(world.viewer("member02"), case.number, "yes")


def test_any_member_calls_it_into_a_meeting_once(lite: Flask, hours: time_machine.Traveller) -> None:
    world = World(lite)
    case, number = opened(world, hours)
    vote(world, case, yes=members(1, 5))
    assert refused(lambda: call_in(world.viewer("member06"), case.number, " ")) == "no_reason"
    assert refused(lambda: call_in(world.viewer("clerk"), case.number, "논의 필요")) == "not_your_role"
    assert call_in(world.viewer("member06"), case.number, "논의가 필요합니다.").state == "TABLED"
    assert refused(lambda: open_item(world.viewer(CHAIR), case.number)) == "called_in"
    later = plan(world, days=20)
    retable(world.viewer("clerk"), case.number, later, "위원의 회의 부의 요구")
    item = item_of(fresh(world, case))
    assert item.called_in_at is None and sitting_for(world.viewer("clerk"), later).form == "in_person"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OpenedBallot)) == 0
    assert sitting_for(world.viewer("clerk"), number).ended_at is None
