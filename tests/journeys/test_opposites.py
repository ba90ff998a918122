"""What must not happen, tried by hand: too much money, a tie, too few in the room, a conflict, two people at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.db import unit_of_work
from app.extensions import db
from app.models import Case, Decision, Section
from app.services.call_roll import arrive
from app.services.declare_interest import declare
from tests.committee_steps import members, ranked, resolved, seated, tabled, vote, voting
from tests.journeys.conftest import Person, Site
from tests.world import World

People = Callable[..., Person]
NUMBERS = count(1)


@dataclass
class Stage:
    """The site, its people, and cases with a city of their own."""

    site: Site
    person: People

    @property
    def world(self) -> World:
        """The small world behind the site."""
        return self.site.world

    def case(self, state: str) -> Case:
        """A case in `state`, the only one of its city."""
        made = next(NUMBERS)
        number = f"DRAFT-{made:04}" if state == "DRAFT" else f"KCN-2027-{9000 + made}"
        return self.world.case_in(state, number=number, city=f"City {made}")

    def draft(self) -> str:
        """A whole draft, ready to be submitted; it says its rank because its country has others. Its number."""
        number = self.case("DRAFT").number
        with unit_of_work():
            of_case = sa.select(Case.id).where(Case.number == number).scalar_subquery()
            need = db.session.scalars(sa.select(Section).where(Section.case_id == of_case, Section.key == "need")).one()
            need.answers = {**need.answers, "several_from_country": "yes", "national_priority_rank": 1}
        return number

    def ranked(self) -> Case:
        """A case whose evaluation is closed."""
        made = next(NUMBERS)
        return ranked(self.world, number=f"KCN-2027-{9000 + made}", city=f"City {made}")


@pytest.fixture
def stage(site: Site, person: People) -> Iterator[Stage]:
    """Ready to act; the connection of the test is let go before and after."""
    db.session.rollback()
    yield Stage(site, person)
    db.session.rollback()


def state_of(number: str) -> str | None:
    db.session.rollback()
    return db.session.scalar(sa.select(Case.state).where(Case.number == number))


# Money -----------------------------------------------------------------------------------------------------


def test_one_won_over_the_cap_is_refused_with_the_excess_and_what_was_typed_stays(stage: Stage) -> None:
    number = resolved(stage.world, stage.ranked()).number
    minister = stage.person("minister")
    minister.open(f"/cases/{number}/decide")
    minister.page.locator("input[name=outcome][value=approve]").check()
    minister.page.locator("[name=amount]").fill("500000001")
    minister.page.locator("[name=reason]").fill("추가 교차로 세 곳을 포함한다.")
    minister.press("다음")
    summary = minister.page.locator("#error-summary")
    expect(summary).to_contain_text("1원 초과")
    expect(minister.page.locator("[name=amount]")).to_have_value("500000001")
    expect(minister.page.locator("[name=reason]")).to_have_value("추가 교차로 세 곳을 포함한다.")
    expect(minister.page.locator("input[name=outcome][value=approve]")).to_be_checked()
    assert state_of(number) == "RESOLVED"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 0


# Votes -----------------------------------------------------------------------------------------------------


def test_a_tie_fails_and_the_page_says_so(stage: Stage) -> None:
    case, sitting = voting(stage.world, members(1, 14), case=stage.ranked())
    vote(stage.world, case, yes=members(1, 7), no=members(8, 14))
    chair = stage.person("member01")
    chair.open(f"/sittings/{sitting}")
    chair.follow("표결 종료·의결")
    chair.press("표결 종료·의결")
    chair.told("처리하였습니다")
    chair.open(f"/cases/{case.number}/committee")
    chair.reads("부결", "불승인")
    minister = stage.person("minister", lang="en-US")
    minister.open(f"/cases/{case.number}/committee")
    minister.reads("not carried")


def test_twelve_in_the_room_are_no_quorum_and_the_chair_reads_why(stage: Stage) -> None:
    case, sitting = tabled(stage.world, stage.ranked())
    seated(stage.world, case, sitting, members(1, 12))
    chair = stage.person("member01")
    chair.open(f"/sittings/{sitting}")
    chair.reads("12 / 24", "미달")
    chair.open(f"/cases/{case.number}/open-item")
    chair.reads("지금은 할 수 없습니다", "13명")
    expect(chair.page.locator("#main").get_by_role("button", name="심의 개시")).to_have_count(0)
    assert state_of(case.number) == "TABLED"
    arrive(stage.world.viewer("clerk"), sitting, stage.world.ids["member13"])
    declare(stage.world.viewer("member13"), case.number, "member", "none", "")
    chair.open(f"/cases/{case.number}/open-item")
    chair.press("심의 개시")
    chair.told("처리하였습니다: 심의 개시")


def test_a_recused_member_finds_nothing_of_the_case(stage: Stage) -> None:
    case, sitting = tabled(stage.world, stage.ranked())
    member = stage.person("member05")
    member.open(f"/sittings/{sitting}")
    member.reads(case.number)
    member.open(f"/cases/{case.number}/declare")
    member.page.locator("input[name=answer][value=conflict]").check()
    member.page.locator("[name=ground]").fill("신청기관의 자문위원이다.")
    member.press("신고")
    member.told("더 이상 보이지 않습니다")
    for tail in ("", "/proposal", "/committee", "/ballot", "/declare", "/history", "/letter", "/messages"):
        assert member.finds_nothing(f"/cases/{case.number}{tail}"), tail
    for path in ("/duties", "/sittings", f"/sittings/{sitting}", "/projects", "/notices"):
        member.open(path)
        expect(member.page.locator("body")).not_to_contain_text(case.number)
    answer = member.context.request.get(member.url(f"/api/v1/cases/{case.number}"))
    unknown = member.context.request.get(member.url("/api/v1/cases/KCN-2027-0000"))
    assert (answer.status, answer.text()) == (unknown.status, unknown.text())


# Two people, two pages -------------------------------------------------------------------------------------


def test_an_old_page_loses_nothing_of_either_text(stage: Stage) -> None:
    number = stage.draft()
    page = f"/applications/{number}/sections/support"
    first, second = stage.person("applicant"), stage.person("delegate")
    first.open(page)
    second.open(page)
    first.page.locator("[name=task_scope]").fill("Twelve junctions in the old town.")
    first.press("임시 저장")
    first.told("저장하였습니다.")
    second.page.locator("[name=task_scope]").fill("Thirty junctions along the ring road.")
    with second.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        second.press("임시 저장")
    assert answered.value.status == 409
    expect(second.page.locator("h1")).to_have_text("두 사람이 함께 고쳤습니다")
    expect(second.page.locator(".theirs")).to_contain_text("Twelve junctions in the old town.")
    expect(second.page.locator(".yours")).to_contain_text("Thirty junctions along the ring road.")
    second.page.locator("input[name=pick-task_scope][value=both]").check()
    second.press("고른 대로 저장")
    second.told("고르신 대로 저장하였습니다.")
    kept = second.page.locator("[name=task_scope]").input_value()
    assert "Twelve junctions" in kept and "Thirty junctions" in kept


def test_a_case_that_moved_on_is_not_overwritten_by_an_older_page(stage: Stage) -> None:
    number = stage.case("SCREENING").number
    first, second = stage.person("officer"), stage.person("officer2")
    for officer in (first, second):
        officer.open(f"/cases/{number}/screening/supplement")
        officer.page.locator("[name=items-0-section]").select_option("need")
        officer.page.locator("[name=items-0-reason]").fill(f"{officer.name}: 수치를 적어 주십시오.")
    first.press("보완 요청")
    first.told("보완을 요청하였습니다.")
    second.press("보완 요청")
    expect(second.page.locator("#main")).to_contain_text("officer2: 수치를 적어 주십시오.")
    assert state_of(number) == "SUPPLEMENT"


# Drafts and submission -------------------------------------------------------------------------------------


def test_a_delegate_may_write_but_not_submit_and_reads_why(stage: Stage) -> None:
    number = stage.draft()
    delegate = stage.person("delegate", lang="en-US")
    delegate.open(f"/applications/{number}/submit")
    delegate.reads("It cannot be submitted yet.", "A delegate may write but not submit.")
    expect(delegate.page.locator("#main").get_by_role("button", name="Submit")).to_have_count(0)
    assert state_of(number) == "DRAFT"


def test_a_draft_saves_itself_and_survives_a_closed_browser(stage: Stage) -> None:
    number = stage.draft()
    writer = stage.person("applicant", lang="en-US")
    writer.open(f"/applications/{number}/sections/need")
    writer.page.locator("[name=expected_change]").fill("Buses arrive on time.")
    expect(writer.page.locator("[data-saved-at]")).to_contain_text("Saved at")
    writer.context.close()
    again = stage.person("applicant")
    again.open(f"/applications/{number}/sections/need")
    expect(again.page.locator("[name=expected_change]")).to_have_value("Buses arrive on time.")


def test_submit_pressed_twice_and_in_two_tabs_gives_one_receipt(stage: Stage) -> None:
    number = stage.draft()
    hanoi = stage.person("applicant", lang="en-US")
    other = hanoi.another_page()
    for tab in (hanoi.page, other):
        tab.goto(hanoi.url(f"/applications/{number}/submit"))
    buttons = [tab.locator("#main").get_by_role("button", name="Submit", exact=True) for tab in (hanoi.page, other)]
    buttons[0].dblclick()
    expect(hanoi.page.locator("h1")).to_have_text("Receipt")
    buttons[1].click()
    expect(other.locator("h1")).to_have_text("Receipt")
    assert other.url == hanoi.page.url
    hanoi.open(f"/applications/{number}/submit")
    assert hanoi.page.url == other.url


# Sessions --------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_on_the_server(stage: Stage) -> None:
    officer = stage.person("officer", by="form")
    old = officer.context.cookies()
    officer.open("/desk")
    officer.page.locator("details.account summary").click()
    officer.page.get_by_role("button", name="로그아웃").click()
    expect(officer.page.get_by_role("link", name="로그인", exact=True)).to_be_visible()
    officer.context.clear_cookies()
    officer.context.add_cookies(old)
    officer.open("/desk")
    expect(officer.page.locator("h1")).to_have_text("로그인")
