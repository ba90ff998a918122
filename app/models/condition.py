"""Conditions that an approval carries."""

from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class Condition(Numbered, Sealed, Base):
    """A condition attached to an approval: article, purpose, owner, due date."""

    __tablename__ = "condition"
    __table_args__ = (sa.Index(None, "case_id"),)
    SEALED: ClassVar = ("case_id", "resolution_id", "article", "text", "owner", "due")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    resolution_id: Mapped[int] = mapped_column(sa.ForeignKey("resolution.id"))
    article: Mapped[str] = mapped_column(sa.String(120), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    owner: Mapped[str] = mapped_column(sa.String(120), default="")
    due: Mapped[str | None] = mapped_column(sa.String(10))
