"""Whether anything has changed at a sitting for one viewer: what a screen asks every few seconds. Read only.

Counts only what this viewer may know of: while an item is open from which he is out, nothing about it moves anything
of his. Two statements, with `sitting_for`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, visible
from app.base import fingerprint
from app.extensions import db
from app.models import AgendaItem, Attendance, Case, ItemSeat, Sitting, SittingEvent

ABOUT_ITEMS = ("table", "order", "seat_for_item", "unseat_for_item")
"""Acts of a sitting that are about single items: they move nothing of who may not know of the item."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """`mark`: another one means that the screen is another. `blank`: an item is open that is not for this viewer."""

    mark: str
    blank: bool


def pulse_of(who: Viewer, sitting: Sitting) -> Pulse:
    """The pulse of `sitting` for `who` (one statement)."""
    line, other = sa.orm.aliased(AgendaItem), sa.orm.aliased(AgendaItem)
    hidden = (
        sa.select(sa.func.sum(sa.case((visible(who), 0), else_=1)))
        .select_from(other)
        .join(Case, Case.id == other.case_id)
        .where(other.sitting_id == sitting.id, other.closed_at.is_(None), Case.state == "DELIBERATING")
    )
    here = Attendance.sitting_id == sitting.id
    came = sa.select(sa.func.count()).select_from(Attendance).where(here)
    left = sa.select(sa.func.count(Attendance.left_at)).where(here)
    seats = sa.select(sa.func.count() + sa.func.count(ItemSeat.ended_at)).where(ItemSeat.item_id == line.id)
    query = (
        sa.select(
            sa.func.count(),
            sa.func.sum(Case.seq),
            sa.func.sum(line.position * line.id),
            sa.func.sum(line.minutes),
            sa.func.sum(seats.scalar_subquery()),
            steps_shared(sitting.id),
            hidden.scalar_subquery(),
            came.scalar_subquery(),
            left.scalar_subquery(),
        )
        .select_from(line)
        .join(Case, Case.id == line.case_id)
        .where(line.sitting_id == sitting.id, visible(who))
    )
    items, steps, order, minutes, seated, acts, shut, in_, out = db.session.execute(query).one()
    if shut and sitting.ended_at is None:
        return Pulse(fingerprint(["blank", sitting.number]), True)
    over = sitting.closes_at is not None and clock.now() >= sitting.closes_at
    counts = [int(part or 0) for part in (items, steps, order, minutes, seated, acts, in_, out, sitting.chair_id)]
    times = [sitting.starts_at, sitting.agenda_sent_at, sitting.roll_called_at, sitting.ended_at]
    return Pulse(fingerprint([sitting.number, sitting.place, over, *counts, *times]), False)


def steps_shared(sitting: Any) -> sa.ScalarSelect[int]:
    """How many acts of the sitting were about the sitting itself: what everybody who knows of it may count."""
    return (
        sa.select(sa.func.count())
        .select_from(SittingEvent)
        .where(SittingEvent.sitting_id == sitting, SittingEvent.act.not_in(ABOUT_ITEMS))
        .scalar_subquery()
    )


def planned_times(sitting: Sitting) -> Mapping[int, datetime]:
    """item -> when it should begin: the start of the sitting and the times of the items before it."""
    query = sa.select(AgendaItem.id, AgendaItem.minutes).where(AgendaItem.sitting_id == sitting.id)
    rows = db.session.execute(query.order_by(AgendaItem.position, AgendaItem.id))
    return times_from(sitting.starts_at, [(row.id, row.minutes) for row in rows])


def times_from(start: datetime, items: Sequence[tuple[int, int]]) -> dict[int, datetime]:
    """`items`: (id, minutes) in order."""
    out, at = {}, start
    for item_id, minutes in items:
        out[item_id] = at
        at += timedelta(minutes=minutes)
    return out
