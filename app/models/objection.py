"""An objection to what was decided: filed within its days, answered with reasons."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class Objection(Numbered, Base):
    """One objection; one a decision (행정기본법 제36조)."""

    __tablename__ = "objection"
    __table_args__ = (sa.CheckConstraint("upheld IS NULL OR answered_at IS NOT NULL", name="answered"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), unique=True)
    text: Mapped[str] = mapped_column(sa.Text)
    filed_at: Mapped[datetime]
    filed_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    answer_due_on: Mapped[date]
    extended_at: Mapped[datetime | None]
    """When the time to answer was extended, once (행정기본법 제36조제2항 단서)."""
    extension_reason: Mapped[str] = mapped_column(sa.Text, default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    upheld: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
