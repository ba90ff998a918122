"""Deliveries: what was sent to whom, how, when, with which result. The legal record of service."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class Delivery(Numbered, Base):
    """One notice to one person over one channel; written with its event, sent after commit."""

    __tablename__ = "delivery"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('mail', 'inbox')", name="channel"),
        sa.Index(None, "status", "try_at"),
        sa.Index(None, "user_id", "channel", "read_at"),
        sa.Index(None, "case_id"),
    )

    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("case.id"))
    event_seq: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    address: Mapped[str] = mapped_column(sa.String(254), default="")
    channel: Mapped[str] = mapped_column(sa.String(10))
    lang: Mapped[str] = mapped_column(sa.String(2))
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    path: Mapped[str] = mapped_column(sa.String(200), default="")
    calendar: Mapped[str | None] = mapped_column(sa.Text)
    """An iCalendar file that goes with the mail."""
    status: Mapped[str] = mapped_column(sa.String(10), default="due")
    """due, claimed, sent, failed, held (no mail server is set; goes out once one is)"""
    tries: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime]
    claimed_by: Mapped[str] = mapped_column(sa.String(40), default="")
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]


class Heartbeat(Base):
    """When a worker was last seen alive."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime]
