"""The committee: seats, sittings, agenda, declarations, attendance, ballots and resolutions."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class Seat(Numbered, Base):
    """A seat on the committee of a programme."""

    __tablename__ = "seat"
    __table_args__ = (
        sa.CheckConstraint("side IN ('government', 'private')", name="side"),
        sa.UniqueConstraint("programme", "user_id"),
    )

    programme: Mapped[str] = mapped_column(sa.String(40))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    side: Mapped[str] = mapped_column(sa.String(12))
    chair: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Sitting(Numbered, Base):
    """A meeting of the committee. A roll call is a fact with a time, not a guess."""

    __tablename__ = "sitting"

    programme: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int] = mapped_column(unique=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(sa.String(200))
    chair_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    agenda_sent_at: Mapped[datetime | None]
    urgency_reason: Mapped[str] = mapped_column(sa.Text, default="")
    roll_called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    rule: Mapped[dict[str, Any]]
    """The verdict rule frozen for this sitting."""
    seats: Mapped[int]


class AgendaItem(Numbered, Base):
    """A case on the agenda of a sitting."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("sitting_id", "case_id"),
        sa.Index(None, "case_id"),
    )

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    position: Mapped[int]
    not_recommended: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1)


class Attendance(Numbered, Base):
    """Who was present at a sitting, from when to when."""

    __tablename__ = "attendance"
    __table_args__ = (sa.Index(None, "sitting_id", "user_id"),)

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


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
