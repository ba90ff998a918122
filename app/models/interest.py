"""Interests: what people declared of their own, before papers open."""

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class Declaration(Numbered, Sealed, Base):
    """What a person declared about a case before its papers opened. A change is a new row; the last counts."""

    __tablename__ = "declaration"
    __table_args__ = (
        sa.CheckConstraint("answer IN ('none', 'conflict')", name="answer"),
        sa.CheckConstraint("capacity IN ('consultant', 'evaluator', 'member')", name="capacity"),
        sa.UniqueConstraint("case_id", "user_id", "capacity", "number"),
        sa.Index(None, "user_id", "case_id"),
    )
    SEALED: ClassVar = ("case_id", "user_id", "capacity", "number", "answer", "ground", "declared_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    capacity: Mapped[str] = mapped_column(sa.String(12))
    number: Mapped[int] = mapped_column(default=1)
    answer: Mapped[str] = mapped_column(sa.String(10))
    ground: Mapped[str] = mapped_column(sa.Text, default="")
    declared_at: Mapped[datetime]
