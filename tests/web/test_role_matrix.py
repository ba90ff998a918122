"""Role x route x state: what everybody gets on every page of a case, in every state, held in a file that is read.

`roles_matrix.txt` has a line a route and role; each letter is one state, in the order of its head:
o the page, > sent elsewhere, - not found, x refused with a reason. A route that is missing there fails the test.
To accept a change on purpose: KCITY_WRITE_MATRIX=1 bin/test tests/web/test_role_matrix.py, then read the difference.
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import Case, Consulting, Declaration, Duty, Opinion
from app.services.announce import announce_due
from app.services.close_ballot import close_ballot
from app.services.close_case import close_case
from app.services.decide import approve
from app.services.declare_interest import declare
from app.services.lapse import lapse
from app.services.preview_letter import preview_letter
from app.services.record_result import record_result
from app.services.request_supplement import request_supplement
from app.services.reserve import reserve
from app.services.set_announcement import set_announcement
from tests.committee_steps import in_evaluation, members, ranked, tabled, vote, voting
from tests.conftest import Browser
from tests.databases import Settings, SqliteTemplate
from tests.world import World

FILE = Path(__file__).with_name("roles_matrix.txt")
STATES = (
    "DRAFT RECEIVED SCREENING SUPPLEMENT ELIGIBLE CONSULTING CONSULTED EVALUATING RANKED TABLED DELIBERATING "
    "RESOLVED RESERVED DECIDED ANNOUNCED CLOSED RETURNED WITHDRAWN DECLINED LAPSED"
).split()
PEOPLE = {
    "visitor": None,
    "signatory": "applicant",
    "delegate": "delegate",
    "other applicant": "stranger",
    "officer": "officer",
    "consultant": "consultant",
    "embassy": "embassy",
    "evaluator, cleared": "evaluator1",
    "evaluator, undeclared": "evaluator6",
    "evaluator, conflicted": "evaluator7",
    "evaluator, not asked": "evaluator8",
    "clerk": "clerk",
    "chair, cleared": "member01",
    "member, undeclared": "member24",
    "member, conflicted": "member03",
    "Minister": "minister",
    "auditor": "auditor",
    "administrator": "admin",
}
LETTERS = {200: "o", 302: ">", 303: ">", 404: "-", 403: "x"}


@pytest.fixture(scope="module")
def world(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world with a case in each state and everybody's part in it."""
    from app import create_app

    folder = tmp_path_factory.mktemp("matrix")
    app = create_app(Settings(sqlite_template.fresh(folder), folder))
    app.test_client_class = Browser
    with app.app_context():
        found = World(app)
        with unit_of_work():
            found.add_user("evaluator8", role="evaluator", programme="kcity")
        for state in (*[s for s in STATES if s not in BROUGHT], *BROUGHT):
            place(found, state)
        yield found
        db.session.remove()
        db.engine.dispose()


def place(world: World, state: str) -> None:
    """A case in `state`, brought there by the services from evaluation on, with everybody's part in it."""
    case = BROUGHT[state](world) if state in BROUGHT else world.case_in(state, city=f"City {state}")
    if state in ("DRAFT", "RECEIVED", "RETURNED", "WITHDRAWN", "DECLINED"):
        return
    with unit_of_work():
        now = clock.now()
        if state not in ("SCREENING", "SUPPLEMENT"):
            db.session.add(Consulting(case_id=case.id, consultant_id=world.ids["consultant"], started_at=now))
            say(world, case, "consultant", "consultant", "none")
            opinion = Opinion(case_id=case.id, organisation_id=world.orgs["embassy"], sent_at=now, due_on=clock.today())
            db.session.add(opinion)
        if state == "CONSULTED":
            say(world, case, "evaluator1", "evaluator", "none")
        if (state in BROUGHT and state != "SUPPLEMENT") or state == "CONSULTED":
            asked = ("evaluator6", "evaluator7") + (("evaluator1",) if state == "CONSULTED" else ())
            for name in asked:
                db.session.add(Duty(case_id=case.id, user_id=world.ids[name], invited_at=now))
            say(world, case, "evaluator7", "evaluator", "conflict")


def supplement(world: World) -> Case:
    """A supplement was asked for."""
    case = world.case_in("SCREENING")
    due = clock.today() + timedelta(days=14)
    request_supplement(world.viewer("officer"), case.number, [("project", "위치를 밝혀 주십시오.")], due)
    return case


def tabled_case(world: World) -> Case:
    """On the agenda; one member has declared a conflict."""
    case, _ = tabled(world)
    declare(world.viewer("member01"), case.number, "member", "none", "")
    declare(world.viewer("member03"), case.number, "member", "conflict", "자문")
    return case


def on_the_floor(world: World) -> Case:
    """Open for voting; one member present is recused."""
    return voting(world, members(1, 14), recused=["member03"])[0]


def resolved_case(world: World) -> Case:
    """The ballot is closed."""
    case = on_the_floor(world)
    vote(world, case, yes=[name for name in members(1, 14) if name != "member03"])
    close_ballot(world.viewer("member01"), case.number)
    return case


def reserved(world: World) -> Case:
    """On the reserve list."""
    case = resolved_case(world)
    reserve(world.viewer("minister"), case.number, 1, "예산이 부족합니다.")
    return case


def lapsed(world: World) -> Case:
    """The reserve ended."""
    case = reserved(world)
    lapse(world.viewer("officer"), case.number, "다음 회차가 끝났습니다.")
    return case


def decided(world: World) -> Case:
    """Approved, the letter read by an officer."""
    case = resolved_case(world)
    approve(world.viewer("minister"), case.number, 480_000_000)
    preview_letter(world.viewer("officer"), case.number)
    return case


def announced(world: World) -> Case:
    """Announced to everybody."""
    case = decided(world)
    set_announcement(world.viewer("officer"), case.cycle_id, clock.now() + timedelta(minutes=5))
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=True):
        announce_due(clock.now())
    return case


def closed(world: World) -> Case:
    """Closed after the objection period."""
    case = announced(world)
    record_result(world.viewer("officer"), case.number, "기본구상을 넘겨주었습니다.")
    with time_machine.travel(clock.now() + timedelta(days=60), tick=True):
        close_case(world.viewer("officer"), case.number)
    return case


BROUGHT: dict[str, Callable[[World], Case]] = {
    "SUPPLEMENT": supplement,
    "EVALUATING": in_evaluation,
    "RANKED": ranked,
    "TABLED": tabled_case,
    "DELIBERATING": on_the_floor,
    "RESOLVED": resolved_case,
    "LAPSED": lapsed,
    "RESERVED": reserved,
    "CLOSED": closed,
    "ANNOUNCED": announced,
    "DECIDED": decided,
}


def say(world: World, case: Case, name: str, capacity: str, answer: str) -> None:
    """A declaration."""
    db.session.add(
        Declaration(
            case_id=case.id,
            user_id=world.ids[name],
            capacity=capacity,
            answer=answer,
            ground="",
            declared_at=clock.now(),
        )
    )


def routes(app: Flask) -> list[str]:
    """Every page of a case."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "<number>" in rule.rule and "GET" in (rule.methods or ()) and not rule.rule.startswith("/projects/")
    )


def address(route: str, case: Case) -> str:
    """The route with this case in it. A parameter that is not known here fails the test: add it."""
    values = {
        "<number>": case.number,
        "<key>": "project",
        "<trigger>": "assign_officer",
        "<stage>": "evaluation",
        "<int:attachment>": "999999",
        "<int:condition>/<act>": "999999/evidence",
        "/letters/<kind>": "/letters/decision",
        "<kind>": "pdf",
    }
    for name, value in values.items():
        route = route.replace(name, value)
    assert "<" not in route, f"what is {route}?"
    return route


def letters(world: World, name: str | None, route: str, cases: list[Case]) -> str:
    """One letter a state."""
    client = world.client(name)
    found = []
    for case in cases:
        status = client.get(address(route, case)).status_code
        assert status in LETTERS, f"{route} for {name} in {case.state}: {status}"
        found.append(LETTERS[status])
    return "".join(found)


def written() -> dict[str, dict[str, str]]:
    """who -> route -> letters, as the file has them."""
    found: dict[str, dict[str, str]] = {who: {} for who in PEOPLE}
    route = ""
    for line in FILE.read_text("utf-8").splitlines()[2:] if FILE.exists() else ():
        if line.startswith("  "):
            found[line[4 + len(STATES) :]][route] = line[2 : 2 + len(STATES)]
        else:
            route = line
    return found


def write(matrix: dict[str, dict[str, str]]) -> None:
    """The file anew."""
    lines = ["states: " + " ".join(STATES), ""]
    for route in sorted({route for rows in matrix.values() for route in rows}):
        lines.append(route)
        lines += [f"  {rows[route]}  {who}" for who, rows in matrix.items() if route in rows]
    FILE.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_on_every_page_what_the_matrix_says(world: World, who: str) -> None:
    by_state = {case.state: case for case in db.session.query(Case)}
    cases = [by_state[state] for state in STATES]
    db.session.expunge_all()
    rows = {route: letters(world, PEOPLE[who], route, cases) for route in routes(world.app)}
    if os.environ.get("KCITY_WRITE_MATRIX"):
        write({**written(), who: rows})
    assert rows == written()[who]


ROUTES_WITHOUT_PAPERS = ("evaluator, conflicted", "member, conflicted", "evaluator, not asked", "other applicant")


def test_the_conflicted_and_strangers_find_nothing_on_any_page() -> None:
    for line in FILE.read_text("utf-8").splitlines():
        who = line[24:]
        if line.startswith("  ") and who in ROUTES_WITHOUT_PAPERS:
            assert set(line[2:22]) == {"-"}, line


def test_nobody_but_the_applicant_finds_a_draft() -> None:
    for line in FILE.read_text("utf-8").splitlines():
        who = line[24:]
        if line.startswith("  ") and who not in ("signatory", "delegate", "visitor"):
            assert line[2] == "-", line
