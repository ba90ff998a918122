"""What holds of searching: the same answers as a recount over every row, whatever the index says, and nobody's more."""

from collections.abc import Iterator
from importlib import import_module
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.db import unit_of_work
from app.extensions import db
from app.models import Case
from app.queries import queue
from app.queries.queue import Filters
from app.queries.search import pieces, words_of
from tests.services.test_queue import many, walk
from tests.world import World

WORDS = (
    "하노이", "교통", "관제", "스마트", "물", "Hanoi", "traffic", "control", "Đà Nẵng", "ﾊﾉｲ", "العاصمة", "2027", "a",
    "x", "Côte", "straße", "É", "한글A1", "ก", "①",
)  # fmt: skip
ASKED = (
    "하노", "노이", "이", "물", "교통 관제", "han", "HANOI", "an no", "noi traf", "a", "x", "0", "đà", "nẵng", "côte",
    "cote", "strasse", "straße", "하노이 traffic", "한글a1", "글A", "العا", "없는말", "zzzz", "①", "q", "하이", "%_",
)  # fmt: skip


def titled(world: World, count: int, seed: int = 1) -> dict[str, str]:
    """number -> text of `count` cases with words thrown together."""
    rng = Random(seed)
    many(world, count)
    texts = {}
    with unit_of_work():
        for case_id, number in db.session.execute(sa.select(Case.id, Case.number).order_by(Case.id)).all():
            texts[number] = " ".join([number, *rng.choices(WORDS, k=rng.randint(1, 6))])
            db.session.execute(sa.update(Case).where(Case.id == case_id).values(search=pieces(texts[number])))
    return texts


def holds(text: str, asked: str) -> bool:
    """The recount: every word asked for lies within a word of the text."""
    return all(any(word in held for held in words_of(text)) for word in words_of(asked))


def expected(texts: dict[str, str], asked: str) -> list[str]:
    """The numbers in the order of the queue, by reading everything."""
    query = sa.select(Case.number).where(Case.state != "DRAFT").order_by(Case.due_on, Case.id)
    return [number for number in db.session.scalars(query) if holds(texts[number], asked)]


@pytest.fixture(params=[queue.FEW, 3, 0])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Both ways of finding: by ids, in order, and whichever fits."""
    monkeypatch.setattr(queue, "FEW", request.param)
    queue._found_query.cache_clear()
    yield request.param
    queue._found_query.cache_clear()


def test_every_search_finds_what_a_recount_finds_page_by_page(world: World, few: int) -> None:
    texts = titled(world, 120)
    found = 0
    for asked in ASKED:
        answer = expected(texts, asked)
        assert walk(world, Filters(words=asked)) == answer, asked
        found += bool(answer)
    assert found > 18


def test_the_way_back_through_a_search_shows_the_same(world: World, few: int) -> None:
    texts, who = titled(world, 90), world.viewer("officer")
    asked = Filters(words="하노")
    first = queue.page(who, asked, size=5)
    second = queue.page(who, asked, after=first.older, size=5)
    back = queue.page(who, asked, before=second.newer, size=5)
    assert [row.number for row in (*first.rows, *second.rows)] == expected(texts, "하노")[:10]
    assert [row.id for row in back.rows] == [row.id for row in first.rows]


def test_a_search_stays_within_the_other_filters(world: World, few: int) -> None:
    texts = titled(world, 90)
    query = sa.select(Case.number).where(Case.state == "SCREENING").order_by(Case.due_on, Case.id)
    screening = [number for number in db.session.scalars(query) if holds(texts[number], "교통")]
    assert walk(world, Filters(words="교통", state="SCREENING")) == screening != []


def test_a_search_shows_nobody_more_than_his_queue_does(world: World, few: int) -> None:
    titled(world, 60)
    with unit_of_work():
        world.add_user("elsewhere", role="officer", programme="sandbox")
    for name in ("applicant", "embassy", "consultant", "evaluator1", "member01", "elsewhere"):
        assert list(queue.page(world.viewer(name), Filters(words="하노")).rows) == [], name
    drafts = set(db.session.scalars(sa.select(Case.number).where(Case.state == "DRAFT")))
    assert drafts and not drafts & set(walk(world, Filters(words="kcn")))


def test_the_export_holds_what_the_pages_hold(world: World) -> None:
    titled(world, 60)
    rows = list(queue.every_row(world.viewer("officer"), Filters(words="an tr")))
    assert [row.number for row in rows] == walk(world, Filters(words="an tr"))


def test_the_index_follows_changed_and_deleted_cases(world: World) -> None:
    many(world, 10)
    who = world.viewer("officer")
    numbers = [row.number for row in queue.page(who, Filters()).rows]
    for words in ("부산 항만", "대구 교통", ""):
        with unit_of_work():
            db.session.execute(sa.update(Case).where(Case.number == numbers[0]).values(search=pieces(words)))
        for asked in ("부산", "항만", "대구"):
            found = [row.number for row in queue.page(who, Filters(words=asked)).rows]
            assert found == ([numbers[0]] if asked in words else []), (words, asked)
    with unit_of_work():
        db.session.execute(sa.update(Case).where(Case.number == numbers[1]).values(search=pieces("지울 것")))
    with unit_of_work():
        db.session.execute(sa.delete(Case).where(Case.number == numbers[1]))
    assert list(queue.page(who, Filters(words="지울")).rows) == []
    if db.engine.dialect.name == "sqlite":
        with unit_of_work():  # refuses where index and table differ
            db.session.execute(sa.text("INSERT INTO case_search(case_search, rank) VALUES ('integrity-check', 1)"))


def test_a_search_reads_its_index_and_takes_two_statements(world: World, statements: Any) -> None:
    many(world, 4000)
    with unit_of_work():
        db.session.execute(sa.update(Case).where(Case.number == "KCN-2026-00008").values(search=pieces("드문말")))
        db.session.execute(sa.text("ANALYZE"))
    who = world.viewer("officer")
    db.session.rollback()
    with statements() as seen:
        assert [row.number for row in queue.page(who, Filters(words="드문말")).rows] == ["KCN-2026-00008"]
    assert len([s for s in seen if s.startswith("SELECT")]) == 2
    asked, today = Filters(words="드문말"), clock.today()
    steps = explained(queue._found_query(who, asked, today, "first", db.engine.dialect.name))
    assert "VIRTUAL TABLE" in steps or "ix_case_search" in steps, steps
    more = explained(queue._page_query(who, asked, today, "first", 26, True).params(found=[8]))
    assert "INTEGER PRIMARY KEY" in more or "pk_case" in more, more
    assert 'Seq Scan on "case"' not in steps + more and "SCAN case\n" not in steps + more, steps + more


def explained(query: Any) -> str:
    """How the database would carry the query out."""
    lite = db.engine.dialect.name == "sqlite"
    text = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    rows = db.session.connection().exec_driver_sql(("EXPLAIN QUERY PLAN " if lite else "EXPLAIN ") + text)
    return "\n".join(str(row[-1]) for row in rows)


@given(st.lists(st.text(max_size=12), max_size=4), st.text(max_size=6))
def test_pieces_hold_every_part_of_every_word(texts: list[str], asked: str) -> None:
    text = " ".join(texts)
    kept = pieces(text).split()
    for word in words_of(text):
        for start in range(len(word)):
            assert word[start] in kept
            if start + 1 < len(word):
                assert word[start : start + 2] in kept
    assert pieces(asked) == pieces(asked.lower()) or words_of(asked) != words_of(asked.lower())


def test_the_migration_indexes_what_is_there_and_can_be_taken_back(world: World) -> None:
    many(world, 5)
    migration = import_module("migrations.versions.0003_search")
    with unit_of_work():
        db.session.execute(sa.update(Case).values(search=" 하노 노이 | 교통 "))
        with Operations.context(MigrationContext.configure(db.session.connection())):
            migration.downgrade()
            migration.upgrade()
    assert db.session.scalars(sa.select(Case.search).distinct()).all() == [pieces("하노이 교통")]
    assert len(queue.page(world.viewer("officer"), Filters(words="이")).rows) == 5
