"""One list of what waits for a person, whatever the role, and his own notices."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import AgendaItem, Attendance, Case, Declaration, Delivery, Duty, Sitting
from app.queries.duties import waiting_for
from app.services.answer_duty import accept
from app.services.assign_consultant import assign_consultant
from app.services.declare_consulting import declare_consulting
from app.services.request_opinion import request_opinion
from app.services.write_message import write_message
from tests.world import World


def todo(world: World, name: str) -> list[tuple[str, str]]:
    """(what, path) of everything that waits."""
    db.session.rollback()
    return [(row.what.en, row.path) for row in waiting_for(world.viewer(name))]


def declared(world: World, case: Case, name: str, capacity: str, answer: str) -> None:
    with unit_of_work():
        db.session.add(
            Declaration(
                case_id=case.id,
                user_id=world.ids[name],
                capacity=capacity,
                answer=answer,
                ground="사유",
                declared_at=clock.now(),
            )
        )


def test_a_consultant_declares_and_then_advises(world: World) -> None:
    number = world.case_in("ELIGIBLE").number
    assign_consultant(world.viewer("officer"), number, world.ids["consultant"])
    assert todo(world, "consultant") == [("Declare your interests", f"/cases/{number}/consulting/declare")]
    declare_consulting(world.viewer("consultant"), number, "none", "")
    assert todo(world, "consultant") == []
    with unit_of_work():
        db.session.execute(sa.update(Case).values(state="CONSULTING"))
    assert todo(world, "consultant") == [("Carry on the consulting", f"/cases/{number}/consulting")]


def test_an_opinion_waits_until_it_is_given(world: World) -> None:
    number = world.case_in("ELIGIBLE").number
    due = clock.today() + timedelta(days=9)
    request_opinion(world.viewer("officer"), number, [world.orgs["embassy"]], "질문", due)
    db.session.rollback()
    rows = waiting_for(world.viewer("embassy"))
    assert [(row.path, row.due_on) for row in rows] == [(f"/opinions/{number}", due)]
    assert todo(world, "ministry") == []


def test_an_evaluator_declares_then_scores_and_a_conflict_takes_the_case_away(world: World) -> None:
    case = world.case_in("EVALUATING")
    with unit_of_work():
        for name in ("evaluator1", "evaluator2"):
            db.session.add(Duty(case_id=case.id, user_id=world.ids[name], invited_at=clock.now()))
    assert todo(world, "evaluator1") == [("Answer the invitation to evaluate", f"/cases/{case.number}/duty")]
    accept(world.viewer("evaluator1"), case.number)
    assert [what for what, _ in todo(world, "evaluator1")] == ["Declare your interests"]
    declared(world, case, "evaluator1", "evaluator", "none")
    declared(world, case, "evaluator2", "evaluator", "conflict")
    assert [what for what, _ in todo(world, "evaluator1")] == ["Submit a score sheet"]
    assert todo(world, "evaluator2") == []


def test_a_member_declares_and_votes_when_present(world: World) -> None:
    case = world.case_in("DELIBERATING")
    with unit_of_work():
        sitting = Sitting(
            programme="kcity",
            number=7,
            starts_at=clock.now() + timedelta(days=1),
            place="세종",
            chair_id=world.ids["member01"],
            rule={},
            seats=24,
        )
        db.session.add(sitting)
        db.session.flush()
        db.session.add(AgendaItem(sitting_id=sitting.id, case_id=case.id, position=1))
        db.session.add(Attendance(sitting_id=sitting.id, user_id=world.ids["member02"], arrived_at=clock.now()))
    assert todo(world, "member02") == [("Declare your interests", f"/cases/{case.number}/declare")]
    for name in ("member02", "member03"):
        declared(world, case, name, "member", "none")
    declared(world, case, "member04", "member", "conflict")
    assert todo(world, "member02") == [("Vote", f"/cases/{case.number}/ballot")]
    assert todo(world, "member03") == [], "not present"
    assert todo(world, "member04") == [], "recused"


def test_the_minister_finds_what_is_to_be_decided(world: World) -> None:
    first, second = world.case_in("RESOLVED").number, world.case_in("RESERVED").number
    world.case_in("DECIDED")
    assert set(todo(world, "minister")) == {
        ("Decide", f"/cases/{first}/decide"),
        ("Look at the reserve", f"/cases/{second}/decide"),
    }


def test_officers_find_their_own_cases_and_applicants_what_is_asked_of_them(world: World) -> None:
    mine, asked = world.case_in("SCREENING").number, world.case_in("SUPPLEMENT").number
    assert todo(world, "officer") == [("Screening", f"/cases/{mine}")]
    assert todo(world, "officer2") == []
    assert todo(world, "applicant") == [("Submit the supplement", f"/applications/{asked}/supplement")]


def test_what_is_due_first_stands_on_top(lite_world: World) -> None:
    numbers = [lite_world.case_in("SCREENING").number for _ in range(3)]
    with unit_of_work():
        for number, days in zip(numbers, (9, -2, 4), strict=True):
            due = clock.today() + timedelta(days=days)
            db.session.execute(sa.update(Case).where(Case.number == number).values(due_on=due))
    db.session.rollback()
    rows = waiting_for(lite_world.viewer("officer"))
    assert [row.number for row in rows] == [numbers[1], numbers[2], numbers[0]]
    page = lite_world.client("officer", "en").get("/duties").text
    assert "3 things wait for you. 1 is late." in page


@pytest.mark.parametrize("name", ["evaluator1", "consultant", "embassy", "member01", "minister", "stranger", "admin"])
def test_an_empty_list_says_what_will_come(lite_world: World, name: str) -> None:
    assert "Nothing waits for you now" in lite_world.client(name, "en").get("/duties").text


def test_the_duties_of_many_roles_take_few_statements(lite_world: World, statements: Any) -> None:
    client = lite_world.client("officer")
    with statements() as seen:
        client.get("/duties")
    assert len([s for s in seen if not s.startswith("PRAGMA")]) <= 8


# Notices -------------------------------------------------------------------------------------------------------


def test_a_notice_is_read_by_opening_it_and_never_by_looking(lite_world: World) -> None:
    number = lite_world.case_in("SCREENING").number
    write_message(lite_world.viewer("officer"), number, "서명란이 흐립니다.")
    client = lite_world.client("applicant")
    page = client.get("/notices").text
    assert "서명란이 흐립니다." in page and "새 알림" in page
    db.session.rollback()
    mine = sa.select(Delivery).where(Delivery.user_id == lite_world.ids["applicant"], Delivery.channel == "inbox")
    notice = db.session.scalars(mine.order_by(Delivery.id.desc())).first()
    assert notice is not None and notice.read_at is None
    key = notice.id
    assert lite_world.client("stranger").post(f"/notices/{key}/read").status_code == 404
    opened = client.post(f"/notices/{key}/read")
    assert (opened.status_code, opened.location) == (303, f"/cases/{number}/messages")
    db.session.rollback()
    assert db.session.get_one(Delivery, key).read_at is not None


def test_all_of_ones_own_are_read_at_once(world: World) -> None:
    number = world.case_in("SCREENING").number
    write_message(world.viewer("officer"), number, "첫째")
    write_message(world.viewer("applicant"), number, "둘째")
    assert world.client("applicant").post("/notices/read").status_code == 303
    db.session.rollback()
    unread = sa.select(Delivery.user_id).where(Delivery.channel == "inbox", Delivery.read_at.is_(None)).distinct()
    left = set(db.session.scalars(unread))
    assert world.ids["applicant"] not in left
    assert world.ids["officer"] in left


def test_notices_go_back_page_by_page(lite_world: World) -> None:
    now = clock.now()
    rows = [
        {
            "user_id": lite_world.ids["officer"],
            "channel": "inbox",
            "lang": "ko",
            "subject": f"알림 {i:02}",
            "body": "b",
            "path": "/desk",
            "status": "sent",
            "try_at": now,
            "created_at": now,
        }
        for i in range(60)
    ]
    with unit_of_work():
        db.session.execute(sa.insert(Delivery), rows)
        last = db.session.scalar(sa.select(sa.func.max(Delivery.id))) or 0
    client = lite_world.client("officer")
    first = client.get("/notices").text
    assert "알림 59" in first and "알림 34" not in first and "before=" not in first
    second = client.get(f"/notices?after={last - 24}").text
    assert "알림 34" in second and "알림 10" in second and "알림 09" not in second
    assert f"before={last - 25}" in second
    assert client.get("/notices?after=x").status_code == 400
