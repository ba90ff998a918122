"""How many statements each write of the main journey takes: none more than twenty, whatever it writes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import Case, SupplementItem
from app.services.announce import announce
from app.services.answer_supplement import answer_supplement
from app.services.begin_screening import begin_screening
from app.services.cast_ballot import cast_ballot
from app.services.check_eligibility import check_eligibility
from app.services.close_ballot import close_ballot
from app.services.decide import approve
from app.services.find_eligible import find_eligible
from app.services.preview_letter import preview_letter
from app.services.reply_opinion import reply_opinion
from app.services.request_opinion import request_opinion
from app.services.request_supplement import request_supplement
from app.services.set_announcement import set_announcement
from app.services.submit import submit
from app.services.submit_scores import submit_sheet
from tests.committee_steps import PANEL, SHEET, in_evaluation, members, vote, voting
from tests.intake_steps import ready_draft
from tests.services.test_screening import every_line
from tests.world import World, counted_statements

MOST = 20
KEY = "k" * 20


def counted(do: Callable[[], Any]) -> int:
    """The statements of one act, as a request sends them: nothing is loaded before."""
    db.session.remove()
    with counted_statements() as seen:
        do()
    return len([s for s in seen if s.split(None, 1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")])


def within(taken: dict[str, int]) -> None:
    """None takes more than MOST."""
    assert max(taken.values()) <= MOST, taken


def test_intake_and_screening(app: Flask) -> None:
    world, taken = World(app), {}
    applicant, officer, embassy = (world.viewer(name) for name in ("applicant", "officer", "embassy"))
    draft, due = ready_draft(world).number, clock.today() + timedelta(days=14)
    numbers: list[str] = []
    taken["submit"] = counted(lambda: numbers.append(submit(applicant, draft)))
    (number,) = numbers
    with unit_of_work() as session:
        session.query(Case).filter_by(number=number).update({"assignee_id": world.ids["officer"]})
    taken["begin"] = counted(lambda: begin_screening(officer, number, once=KEY))
    items = [("project", "기간"), ("need", "근거")]
    taken["supplement"] = counted(lambda: request_supplement(officer, number, items, due, once=KEY + "1"))
    rows = _items()
    taken["answer"] = counted(lambda: answer_supplement(applicant, number, dict.fromkeys(rows, "적음"), None, KEY))
    taken["check"] = counted(lambda: check_eligibility(officer, number, every_line(), once=KEY + "2"))
    taken["find"] = counted(lambda: find_eligible(officer, number, once=KEY + "3"))
    bodies = [world.orgs["embassy"], world.orgs["ministry"]]
    taken["ask"] = counted(
        lambda: request_opinion(officer, number, bodies, "의견", due, sections=["need"], once=KEY + "4")
    )
    taken["reply"] = counted(lambda: reply_opinion(embassy, number, "support", "", once=KEY))
    within(taken)


def _items() -> list[int]:
    return [row.id for row in db.session.query(SupplementItem)]


def test_evaluation(lite: Flask) -> None:
    world, taken = World(lite), {}
    number = in_evaluation(world).number
    for place, name in enumerate(PANEL):
        who = world.viewer(name)
        taken[f"score {place}"] = counted(lambda who=who: submit_sheet(who, number, "evaluation", SHEET, once=KEY))  # type: ignore[misc]
    within(taken)


def test_vote_decision_and_announcement(lite: Flask) -> None:
    world, taken = World(lite), {}
    case, _ = voting(world, members(1, 13))
    number = case.number
    vote(world, case, yes=members(2, 13))
    chair, minister, officer = (world.viewer(name) for name in ("member01", "minister", "officer"))
    taken["vote"] = counted(lambda: cast_ballot(chair, number, "yes", once=KEY))
    close_ballot(chair, number)
    taken["approve"] = counted(lambda: approve(minister, number, 480_000_000, "의결과 같음", once=KEY))
    cycle = db.session.query(Case.cycle_id).filter_by(number=number).scalar()
    set_announcement(officer, cycle, clock.now() + timedelta(hours=1))
    taken["preview"] = counted(lambda: preview_letter(officer, number))
    with unit_of_work() as session:
        session.query(Case).filter_by(number=number).update({"announce_at": clock.now()})
    taken["announce"] = counted(lambda: announce(officer, number))
    within(taken)
