"""The pages of interests: the desk, challenges, the register, and what a person keeps of himself."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import unit_of_work
from app.extensions import db
from app.models import Affiliation, Challenge, ChallengeRuling, Declaration, Finding, TiesStated
from app.queries.sittings import item_of, sitting_of
from app.queries.standing import out_and_why
from app.services.challenge import challenge
from app.services.declare_interest import declare
from tests.committee_steps import form_panel, in_evaluation, members, tabled
from tests.world import World


@pytest.fixture
def world(lite: Flask) -> World:
    return World(lite)


def rows(model: Any) -> list[Any]:
    """Everything in the table now, read anew, newest last."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(model).order_by(model.id)))


def once(html: str) -> str:
    found = re.search(r'name="once"[^>]*value="([^"]+)"', html)
    return found.group(1) if found else ""


def test_the_desk_shows_everybody_in_three_states_and_words(world: World) -> None:
    case = in_evaluation(world)
    page = world.client("officer").get(f"/cases/{case.number}/interests").text
    assert page.count("?person=") == 5 and "확인 불가 6" in page and "없음 3" in page
    assert "공직자의 이해충돌 방지법 제2조제6호나목" in page and "견본" in page
    english = world.client("auditor", "en").get(f"/cases/{case.number}/interests").text
    assert "6 not checked" in english and "Conflict of Interest Prevention Act Art. 2 no. 6(b)" in english
    told = english.split("Who takes part")[1].split("</main>")[0]
    assert not re.search("[가-힣]", told.replace(" 님", "")), told
    assert (
        "6 not checked" in english
        and "확인 불가 6" in world.client("clerk").get(f"/cases/{case.number}/interests").text
    )


@pytest.mark.parametrize("name", ["evaluator1", "applicant", "member01", "minister", "embassy", "admin", "stranger"])
def test_nobody_else_finds_the_desk(world: World, name: str) -> None:
    case = in_evaluation(world)
    assert world.client(name).get(f"/cases/{case.number}/interests").status_code == 404
    assert world.client(name).get(f"/cases/{case.number}/interests?person=1").status_code == 404


def test_the_desk_excludes_and_goes_on_to_the_next_who_needs_a_look(world: World) -> None:
    case = in_evaluation(world)
    first, second = world.ids["evaluator1"], world.ids["evaluator2"]
    for person in (first, second):
        world.client("admin").post(
            f"/admin/people/{person}/ties", data={"organisation": "하노이시 인민위원회", "kind": "advisory"}
        )
    client = world.client("officer")
    url = f"/cases/{case.number}/interests"
    page = client.get(f"{url}?person={first}").text
    assert "해당 사항 발견" in page and "하노이시 인민위원회" in page and "js/interests.js" in page
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page)
    assert revision
    data = {"person": first, "answer": "excluded", "ground": "act_client", "revision": revision.group(1)}
    missing = client.post(url, data=data)
    assert missing.status_code == 422 and "사유" in missing.text and f'value="{first}"' in missing.text
    done = client.post(url, data={**data, "reason": "자문 계약이 확인됨"})
    assert (done.status_code, done.location) == (303, f"{url}?person={second}")
    db.session.rollback()
    assert out_and_why(case.id, first).excluded
    stale = client.post(url, data={**data, "person": second, "reason": "자문 계약이 확인됨"})
    assert stale.status_code == 409
    assert client.get(f"{url}?person=999999").status_code == client.get(f"{url}?person=x").status_code == 404
    assert len(rows(Finding)) == 1


def test_an_auditor_reads_and_judges_nothing(world: World) -> None:
    case = in_evaluation(world)
    client, url = world.client("auditor"), f"/cases/{case.number}/interests"
    assert "data-judge" not in client.get(f"{url}?person={world.ids['evaluator1']}").text
    data = {"person": world.ids["evaluator1"], "answer": "clear", "reason": "x", "revision": case.seq}
    assert client.post(url, data=data).status_code == 422
    assert rows(Finding) == []


def test_a_person_sees_what_was_found_and_declares_with_grounds(world: World) -> None:
    case = world.case_in("CONSULTED")
    form_panel(world, case, ["evaluator1"])
    client = world.client("evaluator1")
    client.post("/account/interests", data={"organisation": "HANOI PEOPLE'S COMMITTEE", "kind": "officer"})
    page = client.get(f"/cases/{case.number}/declare").text
    assert "해당 사항 발견" in page and "상호 평가" not in page
    assert 'value="act_officer"' in page and 'name="answer"' in page and "checked" not in page
    faulty = client.post(f"/cases/{case.number}/declare", data={"answer": "none", "grounds": "act_officer"})
    assert faulty.status_code == 422
    data = {"answer": "conflict", "grounds": ["act_officer", "house_employed"], "once": once(page)}
    assert client.post(f"/cases/{case.number}/declare", data=data).location == "/duties"
    row = rows(Declaration)[-1]
    assert (row.grounds, row.number) == (["act_officer", "house_employed"], 3)
    assert client.get(f"/cases/{case.number}/declare").status_code == 404


def test_the_applicant_challenges_and_reads_what_was_decided(world: World) -> None:
    case = in_evaluation(world)
    applicant, url = world.client("applicant"), f"/cases/{case.number}/challenge"
    page = applicant.get(url).text
    assert "위원회 위원" in page and "평가위원 후보" in page and f'value="{world.ids["evaluator7"]}"' in page
    empty = applicant.post(url, data={"person": 0, "reason": "이유"})
    assert empty.status_code == 422
    data = {"person": world.ids["member05"], "reason": "경쟁 기관의 자문", "evidence": "보도", "once": once(page)}
    assert [applicant.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(rows(Challenge)) == 1
    delegate = world.client("delegate").get(url)
    assert delegate.status_code == 200 and 'name="person"' not in delegate.text
    for name in ("officer", "evaluator1", "stranger", "member05"):
        assert world.client(name).get(url).status_code == 404
    (made,) = rows(Challenge)
    clerk = world.client("clerk")
    form = clerk.get(f"{url}/decide").text
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', form)
    assert revision
    vote = {"challenge": made.id, "present": 20, "yes": 11, "no": 9, "abstain": 0, "revision": revision.group(1)}
    assert clerk.post(f"{url}/decide", data={**vote, "reason": "의결", "no": ""}).status_code == 422
    assert clerk.post(f"{url}/decide", data={**vote, "reason": "의결", "present": 12}).status_code == 422
    assert clerk.post(f"{url}/decide", data={**vote, "reason": "공정을 기대하기 어려움"}).status_code == 303
    assert rows(ChallengeRuling)[0].upheld
    shown = applicant.get(url).text
    assert "인용" in shown and "공정을 기대하기 어려움" in shown
    assert "기피신청 인용" in applicant.get(f"/cases/{case.number}").text
    for name in ("officer", "evaluator1", "applicant"):
        assert world.client(name).get(f"{url}/decide").status_code == 404


def test_the_register_tells_everything_on_record_a_page_at_a_time(world: World) -> None:
    case = in_evaluation(world)
    declare(world.viewer("evaluator2"), case.number, "evaluator", "conflict", "친족이 근무함", grounds=["act_family"])
    challenge(world.viewer("applicant"), case.number, world.ids["member05"], "경쟁 기관의 자문")
    page = world.client("clerk").get("/sittings/interests").text
    assert page.count("이해충돌 없음 신고") == 5 and "이해충돌 신고 (회피)" in page and "친족이 근무함" in page
    assert "본인 또는 가족이 신청기관·참여기관의 당사자임" in page and "기피신청" in page
    assert world.client("clerk").get("/sittings/interests?page=2").text.count("<tr>") == 0
    for bad in ("0", "x", "9999999"):
        assert world.client("clerk").get(f"/sittings/interests?page={bad}").status_code == 400
    for name in ("member01", "evaluator1", "applicant", "minister", "admin"):
        assert world.client(name).get("/sittings/interests").status_code == 404


def test_a_person_keeps_his_ties_and_sees_only_declarations_on_cases_he_may_know_of(world: World) -> None:
    case = in_evaluation(world)
    client = world.client("evaluator1")
    assert "목록이 전부임을 확인하지 않으면" in client.get("/account/interests").text
    assert client.post("/account/interests/complete").status_code == 303
    assert rows(TiesStated)[0].user_id == world.ids["evaluator1"]
    faulty = client.post("/account/interests", data={"organisation": "", "kind": "officer"})
    assert faulty.status_code == 422 and "기관명을 적어 주십시오." in faulty.text
    good = {"organisation": "한국도시연구원", "kind": "employment", "since": "2020-01-01", "until": "2025-06-30"}
    assert client.post("/account/interests", data=good).status_code == 303
    (tie,) = rows(Affiliation)
    page = client.get("/account/interests").text
    assert "한국도시연구원" in page and case.number in page and "재신고 요청" in page
    assert "본인의 소속·이해관계 정보가 바뀌었습니다." in page
    assert "The affiliations on file have changed." in world.client("evaluator1", "en").get("/account/interests").text
    other = world.client("evaluator2").post(f"/account/interests/{tie.id}/withdraw")
    assert other.status_code == 404
    assert client.post(f"/account/interests/{tie.id}/withdraw").status_code == 303
    declare(world.viewer("evaluator1"), case.number, "evaluator", "conflict", "친족이 근무함")
    assert case.number not in client.get("/account/interests").text


def test_an_administrator_keeps_the_ties_of_a_person(world: World) -> None:
    person = world.ids["evaluator3"]
    client, url = world.client("admin"), f"/admin/people/{person}/ties"
    assert client.post(url, data={"organisation": "한국도시연구원", "kind": "officer"}).status_code == 303
    (tie,) = rows(Affiliation)
    assert (tie.source, tie.entered_by) == ("administrator", world.ids["admin"])
    assert rows(TiesStated) == []
    assert "한국도시연구원" in client.get(url).text
    assert client.post(f"{url}/{tie.id}/withdraw").status_code == 303
    assert world.client("officer").get(url).status_code == 404
    assert client.get("/admin/people/999999/ties").status_code == 404


def test_an_alarm_stands_on_the_pages_of_those_who_can_help(world: World) -> None:
    case = in_evaluation(world)
    assert "인원이 모자랄 수 있습니다" not in world.client("officer").get(f"/cases/{case.number}/evaluation").text
    declare(world.viewer("evaluator2"), case.number, "evaluator", "conflict", "친족이 근무함")
    for path in (f"/cases/{case.number}/evaluation", f"/cases/{case.number}/interests"):
        assert "참여할 수 있는 위원은 4명" in world.client("officer").get(path).text
    assert "참여할 수 있는 위원은 4명" in world.client("officer").get("/duties").text
    for name in ("evaluator1", "evaluator2"):
        assert "인원이 모자랄" not in world.client(name).get("/duties").text


def test_an_alarm_of_an_item_stands_at_the_sitting_for_the_clerk_and_not_for_members(world: World) -> None:
    case, number = tabled(world)
    with unit_of_work():
        sitting = sitting_of(item_of(case))
        sitting.rule = {**sitting.rule, "recused_count_for_quorum": False}
    for name in members(2, 13):
        declare(world.viewer(name), case.number, "member", "conflict", "자문")
    words = "참석할 수 있는 위원이 12명뿐입니다"
    for path in (f"/sittings/{number}", f"/cases/{case.number}/committee", "/duties"):
        assert words in world.client("clerk").get(path).text, path
    assert words not in world.client("member01").get(f"/sittings/{number}").text
    assert case.number not in world.client("member02").get(f"/sittings/{number}").text


def test_a_challenge_waits_among_the_clerks_duties(world: World) -> None:
    case = in_evaluation(world)
    challenge(world.viewer("applicant"), case.number, world.ids["member05"], "경쟁 기관의 자문")
    assert f"/cases/{case.number}/challenge/decide" in world.client("clerk").get("/duties").text
    assert "challenge/decide" not in world.client("officer").get("/duties").text
