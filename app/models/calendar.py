"""A person's calendar feed: an address that is a secret, so that a calendar program may fetch it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class CalendarFeed(Numbered, Base):
    """One secret address a person at a time; only its hash is stored, and it can be taken back at any moment."""

    __tablename__ = "calendar_feed"
    __table_args__ = (sa.Index(None, "user_id"),)

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    lang: Mapped[str] = mapped_column(sa.String(2))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
