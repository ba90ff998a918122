"""Write down what was done: the event, and everything that is a cache of it or follows from it.

The only writer of a case's state, turn, due date and seq, of counters, and of deliveries that belong to an
event. Nothing is sent here: deliveries are rows that the worker sends after commit.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.authz import Viewer
from app.base import Base, Sealed
from app.extensions import db
from app.models import Case, Counter, Event
from app.services import clocks, notices
from workflows.engine import Outcome
from workflows.schema import Definition


def record(
    case: Case,
    outcome: Outcome,
    definition: Definition,
    who: Viewer | None,
    roles: frozenset[str],
    now: datetime,
    data: Mapping[str, Any],
    seals: Sequence[Sealed],
    due_on: date | None = None,
) -> Event:
    """Store `outcome` as the next event of `case`. Call only inside a unit of work, once the guards agreed.

    `due_on`: the date the act sets for the clock it starts (a supplement's).
    """
    before = case.state if case.seq else None
    _move(case, outcome, definition, now)
    with db.session.no_autoflush:
        clocks.follow(case, outcome.transition, definition, now, due_on)
    if case.id is None or any(row.id is None for row in seals):  # type: ignore[attr-defined]
        db.session.flush()
    event = Event(
        case_id=case.id,
        seq=case.seq + 1,
        trigger=outcome.transition.trigger,
        code=outcome.transition.code,
        from_state=outcome.from_state,
        to_state=outcome.to_state,
        at=now,
        actor_id=who.id if who else None,
        roles=sorted(roles),
        shown=outcome.transition.shown,
        data=dict(data),
        facts=dict(outcome.facts),
        seals=_sealed([*seals, case]),
        prev_hash=case.head,
    )
    event.hash = event.compute_hash(case.number)
    case.seq, case.head = event.seq, event.hash
    db.session.add(event)
    db.session.flush()
    if before != case.state:
        count(case, before, case.state)
    notices.write(case, outcome.transition, definition, event, now, who)
    return event


def _move(case: Case, outcome: Outcome, definition: Definition, now: datetime) -> None:
    turn = definition.states[outcome.to_state].turn
    if outcome.to_state != case.state or case.turn != turn:
        case.turn_since = now
    case.state, case.turn = outcome.to_state, turn


def _sealed(rows: Sequence[Sealed]) -> dict[str, str]:
    seals = {}
    for row in rows:
        assert isinstance(row, Base)
        seals[f"{row.__tablename__}:{row.id}"] = row.seal()  # type: ignore[attr-defined]
    return seals


def count(case: Case, before: str | None, after: str | None, cycle: int | None = None) -> None:
    """Move one case between counters, in one order everywhere so that two writers never wait crosswise."""
    steps = [(state, step) for state, step in ((before, -1), (after, 1)) if state is not None]
    for state, step in sorted(steps):
        _add(case.definition_id, cycle or case.cycle_id, state, step)


def _add(definition_id: str, cycle_id: int, state: str, step: int) -> None:
    key = {"definition_id": definition_id, "cycle_id": cycle_id, "state": state}
    if step < 0:
        db.session.execute(sa.update(Counter).filter_by(**key).values(n=Counter.n + step))
        return
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(Counter)
    db.session.execute(
        insert.values(**key, n=step).on_conflict_do_update(
            index_elements=["definition_id", "cycle_id", "state"], set_={"n": Counter.n + step}
        )
    )
