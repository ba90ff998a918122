"""The clocks of a case: article, start, pauses, due date, holder."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered

WATCHED = frozenset({"condition"})
"""Clocks of the applicant that the secretariat follows as well: an overdue condition stands on top of the queue."""


class CaseClock(Numbered, Base):
    """One deadline that runs, stands still or has ended."""

    __tablename__ = "case_clock"
    __table_args__ = (
        sa.CheckConstraint("days > 0", name="days"),
        sa.CheckConstraint("due_on >= started_on OR calculator = 'backward'", name="order"),
        sa.Index(None, "case_id"),
        sa.Index(None, "stopped_at", "due_on"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    calculator: Mapped[str] = mapped_column(sa.String(10))
    article: Mapped[str] = mapped_column(sa.String(120))
    holder: Mapped[str] = mapped_column(sa.String(20))
    started_on: Mapped[date]
    days: Mapped[int]
    due_on: Mapped[date]
    paused_on: Mapped[date | None]
    stopped_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]
    condition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("condition.id"))
    """The condition it runs for, where there is one clock for each."""


class ClockPause(Numbered, Base):
    """Time that does not count: the day sent and the day received are both out."""

    __tablename__ = "clock_pause"
    __table_args__ = (sa.CheckConstraint("received_on >= sent_on", name="order"), sa.Index(None, "clock_id"))

    clock_id: Mapped[int] = mapped_column(sa.ForeignKey("case_clock.id"))
    sent_on: Mapped[date]
    received_on: Mapped[date]
