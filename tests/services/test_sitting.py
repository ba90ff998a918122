"""What holds of a sitting: agenda in time, roll, declarations, quorum, motion; and the acts around it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import AgendaItem, Attendance, Delivery, Motion, Sitting
from app.queries.sittings import agenda_of, sitting_for
from app.services.call_roll import arrive, call_roll, end_sitting, leave
from app.services.close_ballot import close_ballot
from app.services.close_evaluation import close_evaluation
from app.services.declare_interest import declare
from app.services.defer_item import defer_item
from app.services.open_item import open_item
from app.services.plan_sitting import change_sitting, plan_sitting
from app.services.put_motion import put_motion
from app.services.retable import retable
from app.services.send_agenda import send_agenda
from app.services.table_case import move_up, table_case
from app.services.void_vote import void_vote
from tests.committee_steps import (
    SHEET,
    fresh,
    in_evaluation,
    members,
    plan,
    ranked,
    score_all,
    seated,
    tabled,
    vote,
    voting,
)
from tests.world import World
from workflows.engine import Refused


def refused(step) -> str:
    with pytest.raises(Refused) as no:
        step()
    return no.value.reason.code


def test_the_clerk_plans_and_nobody_else(lite: Flask) -> None:
    world = World(lite)
    when = clock.now() + timedelta(days=20)
    for name in ("officer", "member01", "minister", "auditor"):
        with pytest.raises(NotFound):
            plan_sitting(world.viewer(name), "kcity", when, "회의실", world.ids["member01"])
    with pytest.raises(Invalid):
        plan_sitting(world.viewer("clerk"), "kcity", when, "회의실", world.ids["member02"])
    with pytest.raises(Invalid):
        plan_sitting(world.viewer("clerk"), "kcity", clock.now(), "회의실", world.ids["member01"])
    numbers = [plan(world), plan(world)]
    assert numbers == [1, 2]
    sitting = sitting_for(world.viewer("member05"), 1)
    assert sitting.seats == 24 and sitting.rule["quorum"] == "majority_of_seats"


def test_below_the_cutoff_is_tabled_only_as_not_recommended(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    score_all(world, case, {**SHEET, "feasibility": ("10", "미흡")})
    close_evaluation(world.viewer("officer"), case.number)
    number, clerk = plan(world), world.viewer("clerk")
    assert refused(lambda: table_case(clerk, case.number, number)) == "below_cutoff"
    assert table_case(clerk, case.number, number, not_recommended=True).state == "TABLED"


def test_the_agenda_goes_to_every_member_and_names_no_case(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    rows = db.session.scalars(sa.select(Delivery).where(Delivery.path == f"/sittings/{number}")).all()
    assert len(rows) == 48 and {r.channel for r in rows} == {"mail", "inbox"}
    assert all(case.number not in r.subject + r.body and case.title_ko not in r.body for r in rows)


def test_a_late_agenda_needs_the_reason_of_urgency(lite: Flask) -> None:
    world = World(lite)
    case, clerk = ranked(world), world.viewer("clerk")
    number = plan(world, days=7)
    table_case(clerk, case.number, number)
    with pytest.raises(Invalid) as late:
        send_agenda(clerk, number)
    assert late.value.field == "urgency_reason"
    send_agenda(clerk, number, "예산 집행 기한이 임박함")
    assert sitting_for(clerk, number).urgency_reason


def test_eight_days_ahead_is_in_time_for_seven_days_between(lite: Flask) -> None:
    world = World(lite)
    case, clerk = ranked(world), world.viewer("clerk")
    number = plan(world, days=8)
    table_case(clerk, case.number, number)
    send_agenda(clerk, number)
    assert sitting_for(clerk, number).urgency_reason == ""


def test_an_item_added_later_asks_for_the_agenda_again(lite: Flask) -> None:
    world = World(lite)
    _, number = tabled(world)
    table_case(world.viewer("clerk"), ranked(world).number, number)
    assert sitting_for(world.viewer("clerk"), number).agenda_sent_at is None


def test_an_item_opens_only_when_everything_is_in_place(lite: Flask) -> None:
    world = World(lite)
    case, clerk, chair = ranked(world), world.viewer("clerk"), world.viewer("member01")
    number = plan(world)
    table_case(clerk, case.number, number)
    opening = lambda: open_item(chair, case.number)  # noqa: E731
    for name in members(1, 13)[:-1]:
        declare(world.viewer(name), case.number, "member", "none")
    assert refused(opening) == "agenda_late"
    send_agenda(clerk, number)
    assert refused(opening) == "no_roll_call"
    call_roll(clerk, number, [world.ids[n] for n in members(1, 12)])
    assert refused(opening) == "no_quorum"
    arrive(clerk, number, world.ids["member13"])
    assert refused(opening) == "undeclared_members"
    declare(world.viewer("member13"), case.number, "member", "none")
    assert refused(opening) == "no_motion"
    put_motion(clerk, case.number, "approve", "승인한다.", 480_000_000)
    assert refused(lambda: open_item(clerk, case.number)) == "not_your_role"
    assert opening().state == "DELIBERATING"


def test_twelve_of_twenty_four_are_no_quorum_and_the_reason_says_so(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 12))
    with pytest.raises(Refused) as no:
        open_item(world.viewer("member01"), case.number)
    assert no.value.reason.code == "no_quorum"
    assert "12" in no.value.reason.text.ko and "13" in no.value.reason.text.ko


def test_the_roll_is_a_fact_with_times(lite: Flask) -> None:
    world = World(lite)
    _, number = tabled(world)
    clerk = world.viewer("clerk")
    call_roll(clerk, number, [world.ids["member01"], world.ids["member02"]])
    assert refused(lambda: call_roll(clerk, number, [world.ids["member03"]])) == "roll_called"
    leave(clerk, number, world.ids["member02"])
    arrive(clerk, number, world.ids["member02"])
    arrive(clerk, number, world.ids["member02"])
    rows = db.session.scalars(sa.select(Attendance).where(Attendance.user_id == world.ids["member02"])).all()
    assert [(r.left_at is None) for r in sorted(rows, key=lambda r: r.id)] == [False, True]
    with pytest.raises(Invalid):
        arrive(clerk, number, world.ids["officer"])


def test_a_recused_member_finds_neither_the_item_nor_the_case(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    declare(world.viewer("member07"), case.number, "member", "conflict", "친족이 재직함")
    sitting = sitting_for(world.viewer("member07"), number)
    assert agenda_of(world.viewer("member07"), sitting) == []
    assert len(agenda_of(world.viewer("member08"), sitting)) == 1
    with pytest.raises(NotFound):
        fresh(world, case, "member07")


def test_a_motion_is_never_changed_another_takes_its_place(lite: Flask) -> None:
    world = World(lite)
    case, _ = tabled(world)
    clerk = world.viewer("clerk")
    put_motion(clerk, case.number, "approve", "승인한다.", 480_000_000)
    rows = [
        {"article": "제1호", "text": "자료를 공개한다.", "purpose": "성과 공유", "owner": "시", "due": "2027-06-30"}
    ]
    put_motion(clerk, case.number, "approve_with_conditions", "조건부로 승인한다.", 450_000_000, rows)
    found = db.session.scalars(sa.select(Motion).order_by(Motion.round)).all()
    assert [(m.round, m.outcome) for m in found] == [(1, "approve"), (2, "approve_with_conditions")]
    assert db.session.scalars(sa.select(AgendaItem)).one().round == 2


def test_a_motion_over_the_cap_or_without_its_parts_is_refused(lite: Flask) -> None:
    world = World(lite)
    case, _ = tabled(world)
    clerk = world.viewer("clerk")
    assert refused(lambda: put_motion(clerk, case.number, "approve", "승인", 500_000_001)) == "over_cap"
    for outcome, text, amount in (("approve", "승인", None), ("approve", " ", 1), ("nonsense", "x", 1)):
        with pytest.raises(Invalid):
            put_motion(clerk, case.number, outcome, text, amount)
    with pytest.raises(Invalid):
        put_motion(clerk, case.number, "approve_with_conditions", "조건부", 1)
    with pytest.raises(Invalid) as wrong:
        put_motion(clerk, case.number, "approve_with_conditions", "조건부", 1, [{"text": "공개", "purpose": " "}])
    assert wrong.value.field == "conditions-0-purpose"


def test_deferred_to_another_sitting_it_comes_back_and_old_votes_count_nowhere(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 5))
    later = plan(world, days=30)
    chair = world.viewer("member01")
    assert refused(lambda: defer_item(chair, case.number, later, "")) == "no_reason"
    assert refused(lambda: defer_item(chair, case.number, None, "자료 보완")) == "no_sitting"
    assert defer_item(chair, case.number, later, "자료 보완").state == "TABLED"
    items = db.session.scalars(sa.select(AgendaItem).order_by(AgendaItem.id)).all()
    assert len(items) == 2 and items[0].closed_at is not None and items[1].opened_at is None


def test_the_chair_of_the_sitting_it_left_neither_opens_nor_closes_nor_voids_it(lite: Flask) -> None:
    world = World(lite)
    case, _ = tabled(world)
    clerk, before, chair = world.viewer("clerk"), world.viewer("member01"), world.viewer("member11")
    number = plan_sitting(clerk, "kcity", clock.now() + timedelta(days=30), "소회의실", chair.id)
    retable(clerk, case.number, number, "위원장 교대")
    send_agenda(clerk, number)
    seated(world, case, number, members(1, 13))
    assert refused(lambda: open_item(before, case.number)) == "not_your_role"
    open_item(chair, case.number)
    vote(world, case, no=members(1, 13))
    assert refused(lambda: close_ballot(before, case.number)) == "not_your_role"
    assert fresh(world, case).state == "DELIBERATING"
    close_ballot(chair, case.number)
    assert refused(lambda: void_vote(before, case.number, "other", "다시")) == "not_your_role"


def test_a_new_time_empties_the_room_and_asks_for_a_new_agenda(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 5))
    clerk = world.viewer("clerk")
    change_sitting(clerk, number, clock.now() + timedelta(days=40), "다른 회의실", world.ids["member11"])
    sitting = db.session.scalars(sa.select(Sitting)).one()
    assert sitting.roll_called_at is None and sitting.agenda_sent_at is None
    assert sitting.chair_id == world.ids["member11"]
    assert not db.session.scalars(sa.select(Attendance).where(Attendance.left_at.is_(None))).all()


def test_a_sitting_does_not_end_while_an_item_is_open(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    clerk = world.viewer("clerk")
    assert refused(lambda: end_sitting(clerk, number)) == "item_open"
    later = plan(world, days=30)
    defer_item(world.viewer("member01"), case.number, later, "다음에")
    end_sitting(clerk, number)
    assert refused(lambda: end_sitting(clerk, number)) == "sitting_over"
    with pytest.raises(Invalid):
        table_case(clerk, ranked(world).number, number)


def test_the_clerk_orders_the_agenda(lite: Flask) -> None:
    world = World(lite)
    first, number = tabled(world)
    second = ranked(world)
    clerk = world.viewer("clerk")
    table_case(clerk, second.number, number)
    move_up(clerk, number, second.number)
    order = [i.case.number for i in agenda_of(clerk, sitting_for(clerk, number))]
    assert order == [second.number, first.number]
