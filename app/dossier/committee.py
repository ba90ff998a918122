"""The sittings that dealt with the case: what each vouches for, its chain, who came and went, who sat for the item."""

from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.models import AgendaItem, Attendance, Case, ItemSeat, Sitting, SittingEvent


def sittings_of(case: Case) -> list[Sitting]:
    """The sittings on whose agenda the case stood, in order."""
    here = sa.select(AgendaItem.sitting_id).where(AgendaItem.case_id == case.id)
    return list(db.session.scalars(sa.select(Sitting).where(Sitting.id.in_(here)).order_by(Sitting.id)))


def sittings(case: Case) -> list[dict[str, Any]] | None:
    """Each sitting with its items of this case; None for a case that was never tabled."""
    return [_sitting(case, one) for one in sittings_of(case)] or None


def _sitting(case: Case, sitting: Sitting) -> dict[str, Any]:
    items = list(
        db.session.scalars(
            sa.select(AgendaItem).where(AgendaItem.sitting_id == sitting.id, AgendaItem.case_id == case.id)
        )
    )
    seats = sa.select(ItemSeat).where(ItemSeat.item_id.in_([item.id for item in items])).order_by(ItemSeat.id)
    steps = sa.select(SittingEvent).where(SittingEvent.sitting_id == sitting.id).order_by(SittingEvent.seq)
    came = sa.select(Attendance).where(Attendance.sitting_id == sitting.id).order_by(Attendance.id)
    return {
        "id": sitting.id,
        "row": {name: getattr(sitting, name) for name in Sitting.VOUCHED},
        "events": [{**step.content(sitting.number), "hash": step.hash} for step in db.session.scalars(steps)],
        "items": [
            {
                "id": item.id,
                "position": item.position,
                "opened_at": item.opened_at,
                "closed_at": item.closed_at,
                "round": item.round,
            }
            for item in items
        ],
        "seats_for_items": [
            {"id": seat.id, "row": {name: getattr(seat, name) for name in ItemSeat.VOUCHED}}
            for seat in db.session.scalars(seats)
        ],
        "attendance": [
            {
                "user_id": row.user_id,
                "arrived_at": row.arrived_at,
                "left_at": row.left_at,
                "proxy": row.proxy,
                "observer": row.observer,
            }
            for row in db.session.scalars(came)
        ],
    }
