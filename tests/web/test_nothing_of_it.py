"""Who is out of a case finds nothing of it: two worlds, one with the case and one without, look the same to him.

Every page that takes no case, every list, count, search, feed and export is compared byte by byte (tokens masked),
and every address of the case answers like that of a case which does not exist, by as many statements.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.db import unit_of_work
from app.extensions import db
from app.models import Case, Challenge, Consulting, Delivery
from app.services.call_roll import call_roll
from app.services.challenge import challenge, decide_challenge
from app.services.close_evaluation import close_evaluation
from app.services.declare_consulting import declare_consulting
from app.services.declare_interest import declare
from app.services.judge_interest import judge
from app.services.send_agenda import send_agenda
from app.services.submit_scores import submit_sheet
from app.services.table_case import table_case
from tests.committee_steps import SHEET, form_panel, in_evaluation, members, plan, ranked, score_all
from tests.conftest import Browser
from tests.databases import Settings, SqliteTemplate
from tests.world import World, counted_statements

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
ABSENT = "KCN-2027-9999"
CANARY = "비밀보고"
OUT = {
    "evaluator3": "declared a conflict as evaluator",
    "evaluator4": "was excluded by the desk",
    "member05": "declared a conflict as member",
    "member06": "was excluded by the clerk",
    "member07": "lost a challenge",
    "consultant": "declared a conflict as consultant",
}
WORDS = (CANARY, "Reykjavik", "KCN-2027-0002", "KCN-2027-0003")


def build(world: World, with_it: bool) -> None:
    """A case everybody takes part in, and, if `with_it`, the two that those who are out must not find."""
    seen, sitting, clerk = ranked(world), plan(world), world.viewer("clerk")
    table_case(clerk, seen.number, sitting)
    if with_it:
        hide(world, sitting)
    send_agenda(clerk, sitting)
    for name in ("member05", "member06", "member07"):
        declare(world.viewer(name), seen.number, "member", "none")
    call_roll(clerk, sitting, [world.ids[name] for name in members(1, 20)])


def hide(world: World, sitting: int) -> None:
    """The two cases, and how each of OUT came to be out."""
    clerk = world.viewer("clerk")
    hidden = in_evaluation(
        world, title_ko=f"{CANARY} 사업", title_en=f"{CANARY} project", city="Reykjavik", country="IS"
    )
    score_all(world, hidden)
    declare(world.viewer("evaluator3"), hidden.number, "evaluator", "conflict", "친족이 근무함")
    judge(
        world.viewer("officer"), hidden.number, world.ids["evaluator4"], "excluded", "친족이 근무함", "house_relative"
    )
    for name in ("evaluator6", "evaluator7"):
        form_panel(world, hidden, [name])
        submit_sheet(world.viewer(name), hidden.number, "evaluation", SHEET)
    close_evaluation(world.viewer("officer"), hidden.number)
    table_case(clerk, hidden.number, sitting)
    declare(world.viewer("member05"), hidden.number, "member", "conflict", "자문")
    declare(world.viewer("member06"), hidden.number, "member", "none")
    judge(clerk, hidden.number, world.ids["member06"], "excluded", "자문하였음", "house_adviser")
    challenge(world.viewer("applicant"), hidden.number, world.ids["member07"], "경쟁 기관의 자문")
    made = db.session.scalars(sa.select(Challenge.id)).one()
    decide_challenge(clerk, hidden.number, made, present=20, yes=15, no=5, abstain=0, reason="공정을 기대하기 어려움")
    early = world.case_in("ELIGIBLE", title_ko=f"{CANARY} 둘째", title_en=f"{CANARY} second", city="Reykjavik")
    with unit_of_work():
        db.session.add(Consulting(case_id=early.id, consultant_id=world.ids["consultant"]))
    declare_consulting(world.viewer("consultant"), early.number, "conflict", "친족이 근무함")


@pytest.fixture(scope="module")
def worlds(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Flask]]:
    """(with the case, without it), made by the same steps at the same instant."""
    from app import create_app

    made = []
    with time_machine.travel(NOW, tick=False):
        for with_it in (True, False):
            folder = tmp_path_factory.mktemp("with" if with_it else "without")
            app = create_app(Settings(sqlite_template.fresh(Path(folder)), folder))
            app.test_client_class = Browser
            with app.app_context():
                build(World(app), with_it)
                db.session.remove()
            made.append(app)
        yield made[0], made[1]
        for app in made:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


TOKENS = (
    (re.compile(r"[\w-]{40,}\.[\w-]{6}\.[\w-]{27}"), "TOKEN"),
    (re.compile(r'(name="once"[^>]*value=")[^"]*'), r"\1"),
    (re.compile(r"nonce=\"[^\"]*\"|nonce-[^']*'"), "NONCE"),
    (re.compile(r"<b>[0-9a-f]{16}</b>"), "REFERENCE"),
    (re.compile(r"/notices/\d+/read"), "NOTICE"),
)


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """No clock runs while the two are compared."""
    with time_machine.travel(NOW, tick=False):
        yield


def masked(body: bytes, *numbers: str) -> str:
    """The body without what is made anew for each answer."""
    text = body.decode("utf-8", "replace")
    for pattern, kept in TOKENS:
        text = pattern.sub(kept, text)
    for number in numbers:
        text = text.replace(number, "THE-NUMBER")
    return text


def answer(world: World, name: str, path: str) -> tuple[int, str, dict[str, str]]:
    """Status, masked body and the headers that could tell something."""
    got = world.client(name).get(path)
    kept = {
        k: masked(v.encode())
        for k, v in got.headers
        if k in ("Content-Type", "Location", "ETag", "Content-Disposition")
    }
    return got.status_code, masked(got.data), kept


def general(app: Flask) -> list[str]:
    """Every address that is asked with GET and takes no case: numbers are tried as 1, words left out."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "operations.metrics"):
            continue  # what the process counts of itself is for operators' machines only
        path = re.sub(r"<int(?:\([^)]*\))?:\w+>", "1", rule.rule)
        if "<" not in path:
            found.append(path)
    searching = [
        f"{path}?q={word}" for path in ("/desk", "/projects", "/admin/people") for word in (CANARY, "Reykjavik")
    ]
    return sorted({*found, *searching, "/projects?country=IS", "/sittings/interests?page=1"})


@pytest.mark.parametrize("name", OUT)
def test_every_page_is_the_same_with_the_case_and_without_it(worlds: tuple[Flask, Flask], name: str) -> None:
    paths = general(worlds[0])
    assert len(paths) > 60
    answers = []
    for app in worlds:
        with app.app_context():
            world = World(app)
            answers.append({path: answer(world, name, path) for path in paths})
            db.session.remove()
    told = {path: _first_difference(answers[0][path], answers[1][path]) for path in paths}
    assert {path: words for path, words in told.items() if words} == {}, f"tells {name}, who {OUT[name]}"
    for path in paths:
        here = answers[0][path]
        assert not any(word in here[1] for word in WORDS[:2] if f"q={word}" not in path), path
    assert sum(status == 200 for status, _, _ in answers[0].values()) > 15


def _first_difference(here: tuple[int, str, dict[str, str]], there: tuple[int, str, dict[str, str]]) -> str:
    if here == there:
        return ""
    lines = zip(here[1].splitlines(), there[1].splitlines(), strict=False)
    place = next(((a.strip(), b.strip()) for a, b in lines if a != b), (here[1][-200:], there[1][-200:]))
    heads = f"{here[0]} {here[2]} {there[0]} {there[2]}" if here[::2] != there[::2] else ""
    return f"{heads} {place[0][:300]} | {place[1][:300]}"


@pytest.mark.parametrize("name", OUT)
def test_every_address_of_the_case_answers_like_one_that_does_not_exist(worlds: tuple[Flask, Flask], name: str) -> None:
    app = worlds[0]
    with app.app_context():
        world = World(app)
        title = f"{CANARY} 둘째" if name == "consultant" else f"{CANARY} 사업"
        number = db.session.scalars(sa.select(Case.number).where(Case.title_ko == title)).one()
        world._made = 10_000  # tokens that the pages above have not used
        client = world.client(name)
        client.get("/accessibility")
        rules = [rule for rule in app.url_map.iter_rules() if "<number>" in rule.rule]
        assert len(rules) > 60
        for rule in rules:
            path = re.sub(r"<int(?:\([^)]*\))?:\w+>", "1", rule.rule)
            path = path.replace("<trigger>", "vote").replace("<stage>", "evaluation").replace("<key>", "project")
            path = re.sub(r"<(?!number)[\w:]+>", "x", path)
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                told = [_told(client, method, path.replace("<number>", n), n) for n in (number, ABSENT)]
                assert told[0] == told[1], f"{method} {path} tells {name}, who {OUT[name]}"
        db.session.remove()


def _told(client: FlaskClient, method: str, path: str, number: str) -> tuple[int, str, int]:
    with counted_statements() as seen:
        got = client.open(path, method=method)
    return got.status_code, masked(got.data, number), len(seen)


def test_nothing_of_the_case_is_left_to_send_to_who_is_out(worlds: tuple[Flask, Flask]) -> None:
    """Notices from before are shown no more (the pages above); what is still to be sent goes to nobody who is out."""
    with worlds[0].app_context():
        world = World(worlds[0])
        out = {world.ids[name] for name in ("member06", "member07", "evaluator4")}
        hidden = db.session.scalars(sa.select(Case).where(Case.title_ko == f"{CANARY} 사업")).one()
        told = sa.select(Delivery.user_id).where(Delivery.case_id == hidden.id, Delivery.event_seq == hidden.seq)
        assert not out & set(db.session.scalars(told))
        db.session.remove()
