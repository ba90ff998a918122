"""Write down what was done at a sitting as a whole: the next link of the sitting's own chain."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app import clock
from app.authz import Viewer
from app.extensions import db
from app.models import Sitting, SittingEvent


def note_act(
    sitting: Sitting,
    act: str,
    who: Viewer | None,
    data: Mapping[str, Any] | None = None,
    rows: Sequence[Any] = (),
    at: datetime | None = None,
) -> SittingEvent:
    """Record `act` (one of ACTS) of the locked `sitting`, as it stands now. Call inside a unit of work.

    `data`: what the minutes tell. `rows`: what else the act wrote and the chain vouches for; each has `seal()`.
    `at`: when it was done, where rows of the act carry the same time.
    """
    db.session.flush()
    seals = {f"sitting:{sitting.id}": sitting.seal()}
    seals |= {f"{row.__tablename__}:{row.id}": row.seal() for row in rows}
    event = SittingEvent(
        sitting_id=sitting.id,
        seq=sitting.seq + 1,
        act=act,
        at=at or clock.now(),
        actor_id=who.id if who else None,
        data=dict(data or {}),
        seals=seals,
        prev_hash=sitting.head,
    )
    event.hash = event.compute_hash(sitting.number)
    sitting.seq, sitting.head = event.seq, event.hash
    db.session.add(event)
    db.session.flush()
    return event
