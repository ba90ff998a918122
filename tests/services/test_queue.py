"""What holds of the queue: in order of the date, page by page without a gap, read from an index, counted by counters."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import unit_of_work
from app.errors import NotFound
from app.extensions import db
from app.models import Case, Counter
from app.models.case import NO_DEADLINE
from app.queries import queue
from app.queries.cases import case_for
from app.queries.queue import Filters
from app.services.begin_screening import begin_screening
from app.services.return_case import return_ineligible
from tests.world import World

STATES = ("RECEIVED", "SCREENING", "SUPPLEMENT", "ELIGIBLE", "EVALUATING", "CLOSED", "DRAFT")
TURNS = {"SUPPLEMENT": "signatory", "EVALUATING": "evaluator", "CLOSED": None}


def many(world: World, count: int) -> None:
    """Rows put in at once: the queue reads no more of a case than its columns."""
    now, officers = clock.now(), [world.ids["officer"], world.ids["officer2"], None]
    cycles = {d: world.cycle(d).id for d in ("kcity-planning", "kcity-demonstration")}
    rows = []
    for i in range(count):
        kind = "kcity-demonstration" if i % 5 == 0 else "kcity-planning"
        state = STATES[i % len(STATES)]
        rows.append(
            {
                "number": f"KCN-2026-{i:05}",
                "definition_id": kind,
                "definition_version": 1,
                "form_version": 1,
                "cycle_id": cycles[kind],
                "cycle_revision": 1,
                "organisation_id": world.orgs["hanoi"],
                "state": state,
                "seq": 1,
                "head": "",
                "title_ko": f"제안 {i}",
                "title_en": f"Proposal {i}",
                "country": "VN",
                "city": "Hanoi",
                "created_at": now,
                "created_by": world.ids["applicant"],
                "received_at": now,
                "turn": TURNS.get(state, "officer"),
                "turn_since": now,
                "due_on": NO_DEADLINE if state == "CLOSED" else clock.today() + timedelta(days=i % 60 - 5),
                "assignee_id": officers[i % 3],
                "eligibility": {},
                "search": "",
                "imported": False,
            }
        )
    with unit_of_work():
        db.session.execute(sa.insert(Case), rows)


def walk(world: World, asked: Filters, size: int = 7) -> list[str]:
    """Every number in the order of the pages."""
    who, found, after = world.viewer("officer"), [], None
    while True:
        page = queue.page(who, asked, after=after, size=size)
        found += [row.number for row in page.rows]
        if page.older is None:
            return found
        after = page.older


def test_pages_hold_every_case_once_in_the_order_of_the_date(world: World) -> None:
    many(world, 60)
    found = walk(world, Filters())
    query = sa.select(Case.number).where(Case.state != "DRAFT").order_by(Case.due_on, Case.id)
    assert found == list(db.session.scalars(query))


def test_the_way_back_shows_the_same_pages(world: World) -> None:
    many(world, 40)
    who = world.viewer("officer")
    first = queue.page(who, Filters(), size=10)
    second = queue.page(who, Filters(), after=first.older, size=10)
    third = queue.page(who, Filters(), after=second.older, size=10)
    back = queue.page(who, Filters(), before=third.newer, size=10)
    assert [r.id for r in back.rows] == [r.id for r in second.rows]
    top = queue.page(who, Filters(), before=back.newer, size=10)
    assert [r.id for r in top.rows] == [r.id for r in first.rows]
    assert (first.newer, top.newer) == (None, None)


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        (Filters(state="SCREENING"), Case.state == "SCREENING"),
        (Filters(turn="signatory"), Case.turn == "signatory"),
        (Filters(unassigned=True), Case.assignee_id.is_(None)),
        (Filters(type="kcity-demonstration"), Case.definition_id == "kcity-demonstration"),
        (Filters(late=True), Case.due_on < sa.bindparam("today")),
        (
            Filters(state="RECEIVED", type="kcity-planning"),
            sa.and_(Case.state == "RECEIVED", Case.definition_id == "kcity-planning"),
        ),
    ],
)
def test_a_filter_shows_what_it_says_and_no_draft(lite_world: World, asked: Filters, condition: Any) -> None:
    many(lite_world, 70)
    query = sa.select(Case.number).where(condition, Case.state != "DRAFT").order_by(Case.due_on, Case.id)
    expected = list(db.session.execute(query, {"today": clock.today()} if asked.late else {}).scalars())
    assert walk(lite_world, asked) == expected
    assert expected


def test_mine_are_mine(lite_world: World) -> None:
    many(lite_world, 30)
    found = walk(lite_world, Filters(mine=True))
    owners = sa.select(Case.assignee_id).where(Case.number.in_(found)).distinct()
    assert list(db.session.scalars(owners)) == [lite_world.ids["officer"]]


VIEWS = {
    "all": Filters(),
    "state": Filters(state="SCREENING"),
    "state and type": Filters(state="SCREENING", type="kcity-planning"),
    "type": Filters(type="kcity-planning"),
    "turn": Filters(turn="signatory"),
    "mine": Filters(mine=True),
    "unassigned": Filters(unassigned=True),
    "cycle": Filters(cycle=1),
    "late": Filters(late=True),
}


def plan(query: Any) -> list[str]:
    """How the database would carry the query out."""
    sqlite = db.engine.dialect.name == "sqlite"
    text = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    rows = db.session.execute(sa.text(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + text.replace(":", "\\:")))
    return [str(row[-1]) for row in rows]


def test_every_view_is_read_from_an_index_in_its_order(world: World) -> None:
    many(world, 6000)
    with unit_of_work():
        db.session.execute(sa.text("ANALYZE"))
    who = world.viewer("officer")
    for name, asked in VIEWS.items():
        if asked.cycle:
            asked = Filters(cycle=world.cycle("kcity-demonstration").id)
        for after in (None, (clock.today() + timedelta(days=30), 10)):
            query = queue._query(who, asked).limit(26)
            if after:
                query = query.where(sa.tuple_(Case.due_on, Case.id) > sa.tuple_(*after))
            steps = plan(query)
            said = f"{name} {after}: {steps}"
            assert not any("TEMP B-TREE" in step or "Sort" in step for step in steps), said
            assert not any(step.startswith("SCAN case") and "INDEX" not in step for step in steps), said
            assert not any("Seq Scan on" in step and "case" in step for step in steps), said


def test_a_deep_page_takes_one_statement_like_the_first(world: World, statements: Any) -> None:
    many(world, 300)
    who = world.viewer("officer")
    db.session.rollback()
    counts = []
    for after in (None, (clock.today() + timedelta(days=40), 1)):
        with statements() as seen:
            queue.page(who, Filters(), after=after)
        counts.append(len([s for s in seen if s.startswith("SELECT")]))
    assert counts == [1, 1]


def test_counts_come_from_the_counters_and_equal_a_recount(world: World, statements: Any) -> None:
    for state in ("RECEIVED", "RECEIVED", "SCREENING", "DRAFT", "CLOSED"):
        world.case_in(state)
    world.case_in("SCREENING", "kcity-demonstration")
    who = world.viewer("officer")
    begin_screening(who, "KCN-2027-0001")
    return_ineligible(who, "KCN-2027-0003", "planning_scope", "건축비")
    db.session.rollback()
    with statements() as seen:
        found = queue.summary(who, Filters())
    (only,) = [s for s in seen if "SELECT" in s]
    assert only.replace('"', "").count("FROM case") == 1  # those out of time, up to a bound; the rest from counters
    assert "LIMIT" in only
    recount = sa.select(Case.definition_id, Case.state, sa.func.count()).group_by(Case.definition_id, Case.state)
    live = {(d, s): n for d, s, n in db.session.execute(recount)}
    counted = {(c.definition_id, c.state): c.n for c in db.session.scalars(sa.select(Counter)) if c.n}
    assert counted == live
    for type_ in ("kcity-planning", "kcity-demonstration"):
        mine = {state: n for (d, state), n in live.items() if d == type_ and state != "DRAFT"}
        assert dict(queue.summary(who, Filters(type=type_)).states) == mine
    assert sum(n for _, n in found.states) == sum(n for (_, state), n in live.items() if state != "DRAFT")
    holding = set(db.session.scalars(sa.select(Case.cycle_id).where(Case.state != "DRAFT")))
    assert {line.id for line in found.cycles} == holding
    for cycle in holding:
        here = sa.select(sa.func.count()).where(Case.cycle_id == cycle, Case.state != "DRAFT")
        assert sum(n for _, n in queue.summary(who, Filters(cycle=cycle)).states) == db.session.scalar(here)


def test_cases_out_of_time_are_counted_up_to_a_bound(lite_world: World) -> None:
    many(lite_world, 40)
    late = sa.select(sa.func.count()).where(Case.due_on < clock.today(), Case.state != "DRAFT")
    assert queue.summary(lite_world.viewer("officer"), Filters()).late == db.session.scalar(late)
    with unit_of_work():
        db.session.execute(sa.update(Case).values(due_on=date(2020, 1, 1)))
    many_more = queue.MANY
    queue.MANY = 10
    try:
        assert queue.summary(lite_world.viewer("officer"), Filters()).late == 10
    finally:
        queue.MANY = many_more


@pytest.mark.parametrize("name", ["officer", "clerk", "auditor"])
def test_staff_find_nothing_in_the_queue_that_they_may_not_open(lite_world: World, name: str) -> None:
    many(lite_world, 20)
    who = lite_world.viewer(name)
    rows = queue.page(who, Filters(), size=50).rows
    assert rows
    assert all(case_for(who, row.number).id == row.id for row in rows)


@pytest.mark.parametrize("name", ["applicant", "embassy", "consultant", "evaluator1", "member01"])
def test_others_have_no_queue(lite_world: World, name: str) -> None:
    many(lite_world, 20)
    who = lite_world.viewer(name)
    assert list(queue.page(who, Filters()).rows) == []
    assert queue.summary(who, Filters()) == ((), (), 0)


def test_an_officer_of_another_programme_sees_nothing(lite_world: World) -> None:
    many(lite_world, 20)
    with unit_of_work():
        lite_world.add_user("elsewhere", role="officer", programme="sandbox")
    who = lite_world.viewer("elsewhere")
    assert list(queue.page(who, Filters()).rows) == []
    with pytest.raises(NotFound):
        case_for(who, "KCN-2026-00001")
