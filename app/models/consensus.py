"""From single sheets to the panel: the rapporteur's report, what the others say to it, and the place in the round."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Numbered, Sealed


class ConsensusReport(Numbered, Sealed, Base):
    """What the panel as a whole says of a case, written by its rapporteur. A change is a new report."""

    __tablename__ = "consensus_report"
    __table_args__ = (sa.UniqueConstraint("case_id", "number"),)
    SEALED: ClassVar = ("case_id", "number", "author_id", "text", "remarks", "written_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    remarks: Mapped[dict[str, Any]]
    """criterion key -> the remark agreed on"""
    written_at: Mapped[datetime]


class ConsensusAnswer(Numbered, Sealed, Base):
    """What another evaluator says to a report: agreed, or a dissent in words."""

    __tablename__ = "consensus_answer"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "user_id"),
        sa.CheckConstraint("answer IN ('agree', 'dissent')", name="answer"),
    )
    SEALED: ClassVar = ("case_id", "report_id", "user_id", "answer", "words", "answered_at")

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), index=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("consensus_report.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(sa.String(10))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime]


class Placing(Numbered, Sealed, Base):
    """The panel's ranking of a round, frozen: the whole list with its sentence, kept with each case it ranks."""

    __tablename__ = "placing"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "number"),
        sa.Index(None, "cycle_id", "number"),
    )
    SEALED: ClassVar = (
        "case_id", "cycle_id", "number", "rank", "rule", "entries", "words", "reason", "frozen_at", "frozen_by",
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"))
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle.id"))
    number: Mapped[int]
    """Of the freezing in its round: 1, 2 …; the last counts."""
    rank: Mapped[int | None]
    """None where the case was excluded."""
    rule: Mapped[dict[str, Any]]
    entries: Mapped[list[Any]]
    """[{"number", "rank" or None, "excluded" or None, "total", "parts", "ranking"}] in order of rank"""
    words: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it was frozen anew; empty for the first."""
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
