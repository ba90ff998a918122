"""An agenda is filled in one go and ordered by who is out; the clerk alone does it, and may still order by hand."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import AgendaItem, Case, Sitting
from app.queries.agenda import proposed_order, ready_cases, recusals_of
from app.queries.live import planned_times
from app.queries.sittings import sitting_for
from app.services.close_evaluation import close_evaluation
from app.services.declare_interest import declare
from app.services.open_item import open_item
from app.services.table_case import move_up
from app.services.table_cases import order_by_recusals, table_cases
from tests.committee_steps import SHEET, fresh, in_evaluation, members, plan, ranked, score_all, seated, tabled
from tests.world import World
from workflows.engine import Refused


def agenda(number: int) -> list[str]:
    """Case numbers in the order of the agenda, as stored."""
    db.session.rollback()
    query = (
        sa.select(Case.number)
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(Sitting, Sitting.id == AgendaItem.sitting_id)
        .where(Sitting.number == number)
        .order_by(AgendaItem.position)
    )
    return list(db.session.scalars(query))


def below(world: World) -> Case:
    """A case whose total is below the cut-off."""
    case = in_evaluation(world)
    score_all(world, case, {**SHEET, "feasibility": ("10", "미흡")})
    close_evaluation(world.viewer("officer"), case.number)
    return case


def test_ready_cases_are_offered_best_first_and_tabled_in_one_go(world: World) -> None:
    clerk, bad, good = world.viewer("clerk"), below(world), ranked(world)
    number = plan(world)
    offered = ready_cases(clerk, "kcity")
    assert [(row.case.number, row.below_cutoff) for row in offered] == [(good.number, False), (bad.number, True)]
    assert table_cases(clerk, number, [bad.number, good.number]) == 2
    assert agenda(number) == [good.number, bad.number]
    assert db.session.scalar(sa.select(AgendaItem.not_recommended).where(AgendaItem.case_id == bad.id)) is True
    assert fresh(world, good).state == fresh(world, bad).state == "TABLED"
    assert ready_cases(clerk, "kcity") == []


def test_a_case_that_is_not_ready_leaves_all_of_them_where_they_were(lite_world: World) -> None:
    world = lite_world
    clerk, good, other = world.viewer("clerk"), ranked(world), in_evaluation(world)
    number = plan(world)
    for chosen in ([good.number, other.number], []):
        with pytest.raises(Invalid):
            table_cases(clerk, number, chosen)
    assert fresh(world, good).state == "RANKED" and agenda(number) == []


def test_nobody_but_the_clerk_fills_or_orders_an_agenda(lite_world: World) -> None:
    world = lite_world
    case, number = tabled(world)
    for name in ("officer", "member01", "auditor", "applicant"):
        with pytest.raises(NotFound):
            table_cases(world.viewer(name), number, [case.number])
        with pytest.raises(NotFound):
            order_by_recusals(world.viewer(name), number)
    assert ready_cases(world.viewer("member01"), "kcity") == []


def test_items_with_the_same_recusals_are_brought_together(world: World) -> None:
    clerk = world.viewer("clerk")
    cases = [ranked(world) for _ in range(4)]
    number = plan(world)
    table_cases(clerk, number, [case.number for case in cases])
    for place in (0, 2):
        for name in ("member05", "member06"):
            declare(world.viewer(name), cases[place].number, "member", "conflict", "자문")
    sitting = sitting_for(clerk, number)
    assert sorted(map(len, recusals_of(sitting).values())) == [2, 2]
    assert (proposed_order(sitting).before, proposed_order(sitting).after) == (8, 4)
    order = order_by_recusals(clerk, number)
    assert order.after == 4
    out = [case_number in (cases[0].number, cases[2].number) for case_number in agenda(number)]
    assert out in ([True, True, False, False], [False, False, True, True])
    first, second = agenda(number)[:2]
    move_up(clerk, number, second)
    assert agenda(number)[:2] == [second, first]


def test_a_conflict_taken_back_is_none(lite_world: World) -> None:
    world = lite_world
    case, number = tabled(world)
    declare(world.viewer("member05"), case.number, "member", "none")
    assert recusals_of(sitting_for(world.viewer("clerk"), number)) == {}


def test_an_open_item_is_not_moved_about(lite_world: World) -> None:
    world = lite_world
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    open_item(world.viewer("member01"), case.number)
    with pytest.raises(Refused) as no:
        order_by_recusals(world.viewer("clerk"), number)
    assert no.value.reason.code == "item_open"


def test_pages_offer_what_is_ready(lite: Flask) -> None:
    world = World(lite)
    good, bad = ranked(world), below(world)
    number = plan(world)
    assert world.client("member01").get(f"/sittings/{number}/items").status_code == 404
    client = world.client("clerk")
    page = client.get(f"/sittings/{number}/items")
    assert page.status_code == 200 and good.number in page.text and "비추천" in page.text
    assert client.post(f"/sittings/{number}/items", data={}).status_code == 422
    done = client.post(f"/sittings/{number}/items", data={"numbers": [good.number, bad.number]})
    assert done.status_code == 303 and agenda(number) == [good.number, bad.number]
    assert client.post(f"/sittings/{number}/order", data={}).status_code == 303


def test_times_of_the_agenda_follow_from_how_long_items_take(lite: Flask) -> None:
    world = World(lite)
    first, number = tabled(world)
    table_cases(world.viewer("clerk"), number, [ranked(world).number])
    sitting = sitting_for(world.viewer("clerk"), number)
    ids = [item for item, _ in sorted(planned_times(sitting).items(), key=lambda pair: pair[1])]
    client = world.client("clerk")
    assert first.title_ko in client.get(f"/sittings/{number}/times").text
    assert client.post(f"/sittings/{number}/times", data={f"minutes_{ids[0]}": "0"}).status_code == 422
    wanted = {f"minutes_{ids[0]}": "40", f"minutes_{ids[1]}": "25"}
    assert client.post(f"/sittings/{number}/times", data=wanted).status_code == 303
    db.session.rollback()
    times = planned_times(sitting_for(world.viewer("clerk"), number))
    assert [(times[item] - sitting.starts_at).total_seconds() for item in ids] == [0, 40 * 60]
    assert "40분" in client.get(f"/sittings/{number}").text
    assert world.client("officer").get(f"/sittings/{number}/times").status_code == 404
