"""What holds of outsiders' opinions: who may be asked, who answers, and that silence says nothing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Delivery, Event, Opinion
from app.queries import opinions as queries
from app.queries.cases import case_for
from app.queries.facts import CaseFacts
from app.services.note_no_opinion import note_no_opinion
from app.services.reply_opinion import reply_opinion
from app.services.request_opinion import request_opinion
from tests.world import World
from workflows.engine import Refused

QUESTION = "교통 분야 협력 현황을 알려 주십시오."


def asked(world: World, *bodies: str, days: int = 14) -> str:
    """An eligible case on which these bodies were asked."""
    number = world.case_in("ELIGIBLE").number
    ids = [world.orgs[body] for body in bodies]
    request_opinion(world.viewer("officer"), number, ids, QUESTION, clock.today() + timedelta(days=days))
    return number


def the_opinion() -> Opinion:
    db.session.rollback()
    return db.session.scalars(sa.select(Opinion)).one()


def test_those_who_speak_for_the_body_are_told_with_the_way_to_their_page(world: World) -> None:
    number = asked(world, "embassy", "ministry")
    rows = db.session.execute(sa.select(Delivery.user_id, Delivery.path).where(Delivery.channel == "mail"))
    told = {tuple(row) for row in rows if row.path.startswith("/opinions")}
    assert told == {(world.ids[name], f"/opinions/{number}") for name in ("embassy", "ministry")}


def test_a_body_without_anybody_to_answer_is_not_asked(lite_world: World) -> None:
    number = lite_world.case_in("ELIGIBLE").number
    with pytest.raises(Invalid):
        request_opinion(
            lite_world.viewer("officer"),
            number,
            [lite_world.orgs["kotra"]],
            QUESTION,
            clock.today() + timedelta(days=9),
        )
    case = case_for(lite_world.viewer("officer"), number)
    assert {body.kind for body in queries.bodies_to_ask(case)} == {"embassy", "ministry"}


def test_a_question_and_a_date_ahead_are_needed_and_nobody_is_asked_twice(lite_world: World) -> None:
    number = asked(lite_world, "embassy")
    who, body, later = lite_world.viewer("officer"), [lite_world.orgs["ministry"]], clock.today() + timedelta(days=3)
    for bodies, question, due in (([], QUESTION, later), (body, " ", later), (body, QUESTION, clock.today())):
        with pytest.raises(Invalid):
            request_opinion(who, number, bodies, question, due)
    with pytest.raises(Refused) as no:
        request_opinion(who, number, [lite_world.orgs["embassy"]], QUESTION, later)
    assert no.value.reason.code == "asked_before"


@pytest.mark.parametrize("name", ["applicant", "clerk", "minister"])
def test_only_an_officer_asks(lite_world: World, name: str) -> None:
    number = lite_world.case_in("ELIGIBLE").number
    with pytest.raises(Refused) as no:
        request_opinion(
            lite_world.viewer(name), number, [lite_world.orgs["embassy"]], QUESTION, clock.today() + timedelta(days=9)
        )
    assert no.value.reason.code == "not_your_role"


def test_a_body_answers_once_and_says_why_when_it_opposes(world: World) -> None:
    number = asked(world, "embassy")
    who = world.viewer("embassy")
    for stance, remarks in (("", ""), ("maybe", "x"), ("oppose", " "), ("remarks", "")):
        with pytest.raises(Invalid):
            reply_opinion(who, number, stance, remarks)
    reply_opinion(who, number, "oppose", "현지 정부가 다른 사업을 진행하고 있습니다.")
    with pytest.raises(Refused) as no:
        reply_opinion(who, number, "support", "")
    assert no.value.reason.code == "replied_before"
    found = the_opinion()
    assert (found.stance, found.replied_by) == ("oppose", world.ids["embassy"])


def test_a_body_that_was_not_asked_finds_nothing(lite_world: World) -> None:
    number = asked(lite_world, "embassy")
    with pytest.raises(NotFound):
        reply_opinion(lite_world.viewer("ministry"), number, "support", "")
    with pytest.raises(NotFound):
        queries.asked_of(lite_world.viewer("ministry"), number)


def test_silence_decides_nothing_and_a_late_opinion_still_counts(world: World) -> None:
    number = asked(world, "embassy")
    officer = world.viewer("officer")
    with pytest.raises(Refused):
        note_no_opinion(officer, number, the_opinion().id)
    with time_machine.travel(clock.now() + timedelta(days=20), tick=False):
        assert the_opinion().stance is None
        facts = CaseFacts(case_for(officer, number), officer)
        assert (facts["opinions_late"], facts["opinions_open"]) == (1, 1)
        note_no_opinion(officer, number, the_opinion().id)
        found = the_opinion()
        assert (found.stance, found.noted_missing_at) == (None, clock.now())
        reply_opinion(world.viewer("embassy"), number, "support", "")
        assert the_opinion().stance == "support"
        with pytest.raises(Refused) as no:
            note_no_opinion(officer, number, the_opinion().id)
        assert no.value.reason.code in ("settled", "no_opinion_overdue")


def test_an_opinion_of_another_case_is_not_found(lite_world: World) -> None:
    asked(lite_world, "embassy")
    with time_machine.travel(clock.now() + timedelta(days=20), tick=False):
        second = asked(lite_world, "ministry")
        with time_machine.travel(clock.now() + timedelta(days=20), tick=False):
            db.session.rollback()
            first = db.session.scalars(sa.select(Opinion.id).order_by(Opinion.id)).first()
            with pytest.raises(NotFound):
                note_no_opinion(lite_world.viewer("officer"), second, first or 0)


def test_a_repeated_form_asks_and_answers_once(world: World) -> None:
    number = world.case_in("ELIGIBLE").number
    due = clock.today() + timedelta(days=14)
    for _ in range(2):
        request_opinion(world.viewer("officer"), number, [world.orgs["embassy"]], QUESTION, due, once="asked-once-1")
    for _ in range(2):
        reply_opinion(world.viewer("embassy"), number, "support", "", once="answered-once-1")
    db.session.rollback()
    triggers = list(db.session.scalars(sa.select(Event.trigger).order_by(Event.seq)))
    assert triggers == ["submit", "request_opinion", "reply_opinion"]


def test_the_applicant_is_told_nothing_of_opinions(world: World) -> None:
    number = asked(world, "embassy")
    reply_opinion(world.viewer("embassy"), number, "oppose", "카나리아")
    db.session.rollback()
    bodies = db.session.scalars(sa.select(Delivery.body).where(Delivery.user_id == world.ids["applicant"]))
    assert not any("카나리아" in body or QUESTION in body for body in bodies)
