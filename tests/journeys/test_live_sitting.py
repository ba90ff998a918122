"""A sitting on many screens: they follow it, go blank for who is out, say when they are cut off, and lose no vote."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route, expect

from app.extensions import db
from app.models import Ballot, Case
from app.services.close_ballot import close_ballot
from app.services.open_item import open_item
from tests.committee_steps import members, ranked, seated, tabled, vote
from tests.journeys.conftest import Person, Site
from tests.world import World

People = Callable[..., Person]
NUMBERS = count(1)


@pytest.fixture
def world(site: Site) -> Iterator[World]:
    """The small world behind the site; the connection of the test is let go before and after."""
    db.session.rollback()
    yield site.world
    db.session.rollback()


def called(world: World, recused: str = "member05") -> tuple[Case, int]:
    """A sitting in session whose one item waits to be opened."""
    made = next(NUMBERS)
    case, number = tabled(world, ranked(world, number=f"KCN-2027-{8000 + made}", title_ko=f"사업 {made}"))
    seated(world, case, number, members(1, 14), recused=[recused])
    return case, number


def test_screens_follow_the_sitting_and_go_blank_for_who_is_out(world: World, person: People) -> None:
    case, number = called(world)
    out, member, wall = person("member05"), person("member06"), person("clerk")
    for someone in (out, member):
        someone.open(f"/sittings/{number}")
    wall.open(f"/sittings/{number}/screen")
    expect(member.page.locator(".room-now")).to_contain_text(case.title_ko)
    expect(out.page.locator("#main")).not_to_contain_text(case.title_ko)
    open_item(world.viewer("member01"), case.number)
    expect(member.page.locator(".room-now")).to_contain_text("표결 중입니다")
    expect(wall.page.locator(".screen-now")).to_contain_text("심의 시작")
    expect(out.page.locator(".room-blank")).to_be_visible()
    expect(out.page.locator("#members")).to_have_count(0)
    first = wall.page.locator(".elapsed").inner_text()
    expect(wall.page.locator(".elapsed")).not_to_have_text(first)
    vote(world, case, yes=[name for name in members(1, 14) if name != "member05"])
    expect(wall.page.locator(".screen-figures")).to_contain_text("13 / 13")
    close_ballot(world.viewer("member01"), case.number)
    expect(wall.page.locator(".screen-last")).to_contain_text("가결")
    expect(out.page.locator(".room-blank")).to_have_count(0)
    expect(out.page.locator("#members")).to_be_visible()
    expect(out.page.locator("#main")).not_to_contain_text(case.title_ko)


def test_a_screen_that_is_cut_off_says_so_and_comes_back(world: World, person: People) -> None:
    case, number = called(world)
    member = person("member06")
    page = member.open(f"/sittings/{number}")
    state = page.locator("[data-live-state]")
    member.context.set_offline(True)
    expect(state).to_contain_text("연결이 끊겼습니다")
    expect(page.locator("body")).to_have_attribute("data-stale", "")
    open_item(world.viewer("member01"), case.number)
    member.context.set_offline(False)
    expect(state).to_contain_text("다시 연결되었습니다")
    expect(page.locator(".room-now")).to_contain_text("표결 중입니다")


def at_the_ballot(someone: Person, case: Case) -> Page:
    """The page that confirms a yes."""
    page = someone.open(f"/cases/{case.number}/ballot")
    page.get_by_label("찬성").check()
    someone.press("다음")
    return page


def ballots(world: World, case: Case, name: str) -> int:
    db.session.rollback()
    query = sa.select(sa.func.count()).select_from(Ballot).where(Ballot.case_id == case.id)
    return db.session.scalar(query.where(Ballot.user_id == world.ids[name])) or 0


def posts(then: Callable[[Route], Any]) -> Callable[[Route], Any]:
    return lambda route: then(route) if route.request.method == "POST" else route.continue_()


def test_a_vote_that_did_not_arrive_is_visibly_not_in_and_is_sent_again(world: World, person: People) -> None:
    case, _ = called(world)
    open_item(world.viewer("member01"), case.number)
    member = person("member06")
    page = at_the_ballot(member, case)
    page.route("**/ballot", posts(lambda route: route.abort()))
    member.press("투표 확정")
    expect(page.locator("[data-sure-state]")).to_contain_text("접수되지 않았습니다. 다시 보내십시오.")
    assert ballots(world, case, "member06") == 0
    page.unroute("**/ballot")
    member.press("투표 확정")
    expect(page.locator("#main")).to_contain_text("투표 접수")
    assert ballots(world, case, "member06") == 1


def test_a_vote_whose_answer_was_lost_is_found_to_be_in_and_is_in_once(world: World, person: People) -> None:
    case, _ = called(world)
    open_item(world.viewer("member01"), case.number)
    member = person("member06")
    page = at_the_ballot(member, case)

    def swallow(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/ballot", posts(swallow))
    member.press("투표 확정")
    expect(page.locator("#main")).to_contain_text("투표 접수")
    assert ballots(world, case, "member06") == 1


def test_without_scripts_the_sitting_the_wall_and_the_ballot_work(world: World, person: People) -> None:
    case, number = called(world)
    open_item(world.viewer("member01"), case.number)
    plain = person("member06", java_script_enabled=False)
    plain.open(f"/sittings/{number}")
    expect(plain.page.get_by_role("link", name="새로 고침")).to_be_visible()
    wall = plain.open(f"/sittings/{number}/screen")
    assert wall.locator('meta[http-equiv="refresh"]').count() == 1
    at_the_ballot(plain, case)
    plain.press("투표 확정")
    plain.reads("투표 접수")
    assert ballots(world, case, "member06") == 1
