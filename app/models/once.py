"""Once: a repeated POST returns the first result and never does a thing twice."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class Once(Numbered, Base):
    """The result of a form that has been sent, by the key the form carried."""

    __tablename__ = "once"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    result: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]
