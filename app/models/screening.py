"""Screening: the eligibility checklist, supplement requests, and the opinions of outsiders."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered


class ChecklistAnswer(Numbered, Base):
    """One line of the eligibility checklist, with the evidence the officer saw."""

    __tablename__ = "checklist_answer"
    __table_args__ = (sa.UniqueConstraint("case_id", "key"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    met: Mapped[bool]
    evidence: Mapped[str] = mapped_column(sa.Text)
    answered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    answered_at: Mapped[datetime]


class Supplement(Numbered, Base):
    """One request to supplement, with its date. `round` 2 is the second demand."""

    __tablename__ = "supplement"
    __table_args__ = (
        sa.CheckConstraint("round IN (1, 2)", name="round"),
        sa.CheckConstraint("extensions BETWEEN 0 AND 2", name="extensions"),
        sa.Index(None, "case_id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    round: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[datetime]
    due_on: Mapped[date]
    extensions: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]


class SupplementItem(Numbered, Base):
    """What is asked for, of which section and why, and the answer."""

    __tablename__ = "supplement_item"
    __table_args__ = (sa.Index(None, "supplement_id"),)

    supplement_id: Mapped[int] = mapped_column(sa.ForeignKey("supplement.id"))
    section: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text, default="")


class Opinion(Numbered, Base):
    """An opinion asked of an embassy, a ministry or a trade centre. Silence is never consent."""

    __tablename__ = "opinion"
    __table_args__ = (
        sa.CheckConstraint("stance IS NULL OR replied_at IS NOT NULL", name="replied"),
        sa.CheckConstraint(
            "stance IS NULL OR stance IN ('support', 'remarks', 'oppose', 'no_interest')", name="stance"
        ),
        sa.UniqueConstraint("case_id", "organisation_id"),
        sa.Index(None, "organisation_id", "replied_at", "due_on"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    question: Mapped[str] = mapped_column(sa.Text, default="")
    shared: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the body reads beyond the essentials: version (its number), sections (keys), files (attachment ids)."""
    sent_at: Mapped[datetime]
    due_on: Mapped[date]
    stance: Mapped[str | None] = mapped_column(sa.String(20))
    remarks: Mapped[str] = mapped_column(sa.Text, default="")
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    noted_missing_at: Mapped[datetime | None]
