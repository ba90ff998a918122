"""Histories read in batches of cases by id, each table once a batch. What cannot even be read is named as a break."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.audit.chain import Break, History
from app.audit.shapes import EVENT_COLUMNS, NOT_YET, Shape, case_shape, sealed_shapes
from app.extensions import db
from app.models import Case, CaseClock, Event
from app.models.case import NO_DEADLINE
from app.models.clocks import WATCHED
from workflows.text import Text

BATCH = 500
VOTES = ("ballot", "opened_ballot", "resolution")
EVERYBODY = "*"
UNREADABLE = (ValueError, TypeError, OverflowError, sa.exc.StatementError, sa.exc.NoSuchColumnError)


def histories(number: str | None = None) -> Iterator[History | Break]:
    """Every case (or the one of that number) with its history, by id. A Break where something is unreadable."""
    last = 0
    while True:
        query = sa.select(Case.__table__.c.id).where(Case.id > last).order_by(Case.id).limit(BATCH)
        if number is not None:
            query = query.where(Case.number == number)
        ids = list(db.session.scalars(query))
        if not ids:
            return
        try:
            yield from _batch(ids[0], ids[-1], number)
        except UNREADABLE:
            db.session.rollback()
            yield from _one_by_one(ids)
        last = ids[-1]


def _batch(first: int, last: int, number: str | None) -> list[History]:
    cases = [row for row in _cases(first, last) if number is None or row.number == number]
    if number is not None:
        first, last = cases[0].id, cases[0].id
    events = _grouped(EVENT_COLUMNS, Event.__table__, first, last, Event.__table__.c.seq)
    sealed: dict[int, dict[str, str]] = defaultdict(dict)
    votes: dict[str, dict[int, list[Any]]] = {name: defaultdict(list) for name in VOTES}
    for shape in sealed_shapes():
        for row in _rows(shape, first, last):
            key = f"{shape.name}:{row.id}"
            sealed[row.case_id][key] = shape.seal(row._mapping)
            if shape.name in VOTES:
                votes[shape.name][row.case_id].append(row)
    due = _due(first, last)
    return [
        History(
            case,
            events[case.id],
            sealed[case.id],
            min(due.get((case.id, holder), NO_DEADLINE) for holder in (case.turn, EVERYBODY)),
            (votes["ballot"][case.id], votes["opened_ballot"][case.id], votes["resolution"][case.id]),
        )
        for case in cases
    ]


def _cases(first: int, last: int) -> list[Any]:
    query = sa.select(*case_shape().columns).where(Case.id.between(first, last)).order_by(Case.id)
    return list(db.session.execute(query))


def _rows(shape: Shape, first: int, last: int) -> Any:
    query = sa.select(*shape.columns).where(shape.model.case_id.between(first, last))
    return db.session.execute(query.where(NOT_YET.get(shape.name, sa.true())))


def _grouped(columns: Any, table: Any, first: int, last: int, order: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    query = sa.select(*columns).where(table.c.case_id.between(first, last))
    for row in db.session.execute(query.order_by(table.c.case_id, order)):
        found[row.case_id].append(row)
    return found


def _due(first: int, last: int) -> dict[tuple[int, str | None], Any]:
    """(case, holder, or EVERYBODY for what is watched) -> the earliest date of the clocks that run (services/clocks.set_due)."""
    holder = sa.case((CaseClock.key.in_(WATCHED), EVERYBODY), else_=CaseClock.holder).label("whose")
    query = (
        sa.select(CaseClock.case_id, holder, sa.func.min(CaseClock.due_on, type_=sa.Date()))
        .where(CaseClock.case_id.between(first, last), CaseClock.stopped_at.is_(None))
        .where(CaseClock.paused_on.is_(None), CaseClock.key != "progress_notice")
        .group_by(CaseClock.case_id, "whose")
    )
    return {(case_id, holder): day for case_id, holder, day in db.session.execute(query)}


def _one_by_one(ids: list[int]) -> Iterator[History | Break]:
    """The batch again, each case on its own, to find the one whose rows are not even readable."""
    for case_id in ids:
        try:
            yield from _batch(case_id, case_id, None)
        except UNREADABLE:
            db.session.rollback()
            yield _unreadable(case_id)


def _unreadable(case_id: int) -> Break:
    number, last = db.session.execute(
        sa.select(sa.cast(Case.number, sa.Text), sa.cast(Case.seq, sa.Text)).where(Case.id == case_id)
    ).one()
    for name, columns, table in _tables():
        keys = list(db.session.scalars(sa.select(table.c.id).where(table.c.case_id == case_id)))
        for key in keys:
            try:
                list(db.session.execute(sa.select(*columns).where(table.c.id == key)))
            except UNREADABLE:
                db.session.rollback()
                return Break(str(number), _step(case_id, name, key), _said(f"{name}:{key}"))
    return Break(str(number), int(last) if str(last).isdigit() else 0, _said(f"case:{case_id}"))


def _tables() -> Iterator[tuple[str, Any, Any]]:
    yield "event", EVENT_COLUMNS, Event.__table__
    shape: Shape
    for shape in sealed_shapes():
        yield shape.name, shape.columns, shape.model.__table__


def _step(case_id: int, name: str, key: int) -> int:
    """The step an unreadable row belongs to: its own number, or the step that vouches for it."""
    if name == "event":
        return db.session.scalar(sa.select(Event.__table__.c.seq).where(Event.id == key)) or 0
    seals = sa.cast(Event.seals, sa.Text)
    query = sa.select(sa.func.max(Event.seq)).where(Event.case_id == case_id, seals.contains(f'"{name}:{key}"'))
    return db.session.scalar(query) or 0


def _said(key: str) -> Text:
    return Text(f"기록 {key}을(를) 읽을 수 없습니다", f"the row {key} cannot be read")
