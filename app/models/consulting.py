"""Pre-consulting: who advises, towards which goals, meetings held and advice given, answered and judged."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class Consulting(Numbered, Base):
    """The consulting of one case."""

    __tablename__ = "consulting"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), unique=True)
    consultant_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    goals: Mapped[str] = mapped_column(sa.Text, default="")
    feasibility: Mapped[str] = mapped_column(sa.Text, default="")
    task_scope: Mapped[str] = mapped_column(sa.Text, default="")
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Meeting(Numbered, Base):
    """A meeting on the record."""

    __tablename__ = "meeting"
    __table_args__ = (sa.Index(None, "case_id"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(200))
    attendees: Mapped[str] = mapped_column(sa.Text)
    gist: Mapped[str] = mapped_column(sa.Text)
    logged_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    logged_at: Mapped[datetime]


class Advice(Numbered, Base):
    """One advice item: given, answered, judged as met or not met with a reason."""

    __tablename__ = "advice"
    __table_args__ = (
        sa.CheckConstraint("met IS NULL OR judged_at IS NOT NULL", name="judged"),
        sa.Index(None, "case_id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    section: Mapped[str] = mapped_column(sa.String(40), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    given_at: Mapped[datetime]
    given_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    met: Mapped[bool | None]
    judgement: Mapped[str] = mapped_column(sa.Text, default="")
    judged_at: Mapped[datetime | None]
