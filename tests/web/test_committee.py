"""The pages of evaluation, committee and decision: who finds which, what they never tell, how a refusal reads."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import Ballot, Decision, ScoreSheet
from app.services.announce import announce_due
from app.services.answer_duty import accept
from app.services.close_ballot import close_ballot
from app.services.close_evaluation import close_evaluation
from app.services.declare_interest import declare
from app.services.invite_evaluator import invite
from app.services.preview_letter import preview_letter
from app.services.set_announcement import set_announcement
from app.services.submit_scores import submit_sheet
from tests.committee_steps import (
    PANEL,
    SHEET,
    decided,
    fresh,
    in_evaluation,
    members,
    plan,
    ranked,
    resolved,
    tabled,
    vote,
    voting,
)
from tests.world import World, counted_statements

CANARY = "카나리아-사유-7391"


def answers(client: FlaskClient, *paths: str) -> str:
    """The bodies of pages that must all be found."""
    bodies = []
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        bodies.append(response.get_data(as_text=True))
    return "\n".join(bodies)


def stored(query: sa.Select) -> list:
    """Rows as they are now, read anew."""
    db.session.rollback()
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def once_of(page: str) -> str:
    found = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    assert found, "a form carries its once-key"
    return found.group(1)


def revision_of(page: str) -> str:
    found = re.search(r'name="revision"[^>]*value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_an_evaluator_declares_then_scores_with_the_paper_beside_the_sheet(lite: Flask) -> None:
    world = World(lite)
    case = world.case_in("CONSULTED")
    for name in PANEL:
        invite(world.viewer("officer"), case.number, world.ids[name])
    client = world.client("evaluator1")
    assert client.get(f"/cases/{case.number}/evaluation").status_code == 404
    assert client.get(f"/cases/{case.number}/declare").headers["Location"].endswith("/duty")
    page = answers(client, f"/cases/{case.number}/duty")
    assert "checked" not in page
    assert client.post(f"/cases/{case.number}/duty", data={}).status_code == 422
    assert client.post(f"/cases/{case.number}/duty", data={"answer": "decline"}).status_code == 422
    done = client.post(f"/cases/{case.number}/duty", data={"answer": "accept"})
    assert done.status_code == 303
    page = answers(client, f"/cases/{case.number}/declare")
    assert "checked" not in page
    assert client.post(f"/cases/{case.number}/declare", data={}).status_code == 422
    done = client.post(f"/cases/{case.number}/declare", data={"answer": "none"})
    assert done.status_code == 303
    for name in PANEL[1:]:
        accept(world.viewer(name), case.number)
        declare(world.viewer(name), case.number, "evaluator", "none")
    officer = world.client("officer")
    opening = answers(officer, f"/cases/{case.number}/evaluation/open")
    done = officer.post(f"/cases/{case.number}/evaluation/open", data={"revision": revision_of(opening)})
    assert done.status_code == 303
    assert client.get(f"/cases/{case.number}/score").headers["Location"].endswith("/score/evaluation")
    sheet = answers(client, f"/cases/{case.number}/score/evaluation")
    assert "Hanoi" in sheet and "견본 배점" in sheet and "checked" not in sheet
    typed = {f"{k}-{part}": v for k, both in SHEET.items() for part, v in zip(("score", "reason"), both, strict=True)}
    bad = client.post(f"/cases/{case.number}/score/evaluation", data={**typed, "importance-score": "31"})
    assert bad.status_code == 422 and "31" in bad.get_data(as_text=True)
    gap = client.post(f"/cases/{case.number}/score/evaluation", data={**typed, "viability-reason": ""})
    assert gap.status_code == 422 and "1개" in gap.get_data(as_text=True)
    done = client.post(f"/cases/{case.number}/score/evaluation", data={**typed, "once": once_of(sheet)})
    assert done.status_code == 303
    assert len(stored(sa.select(ScoreSheet))) == 1


def test_sealed_scores_are_in_no_page_of_anybody_else_before_the_close(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    for name in PANEL:
        submit_sheet(world.viewer(name), case.number, "evaluation", {**SHEET, "importance": ("17.77", CANARY)})
    pages = [f"/cases/{case.number}{tail}" for tail in ("", "/evaluation", "/history", "/committee", "/money")]
    pages += [f"/rounds/{case.cycle_id}", "/desk", "/duties"]
    for name in ("officer", "clerk", "minister", "auditor", "applicant"):
        client = world.client(name)
        for path in pages:
            body = client.get(path).get_data(as_text=True)
            assert CANARY not in body and "17.77" not in body, (name, path)
    close_evaluation(world.viewer("officer"), case.number)
    body = answers(world.client("auditor"), f"/cases/{case.number}/evaluation")
    assert CANARY in body and "17.77" in body
    for path in pages[:2]:
        assert CANARY not in world.client("applicant").get(path).get_data(as_text=True)


def test_another_evaluators_sheet_is_read_after_the_close_and_never_before(lite: Flask) -> None:
    world = World(lite)
    case = in_evaluation(world)
    submit_sheet(world.viewer("evaluator1"), case.number, "evaluation", {**SHEET, "importance": ("17.77", CANARY)})
    paths = [f"/cases/{case.number}", f"/cases/{case.number}/evaluation", f"/cases/{case.number}/score/evaluation"]
    assert CANARY not in answers(world.client("evaluator2"), *paths)
    for name in PANEL[1:]:
        submit_sheet(world.viewer(name), case.number, "evaluation", SHEET)
    assert CANARY not in answers(world.client("evaluator2"), *paths[:2])
    close_evaluation(world.viewer("officer"), case.number)
    assert CANARY in answers(world.client("evaluator2"), paths[1])


def test_a_member_votes_in_two_steps_and_gets_a_receipt(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    client = world.client("member02")
    assert f"/cases/{case.number}/ballot" in answers(client, f"/sittings/{number}")
    path = f"/cases/{case.number}/ballot"
    page = answers(client, path)
    assert "checked" not in page and client.post(path, data={}).status_code == 422
    sure = client.post(path, data={"choice": "no", "once": once_of(page)})
    assert sure.status_code == 200 and "투표 확정" in sure.get_data(as_text=True)
    assert stored(sa.select(Ballot)) == []
    sent = {"choice": "no", "once": once_of(page), "confirmed": "yes"}
    assert client.post(path, data=sent).status_code == 303
    assert client.post(path, data=sent).status_code == 303
    (ballot,) = stored(sa.select(Ballot))
    assert ballot.commitment in answers(client, path)


def test_no_page_tells_how_anybody_votes_before_the_close(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    quiet = [
        f"/sittings/{number}",
        f"/cases/{case.number}/committee",
        f"/cases/{case.number}",
        f"/cases/{case.number}/history",
    ]
    before = {name: answers(world.client(name), *quiet[:2]) for name in ("clerk", "member03", "auditor")}
    assert all("기명 표결" not in page for page in before.values())
    vote(world, case, no=members(2, 6))
    seals = [b.seal() for b in db.session.scalars(sa.select(Ballot))]
    for name in ("clerk", "member01", "member03", "auditor", "minister", "officer"):
        body = answers(world.client(name), *quiet)
        assert not any(seal in body for seal in seals if name != "auditor") or name in ("clerk", "officer", "minister")
        assert "기명 표결" not in body and not re.search(r"<dt>(찬성|반대|기권)</dt>", body), name
        assert "5 / 13" in body
    vote(world, case, yes=["member01", *members(7, 13)])
    close_ballot(world.viewer("member01"), case.number)
    body = answers(world.client("auditor"), f"/cases/{case.number}/committee")
    assert "기명 표결" in body and "가결" in body


def test_a_recused_member_finds_the_case_nowhere(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    client = world.client("member07")
    assert case.number in answers(client, f"/sittings/{number}")
    page = answers(client, f"/cases/{case.number}/declare")
    done = client.post(
        f"/cases/{case.number}/declare",
        data={"answer": "conflict", "ground": "친족이 재직함", "once": once_of(page)},
    )
    assert done.status_code == 303 and done.headers["Location"] == "/duties"
    assert case.number not in answers(client, f"/sittings/{number}", "/sittings", "/duties")
    for tail in ("", "/committee", "/ballot", "/declare", "/evaluation", "/proposal", "/money", "/letter"):
        assert client.get(f"/cases/{case.number}{tail}").status_code == 404, tail


def test_the_clerk_prepares_a_sitting_and_the_chair_runs_it_on_the_pages(lite: Flask) -> None:
    world = World(lite)
    case = ranked(world)
    clerk, chair = world.client("clerk"), world.client("member01")
    when = clock.seoul(clock.now() + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    made = clerk.post("/sittings/new", data={"starts_at": when, "place": "대회의실", "chair": world.ids["member01"]})
    assert made.status_code == 303 and made.headers["Location"] == "/sittings/1"
    page = answers(clerk, f"/cases/{case.number}/table")
    assert "제1차" in page
    done = clerk.post(f"/cases/{case.number}/table", data={"sitting": "1", "revision": revision_of(page)})
    assert done.status_code == 303
    assert clerk.post("/sittings/1/agenda", data={}).status_code == 303
    present = [world.ids[n] for n in members(1, 13)]
    assert clerk.post("/sittings/1/roll", data={}).status_code == 422
    assert clerk.post("/sittings/1/roll", data={"present": present}).status_code == 303
    for name in members(1, 13):
        declare(world.viewer(name), case.number, "member", "none")
    page = answers(clerk, f"/cases/{case.number}/motion")
    motion = {
        "outcome": "approve_with_conditions",
        "amount": "480000000",
        "text": "조건을 붙여 승인한다.",
        "conditions-0-article": "제1호",
        "conditions-0-text": "자료를 공개한다.",
        "conditions-0-purpose": "성과 공유",
        "conditions-0-due": "2027-06-30",
        "revision": revision_of(page),
    }
    over = clerk.post(f"/cases/{case.number}/motion", data={**motion, "amount": "500000001"})
    assert over.status_code == 422 and "1원" in over.get_data(as_text=True)
    assert clerk.post(f"/cases/{case.number}/motion", data=motion).status_code == 303
    page = answers(chair, f"/cases/{case.number}/open-item")
    done = chair.post(f"/cases/{case.number}/open-item", data={"revision": revision_of(page)})
    assert done.status_code == 303 and done.headers["Location"] == "/sittings/1"
    vote(world, case, yes=members(1, 13))
    page = answers(chair, f"/cases/{case.number}/close-ballot")
    assert "13명 가운데 13명" in page
    assert chair.post(f"/cases/{case.number}/close-ballot", data={"revision": revision_of(page)}).status_code == 303
    assert "자료를 공개한다." in answers(clerk, f"/cases/{case.number}/committee")


def test_a_blocked_act_says_why_on_its_page(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    body = answers(world.client("member01"), f"/sittings/{number}")
    assert "아직 할 수 없는 일" not in body or "심의 개시" in body
    declare(world.viewer("member01"), case.number, "member", "none")
    page = answers(world.client("member01"), f"/cases/{case.number}/open-item")
    assert "출석 확인을 먼저 해 주십시오." in page
    late = answers(world.client("officer"), f"/cases/{case.number}/evaluation/close")
    assert "처리할 수 없습니다" in late


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_five_hundred_million_and_one_is_refused_on_the_page_and_480_is_approved(lite: Flask, lang: str) -> None:
    world = World(lite)
    case = resolved(world)
    client = world.client("minister", lang)
    path = f"/cases/{case.number}/decide"
    page = answers(client, path)
    assert "checked" not in page
    common = {"outcome": "approve", "reason": "", "rank": "", "once": once_of(page), "revision": revision_of(page)}
    for confirmed in ("", "yes"):
        over = client.post(path, data={**common, "amount": "500000001", "reason": "x", "confirmed": confirmed})
        body = over.get_data(as_text=True)
        assert over.status_code == 422 and ("1원 초과" in body or "KRW 1 over" in body)
        assert "500000001" in body
    sure = client.post(path, data={**common, "amount": "480000000"})
    assert sure.status_code == 200 and stored(sa.select(Decision)) == []
    assert ("4억 8,000만" if lang == "ko" else "KRW 480 million") in sure.get_data(as_text=True)
    done = client.post(path, data={**common, "amount": "480000000", "confirmed": "yes"})
    assert done.status_code == 303 and fresh(world, case).awarded_krw == 480_000_000


def test_a_stale_decision_shows_what_was_typed(lite: Flask) -> None:
    world = World(lite)
    case = resolved(world)
    client = world.client("minister")
    data = {"outcome": "reject", "reason": CANARY, "revision": "1", "confirmed": "yes"}
    stale = client.post(f"/cases/{case.number}/decide", data=data)
    assert stale.status_code == 409 and CANARY in stale.get_data(as_text=True)
    assert fresh(world, case).state == "RESOLVED"


def test_what_is_decided_is_on_no_page_of_the_applicant_before_the_announcement(lite: Flask) -> None:
    world = World(lite)
    case = decided(world, amount=471_000_000)
    set_announcement(world.viewer("officer"), case.cycle_id, clock.now() + timedelta(hours=1))
    preview_letter(world.viewer("officer"), case.number)
    applicant = world.client("applicant")
    hidden = ("4억 7,100만", "471", "가결", "국가 계획", "승인 결정", "78.5")
    for tail in ("", "/money", "/history", "/proposal"):
        body = answers(applicant, f"/cases/{case.number}{tail}")
        assert not [word for word in hidden if word in body], tail
    for tail in ("/letter", "/letter.pdf", "/evaluation", "/committee", "/decide"):
        assert applicant.get(f"/cases/{case.number}{tail}").status_code == 404, tail
    with unit_of_work():
        fresh(world, case).announce_at = clock.now()
    announce_due(clock.now())
    body = answers(applicant, f"/cases/{case.number}/letter")
    assert "4억 7,100만 원" in body and "가결" in body and "국가 계획" in body and "행정심판" in body
    assert "evaluator1" not in answers(applicant, f"/cases/{case.number}/evaluation", f"/cases/{case.number}/letter")
    assert "가결" in answers(applicant, f"/cases/{case.number}/committee")
    pdf = applicant.get(f"/cases/{case.number}/letter.pdf")
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF-")
    assert applicant.post(f"/cases/{case.number}/letter/received", data={}).status_code == 303
    assert "수령 확인" in answers(applicant, f"/cases/{case.number}/letter")


def test_the_round_is_announced_from_its_page_when_its_time_has_come(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    officer = world.client("officer")
    path = f"/rounds/{case.cycle_id}/announcement"
    assert case.number in answers(officer, path)
    later = clock.seoul(clock.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    assert officer.post(path, data={"announce_at": later}).status_code == 303
    early = officer.post(f"/rounds/{case.cycle_id}/announce", data={})
    assert early.status_code == 422 and "발표 시각이 되지 않았습니다" in early.get_data(as_text=True)
    letter = answers(officer, f"/cases/{case.number}/letter")
    done = officer.post(f"/cases/{case.number}/letter", data={"revision": revision_of(letter)})
    assert done.status_code == 303
    with unit_of_work():
        fresh(world, case).announce_at = clock.now()
    assert officer.post(f"/rounds/{case.cycle_id}/announce", data={}).status_code == 303
    assert fresh(world, case).state == "ANNOUNCED"


def test_rounds_and_sittings_are_for_the_inside(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    for name in ("applicant", "evaluator1", "stranger", "consultant"):
        client = world.client(name)
        for path in ("/sittings", f"/sittings/{number}", f"/rounds/{case.cycle_id}", "/sittings/new"):
            assert client.get(path).status_code == 404, (name, path)
    assert world.client("member05").get(f"/rounds/{case.cycle_id}").status_code == 404
    assert world.client("officer").post(f"/sittings/{number}/roll", data={}).status_code == 404


@pytest.mark.parametrize("act", ["vote", "score", "decide"])
def test_a_write_takes_at_most_twenty_statements(lite: Flask, act: str) -> None:
    world = World(lite)
    if act == "score":
        case = in_evaluation(world)
        client, path = world.client("evaluator1"), f"/cases/{case.number}/score/evaluation"
        data = {f"{k}-{p}": v for k, both in SHEET.items() for p, v in zip(("score", "reason"), both, strict=True)}
    elif act == "vote":
        case, _ = voting(world, members(1, 13))
        client, path = world.client("member02"), f"/cases/{case.number}/ballot"
        data = {"choice": "yes", "confirmed": "yes"}
    else:
        case = resolved(world)
        client, path = world.client("minister"), f"/cases/{case.number}/decide"
        revision = str(fresh(world, case).seq)
        data = {"outcome": "approve", "amount": "480000000", "confirmed": "yes", "revision": revision}
    page = answers(client, path)
    data["once"] = once_of(page)
    with counted_statements() as seen:
        response = client.post(path, data=data)
    sql = [s for s in seen if not s.startswith("BEGIN")]
    assert response.status_code == 303 and len(sql) <= 20, (
        len(sql),
        response.status_code,
        "\n".join(s[:90] for s in sql),
    )


def test_an_objection_is_filed_and_answered_on_its_pages(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    set_announcement(world.viewer("officer"), case.cycle_id, clock.now() + timedelta(hours=1))
    preview_letter(world.viewer("officer"), case.number)
    with unit_of_work():
        fresh(world, case).announce_at = clock.now()
    announce_due(clock.now())
    applicant, officer = world.client("applicant"), world.client("officer")
    path = f"/cases/{case.number}/objection"
    assert applicant.post(path, data={"reason": " "}).status_code == 422
    assert applicant.post(path, data={"reason": "금액이 적습니다."}).status_code == 303
    page = answers(officer, f"{path}/answer")
    assert "금액이 적습니다." in page
    sent = {"revision": revision_of(page), "upheld": "no", "reason": "예산 범위입니다."}
    assert officer.post(f"{path}/answer", data=sent).status_code == 303
    assert "예산 범위입니다." in answers(applicant, path)


def test_every_page_reads_in_english_too(lite: Flask) -> None:
    world = World(lite)
    case = decided(world)
    number = plan(world)
    client = world.client("officer", "en")
    paths = [f"/cases/{case.number}/{tail}" for tail in ("evaluation", "committee", "money", "letter")]
    body = answers(
        client,
        *paths,
        "/sittings",
        f"/sittings/{number}",
        f"/rounds/{case.cycle_id}",
        f"/rounds/{case.cycle_id}/announcement",
    )
    for words in ("Means and reasons by criterion", "Votes by name", "Envelope", "Notice of decision", "Quorum"):
        assert words in body
