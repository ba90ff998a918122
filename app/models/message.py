"""The conversation between applicant and secretariat, on the record."""

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class Message(Numbered, Sealed, Base):
    """One message; never changed."""

    __tablename__ = "message"
    __table_args__ = (sa.Index(None, "case_id"),)
    SEALED: ClassVar = ("case_id", "author_id", "side", "text", "written_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    side: Mapped[str] = mapped_column(sa.String(12))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
