"""The committee: seats, sittings, agenda and attendance."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class Seat(Numbered, Base):
    """A seat on the committee of a programme."""

    __tablename__ = "seat"
    __table_args__ = (
        sa.CheckConstraint("side IN ('government', 'private')", name="side"),
        sa.UniqueConstraint("programme", "user_id"),
    )

    programme: Mapped[str] = mapped_column(sa.String(40))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    side: Mapped[str] = mapped_column(sa.String(12))
    chair: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Sitting(Numbered, Base):
    """A meeting of the committee. A roll call is a fact with a time, not a guess."""

    __tablename__ = "sitting"

    programme: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int] = mapped_column(unique=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(sa.String(200))
    chair_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    agenda_sent_at: Mapped[datetime | None]
    urgency_reason: Mapped[str] = mapped_column(sa.Text, default="")
    roll_called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    rule: Mapped[dict[str, Any]]
    """The verdict rule frozen for this sitting."""
    seats: Mapped[int]


class AgendaItem(Numbered, Base):
    """A case on the agenda of a sitting."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("sitting_id", "case_id"),
        sa.Index(None, "case_id"),
    )

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    position: Mapped[int]
    not_recommended: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1)


class Attendance(Numbered, Base):
    """Who was present at a sitting, from when to when."""

    __tablename__ = "attendance"
    __table_args__ = (sa.Index(None, "sitting_id", "user_id"),)

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
