"""What everybody may read: the open calls, the supported projects with their sources, the procedures."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app import clock
from app.db import unit_of_work
from app.demo.published import load_published
from app.demo.source import read
from tests.world import World
from workflows import schema

PROCEDURES = ["/workflows", "/workflows/kcity-planning", "/workflows/kcity-demonstration"]
PAGES = ["/", "/projects", "/about", "/accessibility", *PROCEDURES]


@pytest.fixture
def full(lite_world: World) -> World:
    with unit_of_work():
        load_published(lite_world.ids["admin"])
    return lite_world


def read_page(world: World, path: str, lang: str = "ko") -> str:
    answer = world.client(None, lang).get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def supported(world: World, **columns: object) -> str:
    """A case of this system that was approved and announced; its number."""
    values = {"outcome": "approve", "awarded_krw": 480_000_000, "lat": "21.03", "lon": "105.85", **columns}
    return world.case_in("ANNOUNCED", **values).number


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_public_page_opens_without_an_account_within_eight_statements(
    full: World, path: str, lang: str, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client = full.client(None, lang)
    with statements() as seen:
        answer = client.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.get_data(as_text=True)
    assert len([s for s in seen if not s.startswith(("BEGIN", "PRAGMA"))]) <= 8


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_stand_before_any_data_is_there(lite: object, path: str) -> None:
    client = lite.test_client()  # type: ignore[attr-defined]
    assert client.get(path).status_code == 200


def test_the_front_page_says_what_is_open_until_when_and_for_which_year(lite_world: World) -> None:
    with clock.pretend(clock.from_seoul("2026-11-22T10:00")):
        text = read_page(lite_world, "/")
    assert "2027년 계획수립형" in text and "2026. 12. 31.까지 접수분은 2027년 사업" in text
    assert "2027년 해외실증형" in text and "2027. 1. 29.까지 접수합니다" in text


def test_after_the_cut_off_the_next_year_is_open_and_a_coming_window_is_announced(lite_world: World) -> None:
    with clock.pretend(clock.from_seoul("2027-01-01T00:00")):
        assert "2028년 계획수립형" in read_page(lite_world, "/")
    with clock.pretend(clock.from_seoul("2026-11-08T10:00")):
        assert "2026. 11. 9. 00:00 KST부터 접수합니다" in read_page(lite_world, "/")


def test_a_sample_is_called_a_sample(lite_world: World) -> None:
    with clock.pretend(clock.from_seoul("2026-11-22T10:00")):
        assert "KRW 500 million (sample)" in read_page(lite_world, "/", "en")


def test_all_59_real_projects_are_listed_and_blank_stays_blank(full: World) -> None:
    text = read_page(full, "/projects")
    assert "2020년부터 2026년까지 28개국에서 59건을 지원하였습니다." in text
    spain = read_page(full, "/projects?year=2021&country=ES")
    assert "사업명 미공개" in spain and "미공개" in spain and "1건" in spain


def test_the_ministrys_total_stands_beside_the_sum_and_the_difference_is_said(full: World) -> None:
    text = read_page(full, "/projects")
    assert "164억 원" in text and "163억 원" in text and "합계가 1억 원 다릅니다" in text
    english = read_page(full, "/projects", "en")
    assert "KRW 16.4 bn" in english and "KRW 16.3 bn" in english and "neither was changed" in english


def test_two_amounts_are_published_and_no_other(full: World) -> None:
    rows = list(csv.DictReader(io.StringIO(read_page(full, "/projects.csv").lstrip("\ufeff"))))
    assert len(rows) == 59
    assert [row["amount_krw"] for row in rows if row["amount_krw"]] == ["400000000"] * 2
    real = read("real_projects.yaml")["projects"]
    known = {(p["year"], p["country"]["iso2"], p["title"]["en"] or "") for p in real}
    assert {(int(r["year"]), r["country_code"], r["title_en"]) for r in rows} == known
    assert all(row["source"] for row in rows)


def test_the_pages_of_the_list_hold_every_project_once(full: World) -> None:
    client, path, seen = full.client(), "/projects", []
    while path:
        page = client.get(path).get_data(as_text=True)
        seen += [part.split('"')[0] for part in page.split('class="title"><a href="/projects/')[1:]]
        path = page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""
    assert len(seen) == len(set(seen)) == 59
    assert seen == sorted(seen, reverse=True)


def test_filters_stand_in_the_address_and_can_be_taken_away(full: World) -> None:
    text = read_page(full, "/projects?year=2022&type=kcity-demonstration")
    assert "2건" in text and text.count('class="title"') == 2
    assert 'href="/projects?type=kcity-demonstration"' in text and 'href="/projects?year=2022"' in text


@pytest.mark.parametrize("query", ["year=1999", "year=x", "country=ZZ", "type=none", "after=KCN-0"])
def test_what_is_not_there_finds_nothing_and_says_so(full: World, query: str) -> None:
    text = read_page(full, f"/projects?{query}")
    assert "찾으시는 사업이 없습니다" in text or "결정이 발표되면" in text


def test_the_record_of_a_project_tells_what_was_announced_and_nothing_else(lite_world: World) -> None:
    number = supported(lite_world)
    text = read_page(lite_world, f"/projects/{number}")
    assert "4억 8,000만 원" in text and "하노이 스마트 교통 관제 기본구상" in text and "2027" in text
    for hidden in ("3억 원", "하노이시 인민위원회", "Plain words", "officer", "signatory"):
        assert hidden not in text


HIDDEN = [
    ("DECIDED", {"outcome": "approve", "awarded_krw": 480_000_000}),
    ("RESERVED", {"outcome": None}),
    ("RESOLVED", {}),
    ("RECEIVED", {}),
    ("DRAFT", {}),
    ("ANNOUNCED", {"outcome": "reject"}),
    ("CLOSED", {"outcome": "reject"}),
    ("WITHDRAWN", {}),
]


@pytest.mark.parametrize(("state", "columns"), HIDDEN)
def test_what_is_not_announced_as_approved_cannot_be_told_from_what_does_not_exist(
    lite_world: World, state: str, columns: dict[str, object]
) -> None:
    case = lite_world.case_in(state, **columns)
    client = lite_world.client("officer")
    there, nowhere = client.get(f"/projects/{case.number}"), client.get("/projects/KCN-2027-9999")
    assert there.status_code == nowhere.status_code == 404
    for path in ("/", "/projects", "/projects.csv"):
        page = client.get(path).get_data(as_text=True)
        assert case.number not in page and "하노이 스마트 교통" not in page


def test_what_looks_like_a_formula_is_text(lite_world: World) -> None:
    supported(lite_world, title_en='=HYPERLINK("http://evil.example","x")', city="@city", title_ko="+1")
    text = read_page(lite_world, "/projects.csv")
    assert text.startswith("\ufeffnumber,")
    (row,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert row["title_en"].startswith("'=") and row["place_en"] == "'@city" and row["title_ko"] == "'+1"


def test_every_act_of_a_procedure_is_shown_with_its_ground(lite: object) -> None:
    page = lite.test_client().get("/workflows/kcity-planning").get_data(as_text=True)  # type: ignore[attr-defined]
    definition = schema.newest("kcity-planning")
    assert all(transition.code in page for transition in definition.transitions)
    assert all(rule.label.ko in page for rule in definition.clocks.values())
    assert "<svg" in page and "style=" not in page


def test_a_procedure_that_is_not_published_is_not_found(lite: object) -> None:
    assert lite.test_client().get("/workflows/../../etc").status_code == 404  # type: ignore[attr-defined]
    assert lite.test_client().get("/workflows/none").status_code == 404  # type: ignore[attr-defined]


def test_an_unknown_query_field_is_refused(lite: object) -> None:
    assert lite.test_client().get("/projects?evil=1").status_code == 400  # type: ignore[attr-defined]
