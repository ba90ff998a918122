"""The pages around a vote: receipts, rounds, papers, void votes, dissents, written sittings, the committee's rule."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import Attendance, Ballot, CommitteeRule, Dissent, Motion, Sitting, VoidedVote
from app.queries.sittings import resolution_of
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from tests.committee_steps import fresh, members, resolved, tabled, vote, voting
from tests.world import World

CHAIR = "member01"


def stored(query: sa.Select) -> list:
    """Rows as they are now, read anew."""
    db.session.rollback()
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def page(world: World, who: str, path: str, lang: str = "ko", status: int = 200) -> str:
    answer = world.client(who, lang).get(path)
    assert answer.status_code == status, answer.status_code
    return answer.get_data(as_text=True)


def test_the_receipt_is_shown_after_voting_and_found_after_the_close(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    client = world.client("member02")
    path = f"/cases/{case.number}/ballot"
    client.post(path, data={"choice": "no", "confirmed": "yes", "once": "k" * 20})
    shown = client.get(path).get_data(as_text=True)
    (receipt,) = stored(sa.select(Ballot.commitment))
    assert receipt and receipt in shown and "반대" not in re.sub(r"<nav.*?</nav>", "", shown, flags=re.S)
    vote(world, case, yes=[CHAIR, *members(3, 13)])
    assert receipt not in page(world, "member03", f"/cases/{case.number}/committee")
    close_ballot(world.viewer(CHAIR), case.number)
    for who in ("member02", "member03", "clerk"):
        assert receipt in page(world, who, f"/cases/{case.number}/committee")


def test_no_page_tells_a_choice_before_the_close(lite: Flask) -> None:
    world = World(lite)
    case, number = voting(world, members(1, 13))
    before = {who: page(world, who, f"/cases/{case.number}/committee") for who in ("member03", "clerk", "auditor")}
    cast_ballot(world.viewer("member02"), case.number, "abstain")
    for who, was in before.items():
        now = page(world, who, f"/cases/{case.number}/committee")
        assert now.count("기권") == was.count("기권") and now.count("abstain") == was.count("abstain")
    assert "기권" not in page(world, "clerk", f"/sittings/{number}")


def test_a_paper_is_entered_by_the_clerk_and_confirmed_by_another(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    path, voter = f"/cases/{case.number}/papers", world.ids["member02"]
    data = {"voter": voter, "choice": "no"}
    assert world.client("clerk").post(path, data={**data, "step": "enter"}).status_code == 303
    assert "확인 대기" in page(world, "clerk", path)
    assert world.client("clerk").post(path, data={**data, "step": "confirm"}).status_code == 422
    assert world.client("officer").post(path, data={**data, "step": "confirm"}).status_code == 303
    assert stored(sa.select(Ballot))[0].channel == "paper"
    page(world, "member05", path, status=404)


def test_the_chair_declares_a_vote_void_and_a_member_dissents(lite: Flask) -> None:
    world = World(lite)
    case, _ = voting(world, members(1, 13))
    vote(world, case, yes=members(1, 13))
    close_ballot(world.viewer(CHAIR), case.number)
    path = f"/cases/{case.number}/dissent"
    assert (
        world.client("member02").post(path, data={"text": "더 논의해야 합니다.", "once": "a" * 20}).status_code == 303
    )
    assert stored(sa.select(Dissent))[0].text == "더 논의해야 합니다."
    assert "더 논의해야 합니다." in page(world, "clerk", f"/cases/{case.number}/committee", "en")
    path = f"/cases/{case.number}/void-vote"
    seq = fresh(world, case).seq
    data = {"code": "count_error", "reason": "집계 착오", "revision": seq, "once": "b" * 20}
    assert world.client(CHAIR).post(path, data={**data, "reason": ""}).status_code == 422
    assert world.client(CHAIR).post(path, data=data).status_code == 303
    assert stored(sa.select(VoidedVote))[0].code == "count_error"
    assert resolution_of(fresh(world, case)) is None
    assert "Declared void" in page(world, "clerk", f"/cases/{case.number}/committee", "en")


def test_an_amendment_is_put_on_its_own_page(lite: Flask) -> None:
    world = World(lite)
    case, _ = tabled(world)
    from app.services.put_motion import put_motion

    put_motion(world.viewer("clerk"), case.number, "approve", "승인한다.", 480_000_000)
    path = f"/cases/{case.number}/amendment"
    assert "수정안 제시" in page(world, "clerk", path)
    data = {"outcome": "approve", "amount": "300000000", "text": "수정하여 승인한다.", "once": "c" * 20}
    answer = world.client("clerk").post(path, data={**data, "revision": fresh(world, case).seq})
    assert answer.status_code == 303
    assert [m.kind for m in stored(sa.select(Motion).order_by(Motion.id))] == ["main", "amendment"]


def test_a_written_sitting_is_planned_with_its_reason_and_window(lite: Flask) -> None:
    world = World(lite)
    opens = clock.seoul(clock.now() + timedelta(days=10))
    data = {
        "form": "written", "starts_at": opens.strftime("%Y-%m-%dT%H:%M"), "place": "", "chair": world.ids[CHAIR],
        "closes_at": (opens + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"), "reason_code": "minor",
        "reason": "경미한 변경", "once": "d" * 20,
    }  # fmt: skip
    refused = world.client("clerk").post("/sittings/new", data=data)
    assert refused.status_code == 422 and "5일 이상" in refused.get_data(as_text=True)
    data |= {"closes_at": (opens + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M"), "once": "e" * 20}
    assert world.client("clerk").post("/sittings/new", data=data).status_code == 303
    sitting = stored(sa.select(Sitting))[0]
    assert (sitting.form, sitting.reason_code) == ("written", "minor")
    assert sitting.closes_at and sitting.closes_at > sitting.starts_at


def test_a_member_for_one_item_is_seated_on_a_page(lite: Flask) -> None:
    from app.db import unit_of_work

    world = World(lite)
    with unit_of_work():
        world.add_user("vice1", role="member", programme="kcity")
    case, number = tabled(world)
    path = f"/sittings/{number}/items/{case.number}/members"
    data = {"email": "vice1@kcity.test", "capacity": "vice_minister", "basis": "소관 부처", "once": "f" * 20}
    assert world.client("clerk").post(path, data={**data, "email": "nobody@kcity.test"}).status_code == 422
    assert world.client("clerk").post(path, data=data).status_code == 303
    assert "25명" in page(world, "clerk", path)
    assert world.client("clerk").post(f"{path}/{world.ids['vice1']}/end").status_code == 303
    assert "24명" in page(world, "clerk", path)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_rule_is_shown_with_what_it_rests_on_and_a_new_one_is_previewed(lite: Flask, lang: str) -> None:
    world = World(lite)
    shown = page(world, "admin", "/admin/committee-rules", lang)
    assert ("설정" in shown and "제26조제2항" in shown) if lang == "ko" else "Setting" in shown
    path = "/admin/committee-rules/kcity/new"
    today = clock.today().isoformat()
    data = {
        "in_force_on": today, "quorum": "majority_of_seats", "recused_count_for_quorum": "true",
        "base": "present_less_recused", "threshold": "two_thirds", "tie": "fails", "chair_votes": "true",
        "proxy": "observer", "secrecy": "recorded", "late_arrivals": "may_vote", "dissent": "printed",
        "written_allowed": "y", "written_reasons": ["urgent"], "written_days": "7", "written_call_in": "y",
        "basis_threshold": "운영세칙 제5조", "reason": "운영세칙 개정", "step": "preview", "once": "g" * 20,
    }  # fmt: skip
    seen = world.client("admin", lang).post(path, data=data)
    assert seen.status_code == 200 and ("16명" if lang == "ko" else "16 ayes") in seen.get_data(as_text=True)
    at_odds = {**data, "tie": "chair_casts", "chair_votes": "false"}
    assert world.client("admin", lang).post(path, data=at_odds).status_code == 422
    assert world.client("admin", lang).post(path, data={**data, "step": "enter"}).status_code == 303
    row = stored(sa.select(CommitteeRule).order_by(CommitteeRule.number.desc()))[0]
    assert row and (row.number, row.rule["threshold"], row.basis["threshold"]["article"]) == (
        2,
        "two_thirds",
        "운영세칙 제5조",
    )
    assert row.basis["quorum"]["article"] != "setting" and row.basis["quorum"]["ko"]
    assert row.basis["tie"]["article"] == "setting"
    page(world, "clerk", path, status=404)


def test_the_pages_of_acts_beside_each_other_open_without_a_revision(lite: Flask) -> None:
    world = World(lite)
    case = resolved(world)
    page = world.client("member02").get(f"/cases/{case.number}/dissent")
    assert page.status_code == 200 and 'name="revision"' not in page.text


@pytest.mark.parametrize(("rule", "counted"), [("observer", 12), ("votes", 13)])
def test_the_roll_takes_who_came_in_a_members_place(lite: Flask, rule: str, counted: int) -> None:
    world = World(lite)
    _, number = tabled(world)
    with unit_of_work():
        sitting = db.session.scalars(sa.select(Sitting).where(Sitting.number == number)).one()
        sitting.rule = {**sitting.rule, "proxy": rule}
        held = sitting.id
    clerk, away = world.client("clerk"), world.ids["member13"]
    shown = page(world, "clerk", f"/sittings/{number}/roll")
    assert "대리 참석" in shown and f'name="proxy_{away}"' in shown
    assert ("배석만" in shown) == (rule == "observer")
    data = {"present": [world.ids[n] for n in members(1, 12)], f"proxy_{away}": "  도시경제과 홍길동 과장 "}
    long = clerk.post(f"/sittings/{number}/roll", data={**data, f"proxy_{away}": "가" * 121})
    assert long.status_code == 422 and "가" * 121 in long.text
    assert clerk.post(f"/sittings/{number}/roll", data=data).status_code == 303
    rows = db.session.scalars(sa.select(Attendance).where(Attendance.sitting_id == held)).all()
    (proxy,) = [row for row in rows if row.proxy]
    assert (proxy.user_id, proxy.proxy, proxy.observer) == (away, "도시경제과 홍길동 과장", rule == "observer")
    assert len(rows) == 13 and sum(not row.observer for row in rows) == counted
