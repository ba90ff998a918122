"""Conditions that an approval carries, and what became of each after the announcement."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class Condition(Numbered, Sealed, Base):
    """A condition attached to an approval: article, what must be done, what for (행정기본법 제17조제4항), by whom, until when."""

    __tablename__ = "condition"
    __table_args__ = (sa.Index(None, "case_id"),)
    SEALED: ClassVar = ("case_id", "resolution_id", "article", "text", "purpose", "owner", "due")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    resolution_id: Mapped[int] = mapped_column(sa.ForeignKey("resolution.id"))
    article: Mapped[str] = mapped_column(sa.String(120), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    owner: Mapped[str] = mapped_column(sa.String(120), default="")
    due: Mapped[str | None] = mapped_column(sa.String(10))


class ConditionStep(Numbered, Sealed, Base):
    """One step in the life of a condition. Never changed; the steps in order say where it stands (workflows/conditions.py)."""

    __tablename__ = "condition_step"
    __table_args__ = (
        sa.UniqueConstraint("condition_id", "number"),
        sa.CheckConstraint(
            "act IN ('evidence', 'accept', 'send_back', 'breach', 'ask_change', 'grant_change', 'refuse_change', 'carry')",
            name="act",
        ),
        sa.Index(None, "case_id"),
    )
    SEALED: ClassVar = ("case_id", "condition_id", "number", "act", "text", "files", "due", "at", "by_id")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    condition_id: Mapped[int] = mapped_column(sa.ForeignKey("condition.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text)
    files: Mapped[list[Any]] = mapped_column(default=list)
    """Of evidence: [{"id": attachment, "name", "size", "sha256"}]."""
    due: Mapped[date | None]
    """The date asked for (ask_change), granted (grant_change), or set with a sending back."""
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
