"""The vote: what is moved, the ballots, and what was resolved."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class Motion(Numbered, Sealed, Base):
    """What is put to the vote."""

    __tablename__ = "motion"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('approve', 'approve_with_conditions', 'reject', 'reserve')", name="outcome"),
        sa.UniqueConstraint("item_id", "round"),
    )
    SEALED: ClassVar = (
        "case_id",
        "item_id",
        "round",
        "outcome",
        "amount_krw",
        "text",
        "conditions",
        "put_by",
        "put_at",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), index=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(sa.String(30))
    amount_krw: Mapped[int | None]
    text: Mapped[str] = mapped_column(sa.Text)
    conditions: Mapped[list[Any]] = mapped_column(default=list)
    put_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    put_at: Mapped[datetime]


class Ballot(Numbered, Sealed, Base):
    """One member's vote. One a member and round; never changed."""

    __tablename__ = "ballot"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "round", "user_id"),
        sa.CheckConstraint("choice IN ('yes', 'no', 'abstain')", name="choice"),
        sa.Index(None, "case_id"),
    )
    SEALED: ClassVar = ("case_id", "item_id", "round", "user_id", "choice", "cast_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    choice: Mapped[str] = mapped_column(sa.String(10))
    cast_at: Mapped[datetime]


class Resolution(Numbered, Sealed, Base):
    """What the committee resolved, with the counts and the rule it rests on. Never writes the decision."""

    __tablename__ = "resolution"
    __table_args__ = (sa.UniqueConstraint("item_id", "round"), sa.Index(None, "case_id"))
    SEALED: ClassVar = (
        "case_id",
        "item_id",
        "round",
        "outcome",
        "amount_krw",
        "counts",
        "rule",
        "verdict",
        "text",
        "resolved_at",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    round: Mapped[int]
    outcome: Mapped[str] = mapped_column(sa.String(30))
    amount_krw: Mapped[int | None]
    counts: Mapped[dict[str, Any]]
    rule: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(sa.Text)
    resolved_at: Mapped[datetime]
