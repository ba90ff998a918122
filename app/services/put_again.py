"""Put a motion once more in a new round: as amended, as it stood before, or after a vote that was void."""

from datetime import datetime

from app.extensions import db
from app.models import AgendaItem, Motion


def put_again(item: AgendaItem, stands: Motion, now: datetime) -> Motion:
    """The content of `stands` as the main motion of the item's next round, linked to it; flushed."""
    item.round, item.opened_at, item.closed_at = item.round + 1, None, None
    motion = Motion(
        case_id=stands.case_id,
        item_id=item.id,
        round=item.round,
        kind="main",
        follows_id=stands.id,
        secret=stands.secret,
        outcome=stands.outcome,
        amount_krw=stands.amount_krw,
        text=stands.text,
        conditions=stands.conditions,
        put_by=stands.put_by,
        put_at=now,
    )
    db.session.add(motion)
    db.session.flush()
    return motion
