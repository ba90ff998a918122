"""The proof of the record: it holds over real histories, and any value changed behind the application's back is found.

Histories come from `flask synthetic`, which lives every state; the changes are made as the owner of the database
would make them, with the triggers that guard history taken away first.
"""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit import verify
from app.audit.shapes import EVENT_COLUMNS, NOT_YET, event_hash, sealed_shapes, shape_of
from app.extensions import db
from app.models import Case, CaseClock, Envelope, Event
from app.services.act import act
from app.synthetic.make import make
from tests.world import World

CASES = 60
UNPROVEN = {"event": {"id"}, "case": {"id", "search"}}
"""Surrogate keys of events and the search index are no content; the key of a case is what everything hangs on."""


@pytest.fixture
def lived(app: Flask) -> Flask:
    """An application with cases in every state, each with its whole history."""
    make(CASES, 7, lambda done: None)
    if db.engine.dialect.name == "sqlite":
        for name in db.session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.session.execute(sa.text(f"DROP TRIGGER {name}"))
        db.session.execute(sa.text("PRAGMA foreign_keys=OFF"))
    else:
        checks = "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
        ours = f"{checks} AND connamespace = 'public'::regnamespace"
        for name, table in db.session.execute(sa.text(ours)).all():
            db.session.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    db.session.commit()
    return app


def owner() -> Any:
    """The database as its owner meets it: no triggers, no foreign keys, no checks. Undone by rollback."""
    db.session.rollback()
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    return connection


def other(value: Any, column: Any) -> Any:
    """The same value with the smallest change its type allows."""
    if isinstance(column.type, sa.JSON):
        return {**value, "x": 1} if isinstance(value, dict) else [*value, 1]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, date):
        return value - timedelta(days=1)
    if isinstance(value, str):
        return value[:-1] + ("1" if value[-1:] == "0" else "0")
    kind = sa.Integer if isinstance(column.type, sa.BigInteger) else type(column.type)
    return {sa.Integer: 1, sa.String: "0", sa.Text: "0", sa.Date: date(2026, 1, 1)}.get(
        kind, datetime(2026, 1, 1, tzinfo=datetime.now().astimezone().tzinfo)
    )


def targets() -> list[tuple[Any, list[str]]]:
    """(model, columns that must be proven) of every table whose rows are facts."""
    found = [(shape.model, list(dict.fromkeys(("id", "case_id", *shape.model.SEALED)))) for shape in sealed_shapes()]
    for model in (Event, Case):
        names = [c.key for c in model.__table__.columns if c.key not in UNPROVEN[model.__tablename__]]
        found.append((model, names))
    return found


def proof_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `verify` read the uncommitted change, so that a rollback is all that a trial costs."""
    monkeypatch.setattr(db.session, "rollback", lambda: None)
    monkeypatch.setattr("app.audit.proof._snapshot", lambda: {})
    monkeypatch.setattr("app.audit.reading.BATCH", CASES + 1)


def test_the_record_of_lived_cases_holds(lived: Flask) -> None:
    proof = verify()
    assert proof.holds
    assert proof.cases == CASES
    assert proof.events == db.session.scalar(sa.select(sa.func.count()).select_from(Event))


def test_every_column_of_every_fact_is_proven(lived: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rng, missed, tried, seldom = Random(3), [], 0, set[str]()
    numbers = dict(db.session.execute(sa.select(Case.id, Case.number)).all())
    for model, names in targets():
        only = NOT_YET.get(model.__tablename__, sa.true())
        if model is Case:
            only = Case.seq > 0
        rows = db.session.execute(sa.select(model.__table__).where(only)).all()
        if not rows:
            seldom.add(model.__tablename__)
            continue
        for name in names:
            row = rng.choice(rows)
            tried += 1
            column = model.__table__.c[name]
            connection = owner()
            change = {name: other(getattr(row, name), column)}
            if name in (
                "id",
                "case_id",
                "number",
                "seq",
                "user_id",
                "item_id",
                "round",
                "kind",
                "ballot_id",
                "hearing",
            ):
                change = {name: _free(model, row, name, change[name])}
            try:
                connection.execute(sa.update(model.__table__).where(model.__table__.c.id == row.id).values(**change))
                with monkeypatch.context() as patch:
                    proof_inside(patch)
                    proof = verify(
                        None if name in ("case_id", "number") else numbers[row.id if model is Case else row.case_id]
                    )
            finally:
                db.session.rollback()
                db.session.remove()
            if proof.holds or not _named(proof.broken, model, row, name, change[name]):
                missed.append((model.__tablename__, name, proof.broken))
    assert missed == []
    assert tried > 120
    assert not seldom & OFTEN


OFTEN = {
    "allocation", "ballot", "case", "condition", "decision", "declaration", "event", "letter", "message", "motion",
    "ranking", "resolution", "score_sheet", "version",
}  # fmt: skip
"""Facts that every year of cases has; of the others (an objection upheld, a vote made void) the seal itself is asked."""


@pytest.mark.parametrize("shape", sealed_shapes(), ids=lambda shape: shape.name)
def test_every_sealed_column_moves_the_seal(shape: Any) -> None:
    made = {name: _made_up(shape.model.__table__.c[name]) for name in shape.model.SEALED}
    seal = shape.seal(made)
    for name in shape.model.SEALED:
        column = shape.model.__table__.c[name]
        changed = "[1]" if isinstance(column.type, sa.JSON) else other(made[name], column)
        assert shape.seal({**made, name: changed}) != seal, name


def _made_up(column: Any) -> Any:
    """Some value of the column's type, as the database gives it; JSON as text."""
    if isinstance(column.type, sa.JSON):
        return "[]"
    kinds = {sa.Boolean: True, sa.Integer: 3, sa.Date: date(2026, 11, 22), sa.String: "fact"}
    found = next((value for kind, value in kinds.items() if isinstance(column.type, kind)), None)
    return datetime(2026, 11, 22, tzinfo=datetime.now().astimezone().tzinfo) if found is None else found


def _free(model: Any, row: Any, name: str, value: Any) -> Any:
    """A value that breaks no unique key, for columns that are part of one."""
    if name == "case_id":
        return db.session.scalar(sa.select(Case.id).where(Case.seq == 0).limit(1))
    if isinstance(value, str) and name == "number":
        return value[:-4] + "9" + value[-3:]
    return value + 100_000 if isinstance(value, int) else value


def _named(broken: Any, model: Any, row: Any, name: str, value: Any) -> bool:
    """The break names the case that was changed (or the one it was given to), and a step of it."""
    if model is Case:
        return broken.number in (row.number, value if name == "number" else row.number) and broken.seq >= 1
    cases = {row.case_id, value if name == "case_id" else row.case_id}
    number = set(db.session.scalars(sa.select(Case.number).where(Case.id.in_(cases))))
    if broken.number not in number or (broken.seq < 1 and name != "case_id"):
        return False
    return model is not Event or name in ("case_id", "seq", "hash") or broken.seq == row.seq


def change(statement: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The proof after one statement of the owner."""
    connection = owner()
    try:
        connection.execute(statement)
        with monkeypatch.context() as patch:
            proof_inside(patch)
            return verify().broken
    finally:
        db.session.rollback()
        db.session.remove()


def an_event() -> Any:
    query = sa.select(Event.id, Event.seq, Event.case_id, Case.number).join(Case, Case.id == Event.case_id)
    return db.session.execute(query.where(Event.seq == 4, Case.seq > 6).order_by(Event.id).limit(1)).one()


def test_a_step_taken_out_is_found(lived: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    event = an_event()
    broken = change(sa.delete(Event).where(Event.id == event.id), monkeypatch)
    assert (broken.number, broken.seq) == (event.number, event.seq)


def test_a_row_taken_out_and_a_row_put_in_are_found(lived: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.models import Ballot

    ballot = db.session.execute(sa.select(Ballot.__table__).limit(1)).one()
    gone = change(sa.delete(Ballot).where(Ballot.id == ballot.id), monkeypatch)
    number = db.session.scalar(sa.select(Case.number).where(Case.id == ballot.case_id))
    assert (gone.number, gone.seq > 1) == (number, True)
    extra = {**ballot._mapping, "id": 999_999, "user_id": 1}
    added = change(sa.insert(Ballot.__table__).values(**extra), monkeypatch)
    assert "no step vouches" in added.text.en


def test_a_whole_history_rewritten_with_fresh_hashes_is_still_no_lawful_one(
    lived: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone recomputes the hashes after letting a case skip a state: the engine does not agree."""
    case = db.session.execute(sa.select(Case.id, Case.number).where(Case.state == "SCREENING").limit(1)).one()
    connection = owner()
    events = connection.execute(sa.select(*EVENT_COLUMNS).where(Event.case_id == case.id).order_by(Event.seq)).all()
    last = events[-1]

    class Forged:
        def __init__(self, row: Any, **more: Any) -> None:
            self.__dict__.update({**row._mapping, **more})

    forged = Forged(last, to_state="CONSULTED")
    sha = event_hash(forged, case.number)
    connection.execute(sa.update(Event.__table__).where(Event.id == last.id).values(to_state="CONSULTED", hash=sha))
    connection.execute(sa.update(Case.__table__).where(Case.id == case.id).values(state="CONSULTED", head=sha))
    with monkeypatch.context() as patch:
        proof_inside(patch)
        broken = verify().broken
    db.session.rollback()
    assert broken is not None
    assert (broken.number, broken.seq) == (case.number, last.seq)


@pytest.mark.parametrize("column", ["committed_krw", "awards"])
def test_money_that_does_not_add_up_is_found(lived: Flask, column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = getattr(Envelope, column)
    broken = change(sa.update(Envelope).values(**{column: named + 1}), monkeypatch)
    assert broken is not None


def test_a_counter_that_is_wrong_is_found(lived: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.models import Counter

    broken = change(sa.update(Counter).where(Counter.state == "DRAFT").values(n=Counter.n + 1), monkeypatch)
    assert "DRAFT" in broken.number


def test_a_due_date_that_no_clock_gives_is_found(lived: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = db.session.scalar(sa.select(Case.id).where(Case.state == "SCREENING").limit(1))
    moved = sa.update(CaseClock).where(CaseClock.case_id == case_id, CaseClock.key == "screening")
    broken = change(moved.values(due_on=date(2031, 1, 1)), monkeypatch)
    assert "due date" in broken.text.en


def test_text_that_is_no_json_any_more_is_named_and_does_not_stop_the_proof_with_a_trace(
    lite: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(40, 7, lambda done: None)
    for name in db.session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.session.execute(sa.text(f"DROP TRIGGER {name}"))
    db.session.commit()
    event = an_event()
    db.session.execute(
        sa.text("UPDATE event SET seals = substr(seals, 2), at = 'yesterday' WHERE id = :id"), {"id": event.id}
    )
    db.session.commit()
    broken = verify().broken
    assert broken is not None
    assert (broken.number, broken.seq) == (event.number, event.seq)


def test_the_two_ways_of_hashing_an_event_agree(world: World) -> None:
    case = world.case_in("RECEIVED", title_ko='따옴표 " 역사선 \\ 줄\n바꿈 \u2028 😀')
    act(world.viewer("officer"), case.number, "begin_screening", data={"메모": ["ㄱ", 1, None, True, "é\t"]})
    events = list(db.session.scalars(sa.select(Event).where(Event.case_id == case.id)))
    rows = db.session.execute(sa.select(*EVENT_COLUMNS).where(Event.case_id == case.id)).all()
    number = db.session.get_one(Case, case.id).number
    assert [event.compute_hash(number) for event in events] == [event_hash(row, number) for row in rows]
    assert [event.hash for event in events] == [event_hash(row, number) for row in rows]


def test_the_two_ways_of_sealing_a_row_agree(lived: Flask) -> None:
    for model in (Case, *(shape.model for shape in sealed_shapes())):
        shape = shape_of(model)
        rows = {row.id: row for row in db.session.execute(sa.select(*shape.columns))}
        for found in db.session.scalars(sa.select(model)):
            assert found.seal() == shape.seal(rows[found.id]._mapping)


def test_one_case_can_be_proven_alone(lived: Flask) -> None:
    number = db.session.scalar(sa.select(Case.number).where(Case.state == "CLOSED").limit(1))
    proof = verify(number)
    assert (proof.holds, proof.cases) == (True, 1)
