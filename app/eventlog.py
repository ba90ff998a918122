"""The whole event log as rows for process mining: case by case, in order, without names. Streams; never writes."""

from collections.abc import Iterator

import sqlalchemy as sa

from app.extensions import db
from app.models import Case, Event

BATCH = 500


def rows() -> Iterator[dict[str, str]]:
    """case, trigger, from, to, at (ISO 8601, UTC) and role of every event; those of a case stand together."""
    last = 0
    while True:
        ids = list(db.session.scalars(sa.select(Case.id).where(Case.id > last).order_by(Case.id).limit(BATCH)))
        if not ids:
            return
        yield from _batch(ids[0], ids[-1])
        last = ids[-1]


def _batch(first: int, last: int) -> Iterator[dict[str, str]]:
    query = (
        sa.select(Case.number, Event.trigger, Event.from_state, Event.to_state, Event.at, Event.roles, Event.actor_id)
        .join(Event, Event.case_id == Case.id)
        .where(Event.case_id.between(first, last))
        .order_by(Event.case_id, Event.seq)
    )
    for event in db.session.execute(query):
        yield {
            "case": event.number,
            "trigger": event.trigger,
            "from": event.from_state,
            "to": event.to_state,
            "at": event.at.isoformat(),
            "role": "+".join(event.roles) or "system",
        }
