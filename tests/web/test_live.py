"""A page that follows its sitting: fresh when something changed, silent when not, blank for who is out of the item."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.models import Ballot
from app.services.call_roll import arrive, end_sitting, leave
from app.services.close_ballot import close_ballot
from app.services.declare_interest import declare
from app.services.defer_item import defer_item
from app.services.open_item import open_item
from app.services.send_agenda import send_agenda
from app.services.table_case import table_case
from app.services.write_message import write_message
from tests.committee_steps import members, plan, ranked, seated, tabled, vote, voting
from tests.world import World, counted_statements

PARTS = ("live", "screen/live")


class Screen:
    """A browser that keeps the last mark, as static/js/live.js does."""

    def __init__(self, client: FlaskClient, path: str) -> None:
        self.client, self.path, self.mark, self.text = client, path, "", ""

    def ask(self) -> bool:
        """Whether the screen has changed."""
        answer = self.client.get(self.path, headers={"If-None-Match": self.mark} if self.mark else {})
        assert answer.status_code in (200, 304), answer.status_code
        if answer.status_code == 304:
            assert not answer.data
            return False
        self.mark, self.text = answer.headers["ETag"], answer.text
        return True


def screen(world: World, name: str, number: int, part: str = "live", lang: str = "ko") -> Screen:
    return Screen(world.client(name, lang), f"/sittings/{number}/{part}")


@pytest.mark.parametrize("part", PARTS)
def test_a_screen_changes_when_the_sitting_does_and_only_then(lite: Flask, part: str) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    shown = screen(world, "clerk", number, part)
    assert shown.ask() and not shown.ask()
    arrive(world.viewer("clerk"), number, world.ids["member14"])
    assert shown.ask() and "14" in shown.text and not shown.ask()
    leave(world.viewer("clerk"), number, world.ids["member14"])
    assert shown.ask() and not shown.ask()
    open_item(world.viewer("member01"), case.number)
    assert shown.ask() and "심의 시작" in shown.text and not shown.ask()
    defer_item(world.viewer("member01"), case.number, plan(world), "자료 보완")
    assert shown.ask() and not shown.ask()
    end_sitting(world.viewer("clerk"), number)
    assert shown.ask() and "data-over" in shown.text and not shown.ask()


def test_an_unchanged_screen_costs_two_statements_beside_the_session(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    shown = screen(world, "member05", number)
    shown.ask()
    with counted_statements() as seen:
        assert not shown.ask()
    asked = [s for s in seen if s.startswith("SELECT") and "login_session" not in s and "role_grant" not in s]
    assert len(asked) == 2, asked


def test_a_conflicted_member_sees_nothing_while_his_item_is_open_and_everything_after(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    other = ranked(world, title_ko="다음 사업", title_en="The next project")
    table_case(world.viewer("clerk"), other.number, number)
    send_agenda(world.viewer("clerk"), number)
    seated(world, case, number, members(1, 14), recused=["member05"])
    out = {part: screen(world, "member05", number, part) for part in PARTS}
    for one in out.values():
        one.ask()
        assert case.title_ko not in one.text and case.number not in one.text and "다음 사업" in one.text
    open_item(world.viewer("member01"), case.number)
    for one in out.values():
        assert one.ask() and "화면을 비웁니다" in one.text and "data-blank" in one.text
        assert "다음 사업" not in one.text and case.number not in one.text and "위원 명단" not in one.text
    page = world.client("member05").get(f"/sittings/{number}").text
    assert "화면을 비웁니다" in page and "다음 사업" not in page and "위원 명단" not in page
    assert case.title_ko in world.client("member06").get(f"/sittings/{number}").text
    arrive(world.viewer("clerk"), number, world.ids["member20"])
    for one in out.values():
        assert not one.ask(), "nothing that happens while he is out moves his screen"
    defer_item(world.viewer("member01"), case.number, plan(world), "자료 보완")
    for one in out.values():
        assert one.ask() and "다음 사업" in one.text and case.number not in one.text


def test_what_happens_on_an_item_moves_no_screen_of_who_is_out_of_it(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    declare(world.viewer("member05"), case.number, "member", "conflict", "자문")
    out, inside = screen(world, "member05", number), screen(world, "member06", number)
    out.ask()
    inside.ask()
    write_message(world.viewer("officer"), case.number, "안내")
    assert inside.ask() and not out.ask()


def test_the_projector_names_nobody_but_the_page_of_the_sitting_does(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 14), recused=["member05"])
    page = world.client("clerk").get(f"/sittings/{number}/screen")
    assert page.status_code == 200 and "<noscript><meta http-equiv" in page.text
    assert "member05" not in page.text and "member06" not in page.text and "clerk 님" not in page.text
    assert "로그아웃" not in page.text and "의사정족수" in page.text and "회피" in page.text
    assert "member06" in world.client("clerk").get(f"/sittings/{number}").text


def test_strangers_find_no_screen_and_a_language_has_a_mark_of_its_own(lite: Flask) -> None:
    world = World(lite)
    _, number = tabled(world)
    for part in ("screen", *PARTS):
        assert world.client("applicant").get(f"/sittings/{number}/{part}").status_code == 404
        assert world.client().get(f"/sittings/{number}/{part}").status_code == 302
        assert world.client("clerk").get(f"/sittings/99/{part}").status_code == 404
    marks = {lang: screen(world, "clerk", number, lang=lang) for lang in ("ko", "en")}
    for one in marks.values():
        one.ask()
    assert marks["ko"].mark != marks["en"].mark and "Quorum for this item" in marks["en"].text


def test_the_agenda_has_times_and_says_how_late_it_is(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    table_case(world.viewer("clerk"), ranked(world).number, number)
    page = world.client("clerk").get(f"/sittings/{number}").text
    assert page.count("15분") >= 3 and case.number in page


def test_a_ballot_is_in_or_visibly_not_and_never_twice(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    client, path = world.client("member06"), f"/cases/{case.number}/ballot"
    asked = lambda: client.get(f"{path}/state").get_json()  # noqa: E731
    assert asked() == {"recorded": False}
    form = {"choice": "yes", "confirmed": "yes", "once": "k" * 24}
    page = client.post(path, data={"choice": "yes", "once": form["once"]}).text
    assert f'data-sure="{path}/state"' in page and f'action="{path}"' in page
    assert client.post(path, data=form).status_code == 303 and asked() == {"recorded": True}
    assert client.post(path, data=form).status_code == 303
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 1
    for name in ("clerk", "member20", "applicant"):
        answer = world.client(name).get(f"{path}/state")
        assert answer.status_code == 404 or answer.get_json() == {"recorded": False}


def test_the_screen_of_a_voter_says_that_his_vote_is_in_and_shows_the_verdict_after_the_close(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    mine, wall = screen(world, "member06", number), screen(world, "clerk", number, "screen/live")
    assert mine.ask() and "내 투표 미접수" in mine.text and wall.ask()
    vote(world, case, yes=["member06"])
    assert mine.ask() and "내 투표 접수됨" in mine.text and "1 / 13" in mine.text
    assert wall.ask() and "찬성" not in wall.text
    vote(world, case, yes=members(1, 5) + members(7, 13))
    close_ballot(world.viewer("member01"), case.number)
    assert wall.ask() and "방금 의결" in wall.text and "가결" in wall.text and "member" not in wall.text
