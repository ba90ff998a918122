"""Which cycle a proposal belongs to, and what is open now."""

from datetime import date, datetime

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import Cycle
from workflows import schema
from workflows.text import Text


def target_cycle(definition_id: str, received_at: datetime) -> Cycle | None:
    """The cycle that a proposal received at `received_at` (Seoul's date decides) is for.

    Always open: the first cycle whose cut-off has not passed. Windowed: the cycle whose window it falls in.
    """
    day = clock.day_of(received_at)
    cycles = db.session.scalars(
        sa.select(Cycle).where(Cycle.definition_id == definition_id).order_by(Cycle.fiscal_year)
    )
    for cycle in cycles:
        if cycle.always_open and cycle.cut_off_on is not None and day <= cycle.cut_off_on:
            return cycle
        if not cycle.always_open and _window_holds(cycle, received_at):
            return cycle
    return None


def _window_holds(cycle: Cycle, moment: datetime) -> bool:
    return bool(cycle.opens_at and cycle.closes_at and cycle.opens_at <= moment <= cycle.closes_at)


def open_cycles(now: datetime) -> list[Cycle]:
    """For each type the cycle a proposal submitted now would be in."""
    types = db.session.scalars(sa.select(Cycle.definition_id).distinct().order_by(Cycle.definition_id))
    found = [target_cycle(definition_id, now) for definition_id in list(types)]
    return [cycle for cycle in found if cycle is not None]


def next_cycle(cycle: Cycle) -> Cycle | None:
    """The cycle of the same type after this one."""
    query = sa.select(Cycle).where(Cycle.definition_id == cycle.definition_id, Cycle.fiscal_year > cycle.fiscal_year)
    return db.session.scalar(query.order_by(Cycle.fiscal_year).limit(1))


def last_day(cycle: Cycle) -> date:
    """The cut-off, or else the end of the fiscal year: after it cases are carried over."""
    return cycle.cut_off_on or date(cycle.fiscal_year, 12, 31)


def cycle_name(cycle: Cycle) -> Text:
    """The cycle in words: its type and the fiscal year that pays."""
    label = schema.newest(cycle.definition_id).label.text
    return Text(f"{cycle.fiscal_year}년 {label.ko} 회차", f"{label.en}, {cycle.fiscal_year} cycle")
