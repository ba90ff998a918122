"""Evaluation: who must score, the score sheets (never changed, only added), and the frozen ranking."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class Duty(Numbered, Base):
    """One evaluator's duty on one case. Declared before the file opens; counted as a duty, not as a row."""

    __tablename__ = "duty"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "user_id"),
        sa.CheckConstraint("basis IN ('hand', 'proposal', 'draw')", name="basis"),
        sa.Index(None, "user_id", "excused_at"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    invited_at: Mapped[datetime]
    excused_at: Mapped[datetime | None]
    excuse: Mapped[str] = mapped_column(sa.Text, default="")
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    """A decline excuses as well (`excused_at`, `excuse`), so that whoever is off duty is so in one column."""
    proposed: Mapped[str] = mapped_column(sa.Text, default="")
    """Whom a decliner proposes in the place."""
    basis: Mapped[str] = mapped_column(sa.String(10), default="hand")
    rapporteur_at: Mapped[datetime | None]
    hearing: Mapped[int] = mapped_column(default=1)
    """Of which hearing the panel is: who was on the first can never be on the second, for a person has one duty a case."""


class ScoreSheet(Numbered, Sealed, Base):
    """One evaluator's scores with a reason each. Sealed until his own is in; a change is a new sheet."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "user_id", "stage", "number"),
        sa.Index(None, "user_id"),
    )
    SEALED: ClassVar = ("case_id", "user_id", "stage", "number", "version_id", "scores", "correction", "submitted_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    stage: Mapped[str] = mapped_column(sa.String(20), default="written")
    number: Mapped[int] = mapped_column(default=1)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("version.id"))
    scores: Mapped[dict[str, Any]]
    """criterion key -> {"score": decimal string or None, "reason": text, "abstain": true where abstained}"""
    correction: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it was handed in after the lock; empty before."""
    submitted_at: Mapped[datetime]


class DraftSheet(Numbered, Base):
    """A sheet while it is typed. Its author's alone; nobody else reads it, nothing counts it, no event tells it."""

    __tablename__ = "draft_sheet"
    __table_args__ = (sa.UniqueConstraint("case_id", "user_id", "stage"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    stage: Mapped[str] = mapped_column(sa.String(20))
    typed: Mapped[dict[str, Any]]
    """criterion key -> {"score", "reason", "abstain"} as typed, good or not"""
    saved_at: Mapped[datetime]


class Ranking(Numbered, Sealed, Base):
    """What the ranking rule made of a case's sheets, with the rule it used, frozen when evaluation closed."""

    __tablename__ = "ranking"
    __table_args__ = (sa.UniqueConstraint("case_id", "hearing", "number"),)
    SEALED: ClassVar = (
        "case_id",
        "hearing",
        "cycle_id",
        "rule",
        "sheets",
        "result",
        "total",
        "below_cutoff",
        "closed_at",
        "number",
        "reason",
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    hearing: Mapped[int] = mapped_column(default=1)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle.id"), index=True)
    rule: Mapped[dict[str, Any]]
    sheets: Mapped[list[Any]]
    result: Mapped[dict[str, Any]]
    total: Mapped[str] = mapped_column(sa.String(20))
    below_cutoff: Mapped[bool]
    closed_at: Mapped[datetime]
    number: Mapped[int] = mapped_column(default=1)
    """1, and one more each time the case was ranked anew after a correction; the last counts."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it was ranked anew; empty for the first."""
